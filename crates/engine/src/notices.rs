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
use model::{Key, Language, Name};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::Unit;
use store::core::history::{self, Entry};
use store::core::notification::{self, Notification};
use store::core::spine;
use uuid::Uuid;

/// How long what was read is kept, in microseconds.
pub const KEPT: i64 = 90 * 86_400_000_000;
/// And what was not: not all of it may ever be shown to somebody who reads it.
pub const KEPT_UNREAD: i64 = 400 * 86_400_000_000;
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
    types: HashMap<Key, Arc<RecordType>>,
}

/// One notification that may be shown.
struct Told<'a> {
    row: &'a Notification,
    card: Json,
    entry: &'a Entry,
    definition: &'a RecordType,
    why: Why,
}

impl Session {
    /// A page of what this person was told; `before` is the cursor of the page before.
    ///
    /// # Errors
    /// A failed read.
    pub fn notices(&self, only_unread: bool, before: Option<i64>, limit: usize) -> Result<Notices> {
        let (mut notices, mut newest) = (Vec::new(), None);
        let next = self.each_told(only_unread, before, limit, |desk, told| {
            newest = newest.or(Some(told.row.entry));
            notices.push(desk.notice(told));
        })?;
        Ok(Notices { notices, next, newest })
    }

    /// How many unread ones there are, counted as far as [`COUNTED`].
    ///
    /// # Errors
    /// A failed read.
    pub fn unread(&self) -> Result<usize> {
        let mut unread = 0;
        self.each_told(true, None, COUNTED, |_, _| unread += 1)?;
        Ok(unread)
    }

    /// Something that is other when what this person has not read may be, for little: the newest of
    /// it, and how many there are as far as [`COUNTED`], whatever of it may be shown.
    ///
    /// # Errors
    /// A failed read.
    pub fn unread_mark(&self) -> Result<(i64, usize)> {
        let Some(person) = self.actor.person else { return Ok((0, 0)) };
        let rows = notification::newest(self.engine.database(), person, true, None, COUNTED + 1)?;
        Ok((rows.first().map_or(0, |row| row.entry), rows.len()))
    }

    /// Hands over what may be shown, newest first, `limit` at most; the cursor for older ones.
    fn each_told(
        &self,
        only_unread: bool,
        before: Option<i64>,
        limit: usize,
        mut take: impl FnMut(&Desk, Told),
    ) -> Result<Option<i64>> {
        let Some(person) = self.actor.person else { return Ok(None) };
        let database = self.engine.database();
        let rows = notification::newest(database, person, only_unread, before, LOOKED_AT)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let catalogue = self.engine.catalogue();
        let snapshot = database.snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let (mut taken, mut last) = (0, None);
        for some in rows.chunks(limit.clamp(1, 100)) {
            let desk = Desk::new(self, &reader, some)?;
            for row in some {
                if taken == limit {
                    return Ok(last);
                }
                last = Some(row.entry);
                if let Some(told) = desk.told(row)? {
                    taken += 1;
                    take(&desk, told);
                }
            }
        }
        Ok(last.filter(|_| rows.len() == LOOKED_AT))
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
        let mut types = HashMap::new();
        let mut by_type: BTreeMap<Name, (Arc<RecordType>, Vec<Key>)> = BTreeMap::new();
        for one in spine::by_keys(reader.snapshot, &records)? {
            let Some(definition) = reader.catalogue.record_type(&one.record_type) else { continue };
            types.insert(one.key, definition.clone());
            let begun = || (definition.clone(), Vec::new());
            by_type.entry(one.record_type).or_insert_with(begun).1.push(one.key);
        }
        // At once, whatever each of them is then asked for.
        for (definition, keys) in by_type.values() {
            reader.fetch(definition, keys)?;
        }
        Ok(Desk { session, reader, cards, entries, types })
    }

    /// What there is to tell; none where nothing of it may be read.
    fn told<'d>(&'d self, row: &'d Notification) -> Result<Option<Told<'d>>> {
        let (Some(card), Some(entry), Some(why), Some(definition)) = (
            card_json(&self.cards, row.record),
            self.entries.get(&row.entry),
            Why::parse(&row.kind),
            self.types.get(&row.record),
        ) else {
            return Ok(None);
        };
        let is_open = matches!(why, Why::Mentioned | Why::Watched | Why::Asked) && !entry.internal;
        if !is_open && !self.may(definition, row, entry, why)? {
            return Ok(None);
        }
        Ok(Some(Told { row, card, entry, definition, why }))
    }

    fn notice(&self, told: Told) -> Map<String, Json> {
        let text = self.text(&told);
        let mut out = Map::new();
        out.insert("entry".into(), json!(told.entry.id));
        out.insert("kind".into(), json!(told.why.as_str()));
        out.insert("text".into(), json!(text));
        out.insert("record".into(), told.card);
        out.insert("at".into(), json!(instant_text(told.row.at)));
        out.insert("read_at".into(), json!(told.row.read_at.map(instant_text)));
        out
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

    fn text(&self, told: &Told) -> String {
        let Told { row, entry, definition, why, .. } = *told;
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
        "detach" => ("removed a file", "移除了附件"),
        "delegate" => ("passed an approval on", "转交了审批"),
        "withdraw" => ("withdrew it", "撤回了记录"),
        _ => ("changed it", "作了修改"),
    };
    if zh { format!("{who} {cn}") } else { format!("{who} {en}") }
}
