//! What people keep under a name of their own, for themselves, for a team they are in, or for
//! everybody: the views of a list and the templates of a form. Each kind has its place in the
//! store; who finds, changes and shares them is the same for both.

use crate::catalogue::Catalogue;
use crate::names::Cards;
use crate::refusal::{Act, FieldSlip, Refusal, Result};
use crate::session::Session;
use crate::view::card_json;
use crate::world;
use model::definition::RecordType;
use model::{Key, Value};
use serde_json::Value as Json;
use std::sync::Arc;
use store::Unit;
use store::core::kept::{self, Kept, Shelf};
use uuid::Uuid;

/// How many of a kind one account may keep.
const OWN: i64 = 200;
/// How many of a kind are told of a record type.
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
    /// Whether the reader may change it and take it away.
    pub mine: bool,
}

impl Session {
    /// What of a record type this person keeps or is shown, by name, at most [`TOLD`].
    pub(crate) fn shelved(&self, shelf: Shelf, record_type: &str) -> Result<Vec<Found>> {
        let all = self.on_shelf(shelf, record_type)?;
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
        let account = self.account()?;
        let known = self.on_shelf(shelf, record_type)?;
        if kept::count_of(self.engine.database(), shelf, account)? >= OWN {
            let en = format!("You keep {OWN} of these already; take one away first.");
            let zh = format!("您已保存 {OWN} 个，请先删除一个。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let id = world::uuid(self.engine.world());
        let one = self.to_keep(shelf, record_type, id.into_bytes(), new, &known)?;
        let mut unit = Unit::new();
        kept::insert(&mut unit, shelf, &one);
        self.engine.database().write(unit)?;
        Ok(id)
    }

    /// Writes one's own anew.
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
        let known = self.on_shelf(shelf, record_type)?;
        let old = self.own_kept(&known, id)?;
        let body = new.body.unwrap_or_else(|| old.body.to_string());
        let new = ToKeep { body: Some(body), ..new };
        let mut one = self.to_keep(shelf, record_type, old.id, new, &known)?;
        one.owner_key = old.owner_key;
        let mut unit = Unit::new();
        kept::update(&mut unit, shelf, &one);
        self.engine.database().write(unit)?;
        Ok(())
    }

    /// Takes one's own away.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for that of another.
    pub(crate) fn unshelve(&self, shelf: Shelf, record_type: &str, id: Uuid) -> Result<()> {
        let known = self.on_shelf(shelf, record_type)?;
        let old = self.own_kept(&known, id)?;
        let mut unit = Unit::new();
        kept::delete(&mut unit, shelf, &old.id);
        self.engine.database().write(unit)?;
        Ok(())
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

    fn on_shelf(&self, shelf: Shelf, record_type: &str) -> Result<Vec<Kept>> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        let database = self.engine.database();
        let teams = self.team_keys();
        let of = definition.name.as_str();
        Ok(kept::seen_by(database, shelf, of, self.account()?, &teams, TOLD)?)
    }

    fn own_kept<'k>(&self, known: &'k [Kept], id: Uuid) -> Result<&'k Kept> {
        let found = known.iter().find(|one| one.id == *id.as_bytes());
        let found = found.ok_or_else(|| Refusal::NotFound { what: id.to_string() })?;
        match self.may_change_kept(found) {
            true => Ok(found),
            false => Err(Refusal::NotAllowed { act: Act::Edit }.into()),
        }
    }

    fn may_change_kept(&self, one: &Kept) -> bool {
        let is_public = &*one.audience == "everybody";
        self.actor.account == Some(one.owner_key) || (is_public && self.administers())
    }

    fn to_keep(
        &self,
        shelf: Shelf,
        record_type: &str,
        id: [u8; 16],
        new: ToKeep,
        known: &[Kept],
    ) -> Result<Kept> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        let name = self.free_name(shelf, id, new.name, known)?;
        let (audience, team_key) = match new.audience {
            Audience::Owner => ("owner", None),
            Audience::Team(team) if self.team_keys().contains(&team) => ("team", Some(team)),
            Audience::Team(_) => {
                let (en, zh) = ("You are not in this team.", "您不在该团队中。");
                return Err(Refusal::field("team", en, zh).into());
            }
            Audience::Everybody => {
                self.demand_administrator()?;
                ("everybody", None)
            }
        };
        Ok(Kept {
            id,
            record_type: definition.name.clone(),
            name: name.into(),
            body: new.body.unwrap_or_default().into(),
            owner_key: self.account()?,
            audience: audience.into(),
            team_key,
            changed_at: self.now,
        })
    }

    /// The name without blanks around it, where no other of one's own has it.
    fn free_name(&self, shelf: Shelf, id: [u8; 16], name: &str, known: &[Kept]) -> Result<String> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > NAME {
            let en = format!("Write a name of 1 to {NAME} characters.");
            let zh = format!("请填写 1 到 {NAME} 个字符的名称。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let own = |one: &&Kept| Some(one.owner_key) == self.actor.account && one.id != id;
        match known.iter().filter(own).any(|one| &*one.name == name) {
            false => Ok(name.to_string()),
            true => {
                let (en, zh) = match shelf {
                    Shelf::Views => ("A view of yours has this name.", "您已有同名视图。"),
                    Shelf::Templates => ("A template of yours has this name.", "您已有同名模板。"),
                };
                Err(Refusal::Invalid(vec![FieldSlip::new("name", en, zh)]).into())
            }
        }
    }
}

fn audience_of(one: &Kept) -> Audience {
    match (&*one.audience, one.team_key) {
        ("team", Some(team)) => Audience::Team(team),
        ("everybody", _) => Audience::Everybody,
        _ => Audience::Owner,
    }
}
