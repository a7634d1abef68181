//! A small world: definitions with every kind of field, and random records of them, kept in
//! memory and written to a database by statements of their own, so that a test of reading does not
//! rest on the code that writes.

use model::definition::{Model, RecordType};
use model::expression::{Expression, Place, check};
use model::value::{Attachment, Currency, Decimal, Money};
use model::{Key, Language, Name, Options, Sources, Value, load};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::sync::LazyLock;
use store::sql::Asker;
use store::{Cell, Database, Statement, Unit, codec, layout, sync};

pub const DAY: i64 = 86_400_000_000;
/// 2026-03-01T00:00:00Z
pub const NOW: i64 = 20_513 * DAY;

pub static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut sources = Sources::new();
    sources.add("processes/foundation/engine.toml", include_str!("definitions/engine.toml"));
    sources.add("processes/roles.toml", include_str!("definitions/roles.toml"));
    sources.add("processes/a/person.toml", include_str!("definitions/person.toml"));
    sources.add("processes/a/service.toml", include_str!("definitions/service.toml"));
    sources.add("processes/a/ticket.toml", include_str!("definitions/ticket.toml"));
    sources.add("processes/a/bug.toml", include_str!("definitions/bug.toml"));
    load(&sources, &Options::default()).unwrap_or_else(|problems| panic!("{problems}"))
});

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub fn record_type(name: &str) -> &'static RecordType {
    MODEL.record_type(name).unwrap()
}

/// A filter over tickets.
pub fn filter(text: &str) -> Expression {
    filter_of("ticket", text)
}

pub fn filter_of(of: &str, text: &str) -> Expression {
    check(text, of, Place::Filter, None, &*MODEL)
        .unwrap_or_else(|slips| panic!("{text}: {slips:?}"))
}

/// One record as it stood from an instant on.
#[derive(Debug, Clone)]
pub struct Thing {
    pub key: Key,
    pub record_type: Name,
    pub number: i64,
    pub state: Option<Name>,
    pub version: i64,
    pub created_at: i64,
    pub created_by: Option<Key>,
    pub valid_from: i64,
    pub withdrawn_at: Option<i64>,
    pub values: BTreeMap<Name, Value>,
}

#[derive(Debug, Clone)]
pub struct Tie {
    pub link: &'static str,
    pub from: Key,
    pub to: Key,
    pub since: i64,
    pub until: Option<i64>,
}

#[derive(Debug, Clone, Default)]
pub struct World {
    pub things: BTreeMap<Key, Thing>,
    /// Earlier rows, each with the instant until which it was valid.
    pub was: Vec<(Thing, i64)>,
    pub ties: Vec<Tie>,
}

impl World {
    /// The same world for the same seed.
    pub fn random(seed: u64, tickets: i64) -> World {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut world = World::default();
        for key in 1..=8 {
            world.add(&mut rng, "person", key);
        }
        for key in 11..=18 {
            world.add(&mut rng, "service", key);
        }
        for key in 101..=100 + tickets {
            let of = if rng.random_bool(0.25) { "bug" } else { "ticket" };
            world.add(&mut rng, of, key);
        }
        world.tie(&mut rng, "person.services", (1, 8), (11, 18), 12);
        world.tie(&mut rng, "service.supporters", (11, 18), (1, 8), 12);
        let last = 100 + tickets;
        world.tie(&mut rng, "person.watches", (1, 8), (101, last), tickets);
        world.tie(&mut rng, "ticket.affects", (101, last), (11, 18), tickets);
        world.tie(&mut rng, "ticket.related", (101, last), (101, last), tickets);
        world
    }

    fn add(&mut self, rng: &mut StdRng, of: &str, key: i64) {
        let record_type = record_type(of);
        let mut values = BTreeMap::new();
        for field in record_type.fields.values() {
            let value = random(rng, &field.name, &field.kind);
            if value.is_set() {
                values.insert(field.name.clone(), value);
            }
        }
        let states: Vec<&Name> = record_type.states.keys().collect();
        let thing = Thing {
            key: Key(key),
            record_type: record_type.name.clone(),
            number: key % 100,
            state: states.choose(rng).map(|state| (*state).clone()),
            version: rng.random_range(1..4),
            created_at: NOW - rng.random_range(0..5) * DAY,
            created_by: rng.random_bool(0.8).then(|| Key(rng.random_range(1..=8))),
            valid_from: NOW - rng.random_range(0..3) * DAY,
            withdrawn_at: None,
            values,
        };
        self.things.insert(thing.key, thing);
    }

    fn tie(
        &mut self,
        rng: &mut StdRng,
        link: &'static str,
        from: (i64, i64),
        to: (i64, i64),
        many: i64,
    ) {
        let mut made = HashSet::new();
        for _ in 0..many {
            let (from, to) = (rng.random_range(from.0..=from.1), rng.random_range(to.0..=to.1));
            let (from, to) = (Key(from), Key(to));
            if !made.insert((from, to)) {
                continue;
            }
            let since = NOW - rng.random_range(1..5) * DAY;
            let until = rng.random_bool(0.2).then(|| NOW - rng.random_range(0..2) * DAY - 1);
            self.ties.push(Tie { link, from, to, since, until: until.filter(|u| *u > since) });
        }
    }

    /// The far ends of a link from a record, now.
    pub fn far(&self, link: &str, inverse: bool, key: Key) -> Vec<Key> {
        let current = self.ties.iter().filter(|tie| tie.link == link && tie.until.is_none());
        let mut far: Vec<Key> = current
            .filter(|tie| if inverse { tie.to == key } else { tie.from == key })
            .map(|tie| if inverse { tie.from } else { tie.to })
            .collect();
        far.sort();
        far
    }

    /// Writes everything to a database that has nothing but the core tables.
    pub fn write(&self, database: &Database) {
        make_tables(database);
        let mut all = Vec::new();
        for thing in self.things.values() {
            all.push(row(thing, None));
            all.push(spine(thing));
        }
        all.extend(self.was.iter().map(|(thing, until)| row(thing, Some(*until))));
        all.extend(self.ties.iter().map(tie));
        for some in all.chunks(500) {
            database.write(unit(some.to_vec())).unwrap();
        }
    }
}

pub fn unit(statements: Vec<Statement>) -> Unit {
    let mut unit = Unit::default();
    unit.statements.extend(statements);
    unit
}

pub fn statement(sql: &str, cells: Vec<Cell>) -> Statement {
    Statement::new(sql, cells)
}

/// Makes the tables of the definitions in a database that has the core tables.
pub fn make_tables(database: &Database) {
    let plan = sync::plan(database, &MODEL, &[]).unwrap();
    let done = sync::apply(database, &plan, "test", &|| NOW, &mut |_| ControlFlow::Continue(()));
    assert_eq!(done, Ok(sync::Outcome::Done));
}

pub fn row(thing: &Thing, until: Option<i64>) -> Statement {
    let root = record_type(&thing.record_type).root().clone();
    let mut names: Vec<String> = layout::FIXED.iter().map(|(name, _)| name.to_string()).collect();
    let mut cells: Vec<Cell> = vec![
        thing.key.0.into(),
        thing.record_type.as_str().into(),
        thing.number.into(),
        thing.state.as_ref().map(|state| state.as_str()).into(),
        thing.version.into(),
        thing.created_at.into(),
        thing.created_by.map(|key| key.0).into(),
        thing.created_at.into(),
        thing.created_by.map(|key| key.0).into(),
        thing.valid_from.into(),
        thing.withdrawn_at.into(),
    ];
    for stored in &layout::table(&MODEL, record_type(&root)).fields {
        let value = thing.values.get(&stored.field).cloned().unwrap_or_default();
        names.extend(stored.columns.iter().map(|(name, _)| name.clone()));
        cells.extend(codec::encode(stored, &value).unwrap());
    }
    let mut table = root.to_string();
    if let Some(until) = until {
        table += "_was";
        names.push("valid_to".to_string());
        cells.push(until.into());
    }
    let places: Vec<String> = (1..=cells.len()).map(|place| format!("?{place}")).collect();
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let (names, places) = (names.join(", "), places.join(", "));
    statement(&format!("INSERT INTO \"{table}\" ({names}) VALUES ({places})"), cells)
}

fn spine(thing: &Thing) -> Statement {
    let of = record_type(&thing.record_type);
    let title = thing.values.get(&of.title).and_then(|title| title.as_text()).unwrap_or_default();
    let key = store::sql::order::title_key(title);
    let id = Cell::from(thing.key.0.to_be_bytes().repeat(2));
    let cells = vec![thing.key.0.into(), id, of.name.as_str().into(), title.into(), (*key).into()];
    let sql = "INSERT INTO record (key, id, type, title, title_key) VALUES (?1, ?2, ?3, ?4, ?5)";
    statement(sql, cells)
}

fn tie(tie: &Tie) -> Statement {
    let cells = vec![
        tie.link.into(),
        tie.from.0.into(),
        tie.to.0.into(),
        tie.since.into(),
        tie.until.into(),
    ];
    statement(
        "INSERT INTO link (name, from_key, to_key, since, until) VALUES (?1, ?2, ?3, ?4, ?5)",
        cells,
    )
}

/// Person 1 asks, with some services and a parameter of each kind.
pub fn asker(world: &World) -> Asker {
    let me = Key(1);
    let mut asker = Asker::system(NOW);
    asker.me = Some(me);
    asker.parts = world.things[&me].values.clone();
    for link in ["services", "watches"] {
        let keys = world.far(&format!("person.{link}"), false, me);
        if !keys.is_empty() {
            asker.parts.insert(name(link), Value::References(keys.into()));
        }
    }
    asker.parts.insert(name("roles"), Value::Texts(["agent".into()].into()));
    asker.parameters = BTreeMap::from([
        (name("number"), Value::Integer(2)),
        (name("instant"), Value::Instant(NOW - DAY)),
        (name("nothing"), Value::Unset),
    ]);
    asker
}

const NUMBERS: [i64; 9] = [-2, -1, 0, 1, 2, 3, 7, i64::MAX, i64::MIN];
const WORDS: [&str; 8] =
    ["disk full", "Mail", "mail", "Ärger", "网络故障", "变更", "it's \"|%_", "a"];

fn random(rng: &mut StdRng, field: &Name, kind: &model::definition::FieldKind) -> Value {
    use model::definition::FieldKind as F;
    if rng.random_bool(0.25) && field != "subject" && field != "code" {
        return Value::Unset;
    }
    let number = *NUMBERS.choose(rng).unwrap();
    let small = rng.random_range(-2..4);
    match kind {
        F::Text { .. } | F::Markdown { .. } | F::Email | F::Url => {
            Value::text(WORDS.choose(rng).unwrap())
        }
        F::LocalText { .. } => local(rng),
        F::Choice(choices) => {
            let names: Vec<&Name> = choices.0.keys().collect();
            Value::text(names.choose(rng).unwrap())
        }
        F::MultiChoice(choices) => {
            let some: Vec<_> = choices
                .0
                .keys()
                .filter(|_| rng.random_bool(0.5))
                .map(|n| n.as_str().into())
                .collect();
            if some.is_empty() { Value::Unset } else { Value::Texts(some.into()) }
        }
        F::YesNo => Value::YesNo(rng.random_bool(0.5)),
        F::Integer { .. } => Value::Integer(number),
        F::Decimal { places, .. } => Value::Decimal(Decimal { units: number, places: *places }),
        F::Money => {
            let currency = Currency::new(["CNY", "EUR"].choose(rng).unwrap()).unwrap();
            Value::Money(Money { minor: small, currency })
        }
        F::Date => {
            Value::Date([20_512, 20_513, 20_514, i32::MAX, i32::MIN][rng.random_range(0..5)])
        }
        F::Datetime => match number {
            i64::MAX | i64::MIN => Value::Instant(number),
            _ => Value::Instant(NOW + small * DAY),
        },
        F::Duration => match number {
            i64::MAX | i64::MIN => Value::Duration(number),
            _ => Value::Duration(small * DAY),
        },
        F::Reference { to } => Value::Reference(Key(match to.as_str() {
            "person" => rng.random_range(1..=8),
            "service" => rng.random_range(11..=18),
            _ => rng.random_range(101..=140),
        })),
        F::Attachment { .. } => {
            let file = Attachment {
                sha256: "00".into(),
                name: "a.txt".into(),
                media_type: "text/plain".into(),
                bytes: 1,
            };
            Value::Attachments([file].into())
        }
    }
}

fn local(rng: &mut StdRng) -> Value {
    let mut texts = Vec::new();
    for language in Language::REQUIRED {
        if rng.random_bool(0.7) {
            texts.push((language, (*WORDS.choose(rng).unwrap()).into()));
        }
    }
    if texts.is_empty() { Value::Unset } else { Value::LocalText(texts.into()) }
}
