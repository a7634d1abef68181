//! What a person is told of: entries of history that concern them. Kept when the entry is written;
//! what may be shown of each is asked again whenever it is read, so that nobody learns by it of a
//! record, a note or a field that they may not read now.

use crate::names::{Cards, instant_text};
use crate::reader::Reader;
use crate::refusal::{Refusal, Result};
use crate::rights::Deed;
use crate::session::Session;
use crate::view::card_json;
use model::definition::RecordType;
use model::{Key, Language};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use store::Unit;
use store::core::history::{self, Entry};
use store::core::notification::{self, Notification};
use store::core::spine;
use uuid::Uuid;

/// How long what was read is kept, in microseconds.
pub const KEPT: i64 = 90 * 86_400_000_000;
/// How many are looked at for one answer, readable or not.
const LOOKED_AT: usize = 300;
/// As far as unread ones are counted.
pub const COUNTED: usize = 20;

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Mentioned,
    Named,
    Asked,
    Warned,
    Breached,
    Watched,
}

impl Why {
    const ALL: [Why; 6] =
        [Why::Mentioned, Why::Named, Why::Asked, Why::Warned, Why::Breached, Why::Watched];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Why::Mentioned => "mentioned",
            Why::Named => "named",
            Why::Asked => "approval_wanted",
            Why::Warned => "clock_warning",
            Why::Breached => "clock_breach",
            Why::Watched => "watched",
        }
    }

    fn parse(text: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.as_str() == text)
    }
}

/// One page of what a person was told, newest first.
#[derive(Debug, Clone)]
pub struct Notices {
    pub notices: Vec<Map<String, Json>>,
    /// The cursor for older ones.
    pub next: Option<i64>,
    /// The cursor of the newest that was looked at; later ones are not on this page.
    pub newest: Option<i64>,
}

/// What the notices of one page are told with.
struct Desk<'a> {
    session: &'a Session,
    reader: &'a Reader<'a>,
    cards: Cards<'a>,
    entries: HashMap<i64, Entry>,
    types: HashMap<Key, String>,
}

impl Session {
    /// A page of what this person was told; `before` is the cursor of the page before.
    ///
    /// # Errors
    /// A failed read.
    pub fn notices(&self, only_unread: bool, before: Option<i64>, limit: usize) -> Result<Notices> {
        let nothing = Notices { notices: Vec::new(), next: None, newest: None };
        let Some(person) = self.actor.person else { return Ok(nothing) };
        let database = self.engine.database();
        let rows = notification::newest(database, person, only_unread, before, LOOKED_AT)?;
        if rows.is_empty() {
            return Ok(nothing);
        }
        let newest = rows.first().map(|row| row.entry);
        let catalogue = self.engine.catalogue();
        let snapshot = database.snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let mut notices = Vec::new();
        let mut last = None;
        for some in rows.chunks(limit.clamp(1, 100)) {
            let desk = Desk::new(self, &reader, some)?;
            for row in some {
                if notices.len() == limit {
                    return Ok(Notices { notices, next: last, newest });
                }
                last = Some(row.entry);
                notices.extend(desk.notice(row)?);
            }
        }
        let next = last.filter(|_| rows.len() == LOOKED_AT);
        Ok(Notices { notices, next, newest })
    }

    /// How many unread ones there are, counted as far as [`COUNTED`].
    ///
    /// # Errors
    /// A failed read.
    pub fn unread(&self) -> Result<usize> {
        Ok(self.notices(true, None, COUNTED)?.notices.len())
    }

    /// This person has read what they were told up to a cursor: what a page of it showed.
    ///
    /// # Errors
    /// `NotLoggedIn` for an account without a person.
    pub fn read_notices_to(&self, newest: i64) -> Result<()> {
        let person = self.actor.person.ok_or(Refusal::NotLoggedIn)?;
        let mut unit = Unit::new();
        notification::read_to(&mut unit, person, newest, self.now);
        Ok(self.engine.database().write(unit)?)
    }

    /// This person has read what they were told of these entries, by their public ids; of all of
    /// them where none are named. Unknown ones are passed over.
    ///
    /// # Errors
    /// `NotLoggedIn` for an account without a person.
    pub fn read_notices(&self, entries: Option<&[Uuid]>) -> Result<()> {
        let person = self.actor.person.ok_or(Refusal::NotLoggedIn)?;
        let database = self.engine.database();
        let mut unit = Unit::new();
        match entries {
            None => notification::read_all(&mut unit, person, self.now),
            Some(wanted) => {
                let rows = notification::newest(database, person, true, None, 10 * LOOKED_AT)?;
                let keys: Vec<i64> = rows.iter().map(|row| row.entry).collect();
                let found = history::by_keys(database, &keys)?.into_iter();
                let found = found.filter(|entry| wanted.contains(&entry.id));
                let keys: Vec<i64> = found.map(|entry| entry.key).collect();
                notification::read(&mut unit, person, &keys, self.now);
            }
        }
        Ok(database.write(unit)?)
    }
}

impl<'a> Desk<'a> {
    fn new(
        session: &'a Session,
        reader: &'a Reader<'a>,
        rows: &[Notification],
    ) -> Result<Desk<'a>> {
        let cards = Cards::new(session, reader);
        let records: Vec<Key> = rows.iter().map(|row| row.record).collect();
        cards.fetch(records.iter().copied())?;
        let keys: Vec<i64> = rows.iter().map(|row| row.entry).collect();
        let entries = history::by_keys(reader.snapshot, &keys)?;
        let entries = entries.into_iter().map(|entry| (entry.key, entry)).collect();
        let types = spine::by_keys(reader.snapshot, &records)?;
        let types = types.into_iter().map(|one| (one.key, one.record_type.to_string())).collect();
        Ok(Desk { session, reader, cards, entries, types })
    }

    /// One notice; none where nothing of it may be read.
    fn notice(&self, row: &Notification) -> Result<Option<Map<String, Json>>> {
        let (Some(card), Some(entry), Some(why)) = (
            card_json(&self.cards, row.record),
            self.entries.get(&row.entry),
            Why::parse(&row.kind),
        ) else {
            return Ok(None);
        };
        let named = self.types.get(&row.record);
        let definition = named.and_then(|name| self.reader.catalogue.record_type(name));
        let Some(definition) = definition else { return Ok(None) };
        let is_open = matches!(why, Why::Mentioned | Why::Watched | Why::Asked) && !entry.internal;
        if !is_open && !self.may(definition, row, entry, why)? {
            return Ok(None);
        }
        let mut out = Map::new();
        out.insert("entry".into(), json!(entry.id));
        out.insert("kind".into(), json!(why.as_str()));
        out.insert("text".into(), json!(self.text(definition, row, entry, why)));
        out.insert("record".into(), card);
        out.insert("at".into(), json!(instant_text(row.at)));
        out.insert("read_at".into(), json!(row.read_at.map(instant_text)));
        Ok(Some(out))
    }

    /// What a reader of the record may still not be told: an internal note, a field they are not
    /// shown, the clock of a record that they do not work on.
    fn may(
        &self,
        definition: &RecordType,
        row: &Notification,
        entry: &Entry,
        why: Why,
    ) -> Result<bool> {
        let session = self.session;
        let Some(record) = self.reader.record(definition, row.record)? else { return Ok(false) };
        let known = session.known_for_rights(self.reader, definition, &record)?;
        let may = |deed| session.may(deed, definition, &record, &known);
        if entry.internal && !may(Deed::Internal) {
            return Ok(false);
        }
        let view = session.view(definition, &record, &known);
        let sees = |field: &str| {
            session.rights_on(definition).is_none_or(|rights| rights.sees(field, &view))
        };
        Ok(match why {
            Why::Named => row.detail.as_deref().is_some_and(sees),
            Why::Warned | Why::Breached => may(Deed::Write),
            Why::Mentioned | Why::Watched | Why::Asked => true,
        })
    }

    fn text(&self, definition: &RecordType, row: &Notification, entry: &Entry, why: Why) -> String {
        let language = self.session.language();
        let zh = language == Language::ZH;
        let who = &entry.actor;
        let detail = row.detail.as_deref().unwrap_or("");
        let field = definition.fields.get(detail).map(|field| field.label.text(language));
        let clock = definition.clocks.get(detail).map(|clock| clock.label.text(language));
        let (field, clock) = (field.unwrap_or(detail), clock.unwrap_or(detail));
        match (why, zh) {
            (Why::Mentioned, false) => format!("{who} mentioned you"),
            (Why::Mentioned, true) => format!("{who} 提到了您"),
            (Why::Named, false) => format!("{who} put you down as {field}"),
            (Why::Named, true) => format!("{who} 将您设为{field}"),
            (Why::Asked, false) => "Your approval is wanted".into(),
            (Why::Asked, true) => "等待您审批".into(),
            (Why::Warned, false) => format!("{clock}: nearly due"),
            (Why::Warned, true) => format!("{clock}：即将到期"),
            (Why::Breached, false) => format!("{clock}: over its target"),
            (Why::Breached, true) => format!("{clock}：已超出目标"),
            (Why::Watched, _) => watched(definition, entry, language),
        }
    }
}

/// What happened to a record that is watched.
fn watched(definition: &RecordType, entry: &Entry, language: Language) -> String {
    let (who, zh) = (&entry.actor, language == Language::ZH);
    let step = entry.transition.as_deref().and_then(|name| definition.transitions.get(name));
    if let Some(step) = step {
        let label = step.label.text(language);
        return if zh { format!("{who}：{label}") } else { format!("{who}: {label}") };
    }
    let (en, cn) = match &*entry.kind {
        "comment" | "note" => ("wrote a note", "写了备注"),
        "attach" => ("added a file", "添加了附件"),
        "approve" | "reject" => ("decided on an approval", "作出了审批决定"),
        "link" | "unlink" => ("changed the links", "更改了关联"),
        _ => ("changed it", "作了修改"),
    };
    if zh { format!("{who} {cn}") } else { format!("{who} {en}") }
}
