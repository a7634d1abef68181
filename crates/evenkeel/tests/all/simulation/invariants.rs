//! What must hold of every record after any course of acts: its row, its past rows, its links and
//! its clocks are what its history tells.

use crate::world::{Known, MODEL, World, verify};
use engine::canonical;
use engine::clock::calendar::{CalendarSource, ServiceCalendar, build};
use engine::clock::{ClockState, recompute};
use engine::sealer::Sealer;
use ledger::{Body, Field};
use model::definition::RecordType;
use model::{Key, Name, Value};
use std::collections::{BTreeMap, BTreeSet};
use store::Unit;
use store::core::history::{self, Entry};
use store::core::link::{self, End};
use store::core::{clock, movement};
use store::record::{self, Stored};

/// The link from any record to the people who watch it.
const WATCHER: &str = "record.watcher";
const MANY: usize = 100_000;

pub fn hold(world: &World, records: &[Known]) {
    let calendar = calendar(world);
    for known in records {
        let definition = world.definition(&known.record_type);
        let entries = entries(world, known.key);
        let stored = stored(world, known);
        versions_follow_each_other(&entries, &stored);
        let folded = Folded::of(&definition, &entries);
        row_is_its_history(&folded, &stored);
        past_rows_follow_each_other(world, &definition, &stored);
        links_are_their_history(world, &definition, known.key, &folded);
        movements_are_their_history(world, known.key, &folded);
        clocks_are_their_events(world, known.key, &calendar);
    }
}

/// All entries of a record, oldest first.
fn entries(world: &World, key: Key) -> Vec<Entry> {
    let snapshot = world.engine.database().snapshot().unwrap();
    let mut entries =
        history::of_record(&snapshot, key, true, history::Wanted::default(), MANY).unwrap();
    entries.reverse();
    entries
}

pub fn stored(world: &World, known: &Known) -> Stored {
    let definition = world.definition(&known.record_type);
    let table = world.engine.catalogue().table(&definition).unwrap().clone();
    let snapshot = world.engine.database().snapshot().unwrap();
    record::load(&snapshot, &table, &[known.key]).unwrap().remove(0)
}

fn versions_follow_each_other(entries: &[Entry], stored: &Stored) {
    assert_eq!(entries.first().map(|entry| (&*entry.kind, entry.version)), Some(("create", 1)));
    for pair in entries.windows(2) {
        let step = pair[1].version - pair[0].version;
        assert!((0..=1).contains(&step), "{pair:?}");
        assert!(pair[1].recorded_at >= pair[0].recorded_at, "{pair:?}");
    }
    assert_eq!(entries.last().unwrap().version, stored.fixed.version);
}

/// What history alone says of a record.
#[derive(Default)]
struct Folded {
    values: BTreeMap<String, Value>,
    /// By the name of the link as history tells it.
    links: BTreeMap<String, BTreeSet<Key>>,
    states: Vec<String>,
    is_withdrawn: bool,
}

impl Folded {
    fn of(definition: &RecordType, entries: &[Entry]) -> Folded {
        let mut folded = Folded::default();
        for entry in entries {
            folded.is_withdrawn |= &*entry.kind == "withdraw";
            for field in Body::from_bytes(&entry.body).unwrap().fields() {
                let Field::Open { name, old, new, .. } = field else { panic!("erased: {field:?}") };
                let value = |bytes: &Option<Vec<u8>>| {
                    let value = |bytes: &Vec<u8>| canonical::value(bytes).unwrap();
                    bytes.as_ref().map(value).unwrap_or_default()
                };
                folded.take(definition, name, value(old), value(new));
            }
        }
        folded
    }

    fn take(&mut self, definition: &RecordType, name: &str, old: Value, new: Value) {
        let plain = name.trim_start_matches('#');
        if definition.links.contains_key(name) || plain == "watcher" {
            let ends = self.links.entry(plain.to_string()).or_default();
            keys(&old).iter().for_each(|key| assert!(ends.remove(key), "{name} had no {key:?}"));
            ends.extend(keys(&new));
        } else if name == "state" || definition.fields.contains_key(name) {
            let stood = self.values.remove(name).unwrap_or_default();
            assert_eq!(stood, old, "{name} of {}", definition.name);
            if name == "state" {
                self.states.extend(new.as_text().map(str::to_string));
            }
            if new.is_set() {
                self.values.insert(name.to_string(), new);
            }
        }
    }
}

fn keys(value: &Value) -> Vec<Key> {
    match value {
        Value::Reference(key) => vec![*key],
        Value::References(keys) => keys.to_vec(),
        _ => Vec::new(),
    }
}

fn row_is_its_history(folded: &Folded, stored: &Stored) {
    let values = stored.values.iter().map(|(name, value)| (name.to_string(), value.clone()));
    let mut row: BTreeMap<String, Value> = values.collect();
    let state = stored.fixed.state.as_ref().map(|state| Value::text(state));
    row.extend(state.map(|state| ("state".to_string(), state)));
    assert_eq!(row, folded.values, "{}", stored.fixed.record_type);
    assert_eq!(stored.fixed.withdrawn_at.is_some(), folded.is_withdrawn);
}

fn past_rows_follow_each_other(world: &World, definition: &RecordType, stored: &Stored) {
    let sql = format!(
        "SELECT \"version\", \"valid_from\", \"valid_to\" FROM \"{}_was\" \
         WHERE \"key\" = ?1 ORDER BY \"version\"",
        definition.root()
    );
    let key = stored.fixed.key;
    let rows = world.engine.database().rows(&sql, &[key.0.into()]).unwrap();
    let number = |row: &[store::Cell], at: usize| row[at].integer().unwrap();
    let mut begins = None;
    for (row, version) in rows.iter().zip(1..) {
        assert_eq!(number(row, 0), version, "{key:?}");
        assert!(begins.is_none_or(|begins| begins == number(row, 1)), "{rows:?}");
        assert!(number(row, 1) < number(row, 2), "{rows:?}");
        begins = Some(number(row, 2));
    }
    assert_eq!(rows.len() as i64 + 1, stored.fixed.version, "{key:?}");
    assert!(begins.is_none_or(|begins| begins == stored.fixed.valid_from), "{key:?}");
}

fn links_are_their_history(world: &World, definition: &RecordType, key: Key, folded: &Folded) {
    let own = definition.links.values();
    let own = own.map(|l| (l.name.to_string(), format!("{}.{}", l.declared_by, l.name)));
    for (name, full) in own.chain([("watcher".to_string(), WATCHER.to_string())]) {
        let snapshot = world.engine.database().snapshot().unwrap();
        let current = link::current(&snapshot, &full, End::From, &[key]).unwrap();
        let current: BTreeSet<Key> = current.into_iter().map(|link| link.to).collect();
        let told = folded.links.get(&name).cloned().unwrap_or_default();
        assert_eq!(current, told, "{full} of {key:?}");
    }
}

fn movements_are_their_history(world: &World, key: Key, folded: &Folded) {
    let snapshot = world.engine.database().snapshot().unwrap();
    let moved = movement::of(&snapshot, &[key], Some("state")).unwrap();
    let moved: Vec<String> =
        moved.into_iter().filter_map(|moved| Some(moved.value?.to_string())).collect();
    assert_eq!(moved, folded.states, "{key:?}");
}

/// The calendar of all clocks here, read for ourselves; nobody changes it.
fn calendar(world: &World) -> ServiceCalendar {
    let known = world.known("service_hours").unwrap();
    let stored = stored(world, &known);
    let values: BTreeMap<Name, Value> = stored.values.into_iter().collect();
    let (key, version) = (known.key, stored.fixed.version);
    let source = CalendarSource { key, version, values, holidays: Vec::new() };
    let bound = |purpose: &str| MODEL.bindings.purposes.get(purpose);
    build(&source, bound("calendar").unwrap(), bound("holiday")).unwrap()
}

fn clocks_are_their_events(world: &World, key: Key, calendar: &ServiceCalendar) {
    for row in clock::of(world.engine.database(), &[key]).unwrap() {
        let state = ClockState::from_json(row.detail.as_deref().unwrap()).unwrap();
        let anew = recompute(&state.events, &state.versions, Some(&calendar.calendar), state.as_of);
        let anew = ClockState { earlier: state.earlier.clone(), ..anew.unwrap() };
        assert_eq!(anew, state, "{} of {key:?}", row.name);
        assert_eq!((row.due_at, row.breached_at), (state.due_at, state.breached_at));
        assert_eq!((row.stopped_at, row.counted), (state.stopped_at, state.counted));
    }
}

/// Every entry is sealed and verifies; one changed field of one body is found.
pub fn ledger_holds(world: &World, records: &[Known]) {
    Sealer::new(&world.engine, "test").drain().unwrap();
    let (sealed, is_sound) = verify(&world.engine);
    let told: usize = records.iter().map(|known| entries(world, known.key).len()).sum();
    assert!(is_sound && sealed >= told, "{sealed} sealed, {told} told");
    let entry = entries(world, records.last().unwrap().key).remove(0);
    let mut fields = Body::from_bytes(&entry.body).unwrap().fields().to_vec();
    let changed = fields.iter_mut().find_map(|field| match field {
        Field::Open { new: Some(new), .. } => new.last_mut(),
        _ => None,
    });
    *changed.unwrap() ^= 1;
    replace(world, entry.key, &Body::new(fields).unwrap());
    assert!(!verify(&world.engine).1, "a changed body was not found");
    replace(world, entry.key, &Body::from_bytes(&entry.body).unwrap());
    assert!(verify(&world.engine).1);
}

fn replace(world: &World, entry: i64, body: &Body) {
    let mut unit = Unit::new();
    history::replace_body(&mut unit, entry, &body.to_bytes());
    world.engine.database().write(unit).unwrap();
}
