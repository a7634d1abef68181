//! What people keep under a name of their own, for themselves, for a team they are in, or for
//! everybody: the views of a list and the templates of a form. Each kind has its place in the
//! store; who finds, changes and shares them is the same for both.

use crate::catalogue::Catalogue;
use crate::names::Cards;
use crate::refusal::{Act, Refusal, Result};
use crate::session::Session;
use crate::view::card_json;
use crate::world;
use model::definition::RecordType;
use model::{Key, Value};
use serde_json::Value as Json;
use std::sync::Arc;
use store::core::kept::{self, Kept, Shelf};
use store::{Failure, Unit};
use uuid::Uuid;

/// How many of a kind one account may keep.
const OWN: i64 = 200;
/// How many of others are told of a kind and a record type.
pub const TOLD: usize = 100;
/// Characters of a name.
const NAME: usize = 80;

/// Whom something is for, beside whoever keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Owner,
    Team(Key),
    Everybody,
}

/// Something as it is asked to be kept.
pub(crate) struct ToKeep<'k> {
    pub name: &'k str,
    /// None leaves what is kept as it is.
    pub body: Option<String>,
    pub audience: Audience,
}

/// Something kept as one person finds it.
pub(crate) struct Found {
    pub id: Uuid,
    pub name: String,
    pub body: Arc<str>,
    pub audience: Audience,
    /// The team it is for, where the reader may see that.
    pub team: Option<Json>,
    /// Whether the reader keeps it, and so decides whom it is for.
    pub own: bool,
    /// Whether the reader may change it and take it away.
    pub mine: bool,
}

impl Session {
    /// What of a record type this person keeps, then what others show them, each by name; of the
    /// others at most [`TOLD`].
    pub(crate) fn shelved(&self, shelf: Shelf, record_type: &str) -> Result<Vec<Found>> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        let (database, account) = (self.engine.database(), self.account()?);
        let (of, teams) = (definition.name.as_str(), self.team_keys());
        let mut all = kept::kept_by(database, shelf, of, account)?;
        all.extend(kept::shared_with(database, shelf, of, account, &teams, TOLD)?);
        self.told_kept(&all)
    }

    /// One that this person keeps or is shown.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) fn shelved_one(&self, shelf: Shelf, record_type: &str, id: Uuid) -> Result<Found> {
        let kept = self.seen_kept(shelf, record_type, id)?;
        let told = self.told_kept(&[kept])?.pop();
        told.ok_or_else(|| Refusal::NotFound { what: id.to_string() }.into())
    }

    fn told_kept(&self, all: &[Kept]) -> Result<Vec<Found>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = Cards::new(self, &reader);
        cards.fetch(all.iter().filter_map(|one| one.team_key))?;
        let told = |one: &Kept| Found {
            id: Uuid::from_bytes(one.id),
            name: one.name.to_string(),
            body: one.body.clone(),
            audience: audience_of(one),
            team: one.team_key.and_then(|key| card_json(&cards, key)),
            own: self.actor.account == Some(one.owner_key),
            mine: self.may_change_kept(one),
        };
        Ok(all.iter().map(told).collect())
    }

    /// Keeps something new; its id.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` for a name that is empty or taken, a team of others, too many;
    /// `NotAllowed` to share with everybody without administering.
    pub(crate) fn shelve(&self, shelf: Shelf, record_type: &str, new: ToKeep) -> Result<Uuid> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        let account = self.account()?;
        if kept::count_of(self.engine.database(), shelf, account)? >= OWN {
            let en = format!("You keep {OWN} of these already; take one away first.");
            let zh = format!("您已保存 {OWN} 个，请先删除一个。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let id = world::uuid(self.engine.world());
        let (audience, team_key) = self.chosen_audience(new.audience)?;
        let one = Kept {
            id: id.into_bytes(),
            record_type: definition.name.clone(),
            name: trimmed_name(new.name)?.into(),
            body: new.body.unwrap_or_default().into(),
            owner_key: account,
            audience: audience.into(),
            team_key,
            changed_at: self.now,
        };
        let mut unit = Unit::new();
        kept::insert(&mut unit, shelf, &one);
        self.write_kept(unit, shelf, &one)?;
        Ok(id)
    }

    /// Writes something anew: one's own, or for administrators what is for everybody. Whom it is
    /// for may stay as it is; only whoever keeps it chooses to keep it back.
    ///
    /// # Errors
    /// As [`Session::shelve`].
    pub(crate) fn reshelve(
        &self,
        shelf: Shelf,
        record_type: &str,
        id: Uuid,
        new: ToKeep,
    ) -> Result<()> {
        let old = self.own_kept(shelf, record_type, id)?;
        let is_own = self.actor.account == Some(old.owner_key);
        let (audience, team_key) = match new.audience {
            same if same == audience_of(&old) => (&*old.audience, old.team_key),
            Audience::Owner | Audience::Team(_) if !is_own => {
                let (en, zh) =
                    ("Only whoever keeps it can choose this.", "只有保存者可以作此选择。");
                return Err(Refusal::field("audience", en, zh).into());
            }
            chosen => self.chosen_audience(chosen)?,
        };
        let one = Kept {
            name: trimmed_name(new.name)?.into(),
            body: new.body.map_or_else(|| old.body.clone(), Arc::from),
            audience: audience.into(),
            team_key,
            changed_at: self.now,
            ..old.clone()
        };
        let mut unit = Unit::new();
        kept::update(&mut unit, shelf, &one);
        self.write_kept(unit, shelf, &one)
    }

    /// Takes one's own away.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for that of another.
    pub(crate) fn unshelve(&self, shelf: Shelf, record_type: &str, id: Uuid) -> Result<()> {
        let old = self.own_kept(shelf, record_type, id)?;
        let mut unit = Unit::new();
        kept::delete(&mut unit, shelf, &old.id);
        self.engine.database().write(unit)?;
        Ok(())
    }

    /// The database decides whether the name is free: two may come at once.
    fn write_kept(&self, unit: Unit, shelf: Shelf, one: &Kept) -> Result<()> {
        match self.engine.database().write(unit) {
            Err(Failure::Duplicate { .. }) => {
                let is_own = self.actor.account == Some(one.owner_key);
                let (en, zh) = match (is_own, shelf) {
                    (true, Shelf::Views) => ("A view of yours has this name.", "您已有同名视图。"),
                    (true, Shelf::Templates) => {
                        ("A template of yours has this name.", "您已有同名模板。")
                    }
                    (false, _) => {
                        ("Whoever keeps it has another one of this name.", "其保存者已有同名项目。")
                    }
                };
                Err(Refusal::field("name", en, zh).into())
            }
            done => Ok(done?),
        }
    }

    /// The teams of this person, as cards.
    ///
    /// # Errors
    /// A failed read.
    pub fn own_teams(&self) -> Result<Vec<(Key, Json)>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = Cards::new(self, &reader);
        let teams = self.team_keys();
        cards.fetch(teams.iter().copied())?;
        Ok(teams.into_iter().filter_map(|key| Some((key, card_json(&cards, key)?))).collect())
    }

    /// The team of this person with this id.
    ///
    /// # Errors
    /// `Invalid` where it is none of theirs.
    pub fn own_team(&self, id: &str) -> Result<Key> {
        let own = self.own_teams()?;
        let found = own.into_iter().find(|(_, card)| card["id"].as_str() == Some(id));
        let (en, zh) = ("Choose one of your teams.", "请选择您所在的团队。");
        Ok(found.ok_or_else(|| Refusal::field("team", en, zh))?.0)
    }

    /// Whether the reader belongs to a team.
    pub fn is_in_a_team(&self) -> bool {
        !self.team_keys().is_empty()
    }

    pub(crate) fn team_keys(&self) -> Vec<Key> {
        let catalogue = self.engine.catalogue();
        let part = catalogue.part("person", "teams");
        match part.map(|part| self.actor.part(part)) {
            Some(Value::References(keys)) => keys.to_vec(),
            Some(Value::Reference(key)) => vec![key],
            _ => Vec::new(),
        }
    }

    /// The record type, where the reader may ever see a record of it.
    pub(crate) fn seen_type(
        &self,
        catalogue: &Catalogue,
        record_type: &str,
    ) -> Result<Arc<RecordType>> {
        let definition = self.definition(catalogue, record_type)?;
        match self.may_see_type(&definition.name) {
            true => Ok(definition),
            false => Err(Refusal::NotFound { what: record_type.to_string() }.into()),
        }
    }

    /// The one with this id, where it is one's own or shared with this person.
    fn seen_kept(&self, shelf: Shelf, record_type: &str, id: Uuid) -> Result<Kept> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        let found = kept::by_id(self.engine.database(), shelf, id.as_bytes())?;
        let account = self.account()?;
        let is_seen = |one: &Kept| {
            one.owner_key == account
                || match audience_of(one) {
                    Audience::Owner => false,
                    Audience::Team(team) => self.team_keys().contains(&team),
                    Audience::Everybody => true,
                }
        };
        let found = found.filter(|one| one.record_type == definition.name && is_seen(one));
        found.ok_or_else(|| Refusal::NotFound { what: id.to_string() }.into())
    }

    fn own_kept(&self, shelf: Shelf, record_type: &str, id: Uuid) -> Result<Kept> {
        let found = self.seen_kept(shelf, record_type, id)?;
        match self.may_change_kept(&found) {
            true => Ok(found),
            false => Err(Refusal::NotAllowed { act: Act::Edit }.into()),
        }
    }

    fn may_change_kept(&self, one: &Kept) -> bool {
        let is_public = &*one.audience == "everybody";
        self.actor.account == Some(one.owner_key) || (is_public && self.administers())
    }

    /// An audience as it is kept, where this person may choose it.
    fn chosen_audience(&self, audience: Audience) -> Result<(&'static str, Option<Key>)> {
        match audience {
            Audience::Owner => Ok(("owner", None)),
            Audience::Team(team) if self.team_keys().contains(&team) => Ok(("team", Some(team))),
            Audience::Team(_) => {
                let (en, zh) = ("You are not in this team.", "您不在该团队中。");
                Err(Refusal::field("team", en, zh).into())
            }
            Audience::Everybody => {
                self.demand_administrator()?;
                Ok(("everybody", None))
            }
        }
    }
}

/// The name without blanks around it.
fn trimmed_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME {
        let en = format!("Write a name of 1 to {NAME} characters.");
        let zh = format!("请填写 1 到 {NAME} 个字符的名称。");
        return Err(Refusal::field("name", en, zh).into());
    }
    Ok(name)
}

fn audience_of(one: &Kept) -> Audience {
    match (&*one.audience, one.team_key) {
        ("team", Some(team)) => Audience::Team(team),
        ("everybody", _) => Audience::Everybody,
        _ => Audience::Owner,
    }
}
