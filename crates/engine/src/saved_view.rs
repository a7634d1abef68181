//! Lists that people keep under a name of their own: for themselves, for a team they are in, or for
//! everybody who may see the record type. A view says what is shown and never who may see it: each
//! reader sees of it what they may see of the records.

use crate::list::{Question, check_question};
use crate::names::Cards;
use crate::refusal::{Act, FieldSlip, Refusal, Result};
use crate::session::Session;
use crate::view::card_json;
use crate::world;
use model::definition::RecordType;
use model::{Key, Value};
use serde_json::{Value as Json, json};
use store::Unit;
use store::core::saved_view::{self, SavedView as Kept};
use uuid::Uuid;

/// How many views one account may keep.
const OWN: i64 = 200;
/// How many views of a record type are told.
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
    /// Whether the reader may change it and take it away.
    pub mine: bool,
}

impl Session {
    /// The views of a record type that this person keeps or is shown, by name, at most [`TOLD`].
    ///
    /// # Errors
    /// `NotFound` for a record type that is unknown or hidden.
    pub fn saved_views(&self, record_type: &str) -> Result<Vec<SavedView>> {
        let kept = self.kept_views(record_type)?;
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
        let account = self.account()?;
        let known = self.kept_views(record_type)?;
        if saved_view::count_of(self.engine.database(), account)? >= OWN {
            let en = format!("There are {OWN} views of yours already; take one away first.");
            let zh = format!("您已保存 {OWN} 个视图，请先删除一个。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let id = world::uuid(self.engine.world());
        let kept = self.view_of(record_type, id.into_bytes(), new, &known)?;
        let mut unit = Unit::new();
        saved_view::insert(&mut unit, &kept);
        self.engine.database().write(unit)?;
        Ok(id)
    }

    /// Writes one's own view anew.
    ///
    /// # Errors
    /// As [`Session::keep_view`].
    pub fn change_view(&self, record_type: &str, id: Uuid, new: &NewView) -> Result<()> {
        let known = self.kept_views(record_type)?;
        let old = self.own_view(&known, id)?;
        let mut kept = self.view_of(record_type, old.id, new, &known)?;
        kept.owner_key = old.owner_key;
        let mut unit = Unit::new();
        saved_view::update(&mut unit, &kept);
        self.engine.database().write(unit)?;
        Ok(())
    }

    /// Takes one's own view away.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for the view of another.
    pub fn drop_view(&self, record_type: &str, id: Uuid) -> Result<()> {
        let known = self.kept_views(record_type)?;
        let old = self.own_view(&known, id)?;
        let mut unit = Unit::new();
        saved_view::delete(&mut unit, &old.id);
        self.engine.database().write(unit)?;
        Ok(())
    }

    fn kept_views(&self, record_type: &str) -> Result<Vec<Kept>> {
        let definition = self.seen_type(record_type)?;
        let database = self.engine.database();
        let teams = self.team_keys();
        let of = definition.name.as_str();
        Ok(saved_view::seen_by(database, of, self.account()?, &teams, TOLD)?)
    }

    fn seen_type(&self, record_type: &str) -> Result<std::sync::Arc<RecordType>> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, record_type)?;
        match self.may_see_type(&definition.name) {
            true => Ok(definition),
            false => Err(Refusal::NotFound { what: record_type.to_string() }.into()),
        }
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

    fn own_view<'k>(&self, known: &'k [Kept], id: Uuid) -> Result<&'k Kept> {
        let found = known.iter().find(|view| view.id == *id.as_bytes());
        let found = found.ok_or_else(|| Refusal::NotFound { what: id.to_string() })?;
        match self.may_change_view(found) {
            true => Ok(found),
            false => Err(Refusal::NotAllowed { act: Act::Edit }.into()),
        }
    }

    fn may_change_view(&self, view: &Kept) -> bool {
        let is_public = &*view.audience == "everybody";
        self.actor.account == Some(view.owner_key) || (is_public && self.administers())
    }

    fn view_of(
        &self,
        record_type: &str,
        id: [u8; 16],
        new: &NewView,
        known: &[Kept],
    ) -> Result<Kept> {
        let definition = self.seen_type(record_type)?;
        let name = self.free_name(id, new.name, known)?;
        self.check_shown(&definition, &new.shown)?;
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
            body: new.shown.to_json().to_string().into(),
            owner_key: self.account()?,
            audience: audience.into(),
            team_key,
            changed_at: self.now,
        })
    }

    /// The name without blanks around it, where no other view of one's own has it.
    fn free_name(&self, id: [u8; 16], name: &str, known: &[Kept]) -> Result<String> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > NAME {
            let en = format!("Write a name of 1 to {NAME} characters.");
            let zh = format!("请填写 1 到 {NAME} 个字符的名称。");
            return Err(Refusal::field("name", en, zh).into());
        }
        let own = |view: &&Kept| Some(view.owner_key) == self.actor.account && view.id != id;
        match known.iter().filter(own).any(|view| &*view.name == name) {
            false => Ok(name.to_string()),
            true => {
                let (en, zh) = ("A view of yours has this name.", "您已有同名视图。");
                Err(Refusal::Invalid(vec![FieldSlip::new("name", en, zh)]).into())
            }
        }
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

fn audience_of(view: &Kept) -> Audience {
    match (&*view.audience, view.team_key) {
        ("team", Some(team)) => Audience::Team(team),
        ("everybody", _) => Audience::Everybody,
        _ => Audience::Owner,
    }
}
