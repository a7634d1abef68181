//! Lists that people keep under a name of their own: for themselves, for a team they are in, or for
//! everybody who may see the record type. A view says what is shown and never who may see it: each
//! reader sees of it what they may see of the records.

use crate::list::{Question, check_question};
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use crate::shelf::{Found, ToKeep};
use model::definition::RecordType;
use serde_json::{Value as Json, json};
use store::core::kept::Shelf;
use uuid::Uuid;

pub use crate::shelf::{Audience, TOLD};

const SHELF: Shelf = Shelf::Views;

/// What a view shows, each part as in a [`Question`]; `list` is the declared list it stands on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub list: Option<String>,
    pub filter: Option<String>,
    pub search: Option<String>,
    pub sort: Option<String>,
    pub columns: Option<String>,
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
        Ok(self.shelved(SHELF, record_type)?.into_iter().map(view).collect())
    }

    /// One view that this person keeps or is shown.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn saved_view(&self, record_type: &str, id: Uuid) -> Result<SavedView> {
        Ok(view(self.shelved_one(SHELF, record_type, id)?))
    }

    /// Keeps a view; its id.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` for a name that is empty or taken, a team of others, too many views;
    /// `BadQuestion` for what cannot be asked; `NotAllowed` to share with everybody without
    /// administering.
    pub fn keep_view(&self, record_type: &str, new: &NewView) -> Result<Uuid> {
        let to_keep = self.checked_view(record_type, new)?;
        self.shelve(SHELF, record_type, to_keep)
    }

    /// Writes a view anew: one's own, or for administrators one for everybody.
    ///
    /// # Errors
    /// As [`Session::keep_view`].
    pub fn change_view(&self, record_type: &str, id: Uuid, new: &NewView) -> Result<()> {
        let to_keep = self.checked_view(record_type, new)?;
        self.reshelve(SHELF, record_type, id, to_keep)
    }

    /// Takes one's own view away.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for the view of another.
    pub fn drop_view(&self, record_type: &str, id: Uuid) -> Result<()> {
        self.unshelve(SHELF, record_type, id)
    }

    fn checked_view<'v>(&self, record_type: &str, new: &NewView<'v>) -> Result<ToKeep<'v>> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        self.check_shown(&definition, &new.shown)?;
        let body = Some(new.shown.to_json().to_string());
        Ok(ToKeep { name: new.name, body, audience: new.audience })
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

fn view(one: Found) -> SavedView {
    SavedView {
        id: one.id,
        name: one.name,
        shown: Shown::parse(&one.body),
        audience: one.audience,
        team: one.team,
        own: one.own,
        mine: one.mine,
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
