//! The life of a record, told from its events: each version it had, each entry of its history.
//! Types have been checked; workflow and rules are not asked, since what happened has happened.

use super::mapping::{Final, Replay};
use crate::catalogue::Catalogue;
use crate::facts::{Known, View};
use crate::record::Record;
use crate::session::Session;
use crate::world;
use model::definition::{Field, RecordType};
use model::{Key, Name, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One event, as a row tells it: the values of all fields that the mapping fills.
#[derive(Debug, Clone)]
pub struct Event {
    /// When it happened.
    pub at: i64,
    pub actor: Option<Key>,
    /// In words, as history shows it.
    pub actor_name: Arc<str>,
    pub values: Vec<(Name, Value)>,
    /// For each link of the mapping the record at its far end.
    pub links: Vec<Option<Key>>,
}

/// An entry of history.
#[derive(Debug)]
pub struct Entry {
    pub at: i64,
    pub actor: Option<Key>,
    pub actor_name: Arc<str>,
    pub kind: &'static str,
    pub transition: Option<Name>,
    /// The record's version after it, and since when that stands.
    pub version: i64,
    pub valid_from: i64,
    /// Name, old, new.
    pub changes: Vec<(Name, Value, Value)>,
    pub links: Vec<Relinked>,
}

/// A link of the mapping that leads elsewhere from an entry on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relinked {
    /// Its place among the links of the mapping.
    pub link: usize,
    pub old: Option<Key>,
    pub new: Option<Key>,
}

/// All versions of a record, the last as it stands, and all entries.
#[derive(Debug)]
pub struct Story {
    pub versions: Vec<Record>,
    pub entries: Vec<Entry>,
}

/// What is needed to tell one.
pub struct Teller<'a> {
    pub session: &'a Session,
    pub catalogue: &'a Catalogue,
    pub definition: &'a RecordType,
    /// Computed fields, and the fields with defaults that nothing else fills.
    computed: Vec<&'a Field>,
    defaults: Vec<&'a Field>,
}

impl<'a> Teller<'a> {
    /// `filled` are the fields that events bring along; those keep no default.
    pub fn new(
        session: &'a Session,
        catalogue: &'a Catalogue,
        definition: &'a RecordType,
        filled: &[Name],
    ) -> Teller<'a> {
        let fields = || definition.fields.values();
        let computed = fields().filter(|field| field.computed.is_some()).collect();
        let open = |field: &&Field| field.default.is_some() && !filled.contains(&field.name);
        Teller {
            session,
            catalogue,
            definition,
            computed,
            defaults: fields().filter(open).collect(),
        }
    }

    /// The story of a record from its events, of which there is at least one. It begins at
    /// `begins` or with its first event, whichever is earlier.
    pub fn tell(&self, key: Key, begins: Option<i64>, events: &[Event]) -> Story {
        let mut story = Story { versions: Vec::new(), entries: Vec::with_capacity(events.len()) };
        let mut linked: Vec<Option<Key>> = Vec::new();
        for event in events {
            let links = relinked(&mut linked, &event.links);
            let changes = match story.versions.last() {
                None => {
                    let at = begins.map_or(event.at, |begins| begins.min(event.at));
                    let first = self.first(key, at, event);
                    let changes = all(&first);
                    story.versions.push(first);
                    changes
                }
                Some(last) => match self.next(last, event) {
                    Some((next, changes)) => {
                        story.versions.push(next);
                        changes
                    }
                    None => Vec::new(),
                },
            };
            let is_first = story.entries.is_empty();
            if let Some(now) = story.versions.last() {
                let entry = self.entry(event, now, is_first, changes, links);
                story.entries.push(entry);
            }
        }
        story
    }

    fn first(&self, key: Key, at: i64, event: &Event) -> Record {
        let mut record = Record {
            key,
            id: world::uuid(self.session.engine.world()),
            record_type: self.definition.name.clone(),
            number: None,
            state: self.definition.initial.clone(),
            version: 1,
            created_at: at,
            created_by: event.actor,
            changed_at: event.at,
            changed_by: event.actor,
            valid_from: at,
            withdrawn_at: None,
            values: BTreeMap::new(),
        };
        event.values.iter().for_each(|(name, value)| put(&mut record, name, value));
        for field in &self.defaults {
            if let Some(default) = &field.default {
                let value = default.evaluate(&self.view(&record, at));
                record.set(&field.name, value);
            }
        }
        self.compute(&mut record);
        record
    }

    /// The next version with what differs; none where the event changes no field.
    fn next(&self, last: &Record, event: &Event) -> Option<(Record, Vec<(Name, Value, Value)>)> {
        let differs = |(name, value): &&(Name, Value)| last.field(name) != *value;
        let mut changes: Vec<(Name, Value, Value)> = event
            .values
            .iter()
            .filter(differs)
            .map(|(name, value)| (name.clone(), last.field(name), value.clone()))
            .collect();
        if changes.is_empty() {
            return None;
        }
        let mut record = last.clone();
        changes.iter().for_each(|(name, _, new)| put(&mut record, name, new));
        self.compute(&mut record);
        for field in &self.computed {
            let (old, new) = (last.field(&field.name), record.field(&field.name));
            if old != new {
                changes.push((field.name.clone(), old, new));
            }
        }
        record.version += 1;
        record.changed_at = event.at.max(last.changed_at);
        record.changed_by = event.actor;
        // A version never begins before the one it follows, whatever the stamps say.
        record.valid_from = event.at.max(last.valid_from + 1);
        Some((record, changes))
    }

    fn compute(&self, record: &mut Record) {
        // A computed field may read another; circles are refused by the loader.
        for _ in 0..self.computed.len().min(2) {
            for field in &self.computed {
                if let Some(computed) = &field.computed {
                    let value = computed.evaluate(&self.view(record, record.valid_from));
                    record.set(&field.name, value);
                }
            }
        }
    }

    fn entry(
        &self,
        event: &Event,
        now: &Record,
        is_first: bool,
        changes: Vec<(Name, Value, Value)>,
        links: Vec<Relinked>,
    ) -> Entry {
        let moved = changes.iter().find(|(name, ..)| *name == "state").filter(|_| !is_first);
        let kind = match (is_first, moved) {
            (true, _) => "create",
            (false, Some(_)) => "transition",
            (false, None) => "edit",
        };
        Entry {
            at: event.at,
            actor: event.actor,
            actor_name: event.actor_name.clone(),
            kind,
            transition: moved.and_then(|(_, old, new)| self.transition(old, new)),
            version: now.version,
            valid_from: now.valid_from,
            changes,
            links,
        }
    }

    /// The transition between two states, where there is only one.
    fn transition(&self, old: &Value, new: &Value) -> Option<Name> {
        let (old, new) = (old.as_text()?, new.as_text()?);
        let leads = |t: &&model::definition::Transition| {
            t.to == *new && t.from.iter().any(|from| *from == *old)
        };
        let mut between = self.definition.transitions.values().filter(leads);
        let one = between.next()?;
        between.next().is_none().then(|| one.name.clone())
    }

    pub fn view<'v>(&'v self, record: &'v Record, at: i64) -> View<'v> {
        static NOTHING: std::sync::LazyLock<Known> = std::sync::LazyLock::new(Known::default);
        View {
            definition: self.definition,
            record,
            known: &NOTHING,
            actor: self.session.actor(),
            now: at,
            today: crate::reader::today(at, &self.session.actor().zone),
        }
    }
}

fn put(record: &mut Record, name: &Name, value: &Value) {
    match (&**name, value) {
        ("state", Value::Text(state)) => record.state = Name::new(state),
        ("state", _) => {}
        _ => record.set(name, value.clone()),
    }
}

/// Everything that a first version has.
fn all(record: &Record) -> Vec<(Name, Value, Value)> {
    let state = Name::new("state").map(|name| (name, record.field("state")));
    let own = record.values.iter().map(|(name, value)| (name.clone(), value.clone()));
    let set = state.into_iter().chain(own).filter(|(_, value)| value.is_set());
    set.map(|(name, value)| (name, Value::Unset, value)).collect()
}

fn relinked(linked: &mut Vec<Option<Key>>, now: &[Option<Key>]) -> Vec<Relinked> {
    linked.resize(now.len(), None);
    let pairs = linked.iter_mut().zip(now).enumerate();
    let moved = pairs.filter(|(_, (old, new))| *old != *new);
    moved
        .map(|(link, (old, new))| Relinked { link, old: std::mem::replace(old, *new), new: *new })
        .collect()
}

/// Takes the last values that stand on every row back from the events before the record came to
/// them. An event has come to a group of fields where its state is one of the group's and its
/// time has reached the group's own; the last event has, whatever its time.
pub fn hold_back(replay: &Replay, events: &mut [Event]) {
    let last = events.len().saturating_sub(1);
    for group in &replay.finals {
        for (place, event) in events.iter_mut().enumerate() {
            if !has_come(group, event, place == last) {
                let held = |name: &Name| group.fields.contains(name);
                event.values.iter_mut().filter(|(name, _)| held(name)).for_each(|(_, value)| {
                    *value = Value::Unset;
                });
            }
        }
    }
}

fn has_come(group: &Final, event: &Event, is_last: bool) -> bool {
    let field = |wanted: &str| event.values.iter().find(|(name, _)| *name == *wanted);
    let state = field("state").and_then(|(_, value)| value.as_text());
    let here = state.is_some_and(|state| group.states.iter().any(|of| *of == *state));
    let since = group.at.as_ref().and_then(|at| field(at)).and_then(|(_, at)| at.as_instant());
    here && (is_last || since.is_none_or(|since| event.at >= since))
}
