//! Lists that people keep under a name of their own: for themselves, for a team they are in, or for
//! everybody who may see the record type. A view says what is shown and never who may see it: each
//! reader sees of it what they may see of the records.

use crate::list::{Question, check_question};
use crate::names::Cards;
use crate::refusal::{Act, Refusal, Result};
use crate::session::Session;
use crate::view::card_json;
use crate::world;
use model::definition::RecordType;
use model::{Key, Value};
use serde_json::{Value as Json, json};
use store::core::saved_view::{self, SavedView as Kept};
use store::{Failure, Unit};
use uuid::Uuid;

/// How many views one account may keep.
const OWN: i64 = 200;
/// How many views of others are told for one record type.
pub const TOLD: usize = 100;
/// Characters of a name.
const NAME: usize = 80;

/// What a view shows, each part as in a [`Question`]; `list` is the declared list it stands on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub list: Option<String>,
    pub filter: Option<String>,
    pub search: Option<String>,
    pub sort: Option<String>,
    pub columns: Option<String>,
}

/// Whom a view is for, beside whoever keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Owner,
    Team(Key),
    Everybody,
}

/// A view as it is asked to be kept.
#[derive(Debug, Clone)]
pub struct NewView<'v> {
    pub name: &'v str,
    pub shown: Shown,
    pub audience: Audience,
}

/// A view as one person finds it.
#[derive(Debug, Clone)]
pub struct SavedView {
    pub id: Uuid,
    pub name: String,
    pub shown: Shown,
    pub audience: Audience,
    /// The team it is for, where the reader may see that.
    pub team: Option<Json>,
    /// Whether the reader keeps it, and so decides whom it is for.
    pub own: bool,
    /// Whether the reader may change it and take it away.
    pub mine: bool,
}

impl Session {
    /// The views of a record type that this person keeps, then those that others show them, each by
    /// name; of the others at most [`TOLD`].
    ///
    /// # Errors
    /// `NotFound` for a record type that is unknown or hidden.
    pub fn saved_views(&self, record_type: &str) -> Result<Vec<SavedView>> {
        let definition = self.seen_type(record_type)?;
        let (database, account) = (self.engine.database(), self.account()?);
        let (of, teams) = (definition.name.as_str(), self.team_keys());
        let mut kept = saved_view::kept_by(database, of, account)?;
        kept.extend(saved_view::shared_with(database, of, account, &teams, TOLD)?);
        self.told_views(&kept)
    }

    /// One view that this person keeps or is shown.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn saved_view(&self, record_type: &str, id: Uuid) -> Result<SavedView> {
        let kept = self.found_view(&*self.seen_type(record_type)?, id)?;
        let told = self.told_views(&[kept])?.pop();
        told.ok_or_else(|| Refusal::NotFound { what: id.to_string() }.into())
    }

    fn told_views(&self, kept: &[Kept]) -> Result<Vec<SavedView>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = Cards::new(self, &reader);
        cards.fetch(kept.iter().filter_map(|view| view.team_key))?;
        let told = |view: &Kept| SavedView {
            id: Uuid::from_bytes(view.id),
            name: view.name.to_string(),
            shown: Shown::parse(&view.body),
            audience: audience_of(view),
            team: view.team_key.and_then(|key| card_json(&cards, key)),
            own: self.actor.account == Some(view.owner_key),
            mine: self.may_change_view(view),
        };
        Ok(kept.iter().map(told).collect())
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

    /// Keeps a view; its id.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` for a name that is empty or taken, a team of others, too many views;
    /// `BadQuestion` for what cannot be asked; `NotAllowed` to share with everybody without
    /// administering.
    pub fn keep_view(&self, record_type: &str, new: &NewView) -> Result<Uuid> {
        let (account, definition) = (self.account()?, self.seen_type(record_type)?);
        if saved_view::count_of(self.engine.database(), account)? >= OWN {
            let en = format!("There are {OWN} views of yours already; take one away first.");
            let zh = format!("您已保存 {OWN} 个视图，请先删除一个。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let id = world::uuid(self.engine.world());
        let (audience, team_key) = self.chosen_audience(new.audience)?;
        let kept = Kept {
            id: id.into_bytes(),
            record_type: definition.name.clone(),
            name: trimmed_name(new.name)?.into(),
            body: self.checked_body(&definition, &new.shown)?.into(),
            owner_key: account,
            audience: audience.into(),
            team_key,
            changed_at: self.now,
        };
        let mut unit = Unit::new();
        saved_view::insert(&mut unit, &kept);
        self.write_view(unit, &kept)?;
        Ok(id)
    }

    /// Writes a view anew: one's own, or for administrators one for everybody. Whom it is for may
    /// stay as it is; only whoever keeps it chooses to keep it back.
    ///
    /// # Errors
    /// As [`Session::keep_view`].
    pub fn change_view(&self, record_type: &str, id: Uuid, new: &NewView) -> Result<()> {
        let definition = self.seen_type(record_type)?;
        let old = self.own_view(&definition, id)?;
        let is_own = self.actor.account == Some(old.owner_key);
        let (audience, team_key) = match new.audience {
            same if same == audience_of(&old) => (&*old.audience, old.team_key),
            Audience::Owner | Audience::Team(_) if !is_own => {
                let en = "Only whoever keeps the view can choose this.";
                return Err(Refusal::field("audience", en, "只有视图的保存者可以作此选择。").into());
            }
            chosen => self.chosen_audience(chosen)?,
        };
        let kept = Kept {
            name: trimmed_name(new.name)?.into(),
            body: self.checked_body(&definition, &new.shown)?.into(),
            audience: audience.into(),
            team_key,
            changed_at: self.now,
            ..old.clone()
        };
        let mut unit = Unit::new();
        saved_view::update(&mut unit, &kept);
        self.write_view(unit, &kept)
    }

    /// Takes one's own view away.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for the view of another.
    pub fn drop_view(&self, record_type: &str, id: Uuid) -> Result<()> {
        let old = self.own_view(&*self.seen_type(record_type)?, id)?;
        let mut unit = Unit::new();
        saved_view::delete(&mut unit, &old.id);
        self.engine.database().write(unit)?;
        Ok(())
    }

    /// The database decides whether the name is free: two may come at once.
    fn write_view(&self, unit: Unit, view: &Kept) -> Result<()> {
        match self.engine.database().write(unit) {
            Err(Failure::Duplicate { .. }) => {
                let (en, zh) = match self.actor.account == Some(view.owner_key) {
                    true => ("A view of yours has this name.", "您已有同名视图。"),
                    false => (
                        "Whoever keeps this view has another one of this name.",
                        "此视图的保存者已有同名视图。",
                    ),
                };
                Err(Refusal::field("name", en, zh).into())
            }
            done => Ok(done?),
        }
    }

    fn seen_type(&self, record_type: &str) -> Result<std::sync::Arc<RecordType>> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, record_type)?;
        match self.may_see_type(&definition.name) {
            true => Ok(definition),
            false => Err(Refusal::NotFound { what: record_type.to_string() }.into()),
        }
    }

    fn team_keys(&self) -> Vec<Key> {
        let catalogue = self.engine.catalogue();
        let part = catalogue.part("person", "teams");
        match part.map(|part| self.actor.part(part)) {
            Some(Value::References(keys)) => keys.to_vec(),
            Some(Value::Reference(key)) => vec![key],
            _ => Vec::new(),
        }
    }

    /// The view, where it is one's own or shared with this person.
    fn found_view(&self, definition: &RecordType, id: Uuid) -> Result<Kept> {
        let found = saved_view::by_id(self.engine.database(), id.as_bytes())?;
        let account = self.account()?;
        let is_seen = |view: &Kept| {
            view.owner_key == account
                || match audience_of(view) {
                    Audience::Owner => false,
                    Audience::Team(team) => self.team_keys().contains(&team),
                    Audience::Everybody => true,
                }
        };
        let found = found.filter(|view| view.record_type == definition.name && is_seen(view));
        found.ok_or_else(|| Refusal::NotFound { what: id.to_string() }.into())
    }

    fn own_view(&self, definition: &RecordType, id: Uuid) -> Result<Kept> {
        let found = self.found_view(definition, id)?;
        match self.may_change_view(&found) {
            true => Ok(found),
            false => Err(Refusal::NotAllowed { act: Act::Edit }.into()),
        }
    }

    fn may_change_view(&self, view: &Kept) -> bool {
        let is_public = &*view.audience == "everybody";
        self.actor.account == Some(view.owner_key) || (is_public && self.administers())
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

    /// What the view shows as it is kept, where it can be asked.
    fn checked_body(&self, definition: &RecordType, shown: &Shown) -> Result<String> {
        self.check_shown(definition, shown)?;
        Ok(shown.to_json().to_string())
    }

    /// Whether what the view shows can be asked now.
    fn check_shown(&self, definition: &RecordType, shown: &Shown) -> Result<()> {
        let list = shown.list.as_deref();
        if let Some(unknown) = list.filter(|name| !definition.lists.contains_key(*name)) {
            return Err(Refusal::NotFound { what: unknown.to_string() }.into());
        }
        let columns = shown.columns.as_deref().unwrap_or("");
        let fields = columns.split(',').filter(|name| !definition.links.contains_key(name.trim()));
        let columns = fields.collect::<Vec<_>>().join(",");
        let question = Question {
            record_type: definition.name.to_string(),
            filter: shown.filter.clone(),
            search: shown.search.clone(),
            sort: shown.sort.clone(),
            columns: Some(columns).filter(|columns| !columns.is_empty()),
            ..Question::default()
        };
        check_question(&self.engine.catalogue(), definition, &question).map(drop)
    }
}

impl Shown {
    /// The parts that say something, by the names they have in an address.
    pub fn parts(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("list", self.list.as_deref()),
            ("where", self.filter.as_deref()),
            ("q", self.search.as_deref()),
            ("sort", self.sort.as_deref()),
            ("columns", self.columns.as_deref()),
        ]
    }

    pub fn to_json(&self) -> Json {
        self.parts().into_iter().filter_map(|(name, part)| Some((name, json!(part?)))).collect()
    }

    /// What [`Shown::to_json`] wrote.
    fn parse(text: &str) -> Shown {
        let json: Json = serde_json::from_str(text).unwrap_or_default();
        Shown::of(|name| json.get(name).and_then(Json::as_str).map(str::to_string))
    }

    /// From the parts by the names they have in an address.
    pub fn of(part: impl Fn(&str) -> Option<String>) -> Shown {
        Shown {
            list: part("list"),
            filter: part("where"),
            search: part("q"),
            sort: part("sort"),
            columns: part("columns"),
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

fn audience_of(view: &Kept) -> Audience {
    match (&*view.audience, view.team_key) {
        ("team", Some(team)) => Audience::Team(team),
        ("everybody", _) => Audience::Everybody,
        _ => Audience::Owner,
    }
}
