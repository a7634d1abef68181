//! The same answer from memory and from the databases, for random records and conditions, with
//! whole sight and with that of a reader who sees little.

use crate::databases::each;
use crate::facts::Of;
use crate::grammar::condition;
use crate::sight::Little;
use crate::world::{MODEL, World, asker, filter, name, record_type};
use model::{Key, Value};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use store::Cell;
use store::database::Snapshot;
use store::sql::{
    Asker, Context, Dialect, Fragment, Ground, Sight, WHOLE, condition as compile, readable, source,
};

/// Conditions tried in a normal run; `CASES` in the environment asks for more.
const CASES: u32 = 2_000;

#[test]
fn memory_and_databases_agree() {
    agree(7, None);
}

#[test]
fn memory_and_databases_agree_on_what_a_reader_sees() {
    agree(8, Some(&Little));
}

struct Case<'a> {
    world: &'a World,
    asker: &'a Asker,
    sight: Option<&'a dyn Sight>,
    dialect: Dialect,
}

fn agree(seed: u64, sight: Option<&dyn Sight>) {
    let world = World::random(seed, 40);
    let asker = asker(&world);
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    each(&world, |database, dialect| {
        let snapshot = database.snapshot().unwrap();
        let case = Case { world: &world, asker: &asker, sight, dialect };
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&condition(), |text| {
            let (memory, database) = (case.in_memory(&text), case.in_database(&snapshot, &text));
            if memory == database {
                return Ok(());
            }
            let (sql, cells) = case.statement(&text);
            let why = format!("{text}\n{sql}\n{cells:?}\nmemory {memory:?}\nsql {database:?}");
            Err(TestCaseError::fail(why))
        });
        outcome.unwrap_or_else(|error| panic!("{dialect:?} {error}"));
    });
}

impl Case<'_> {
    fn in_memory(&self, text: &str) -> Vec<Key> {
        let expression = filter(text);
        let Case { world, asker, sight, .. } = *self;
        let of = |thing| Of { world, thing, asker, sight };
        let tickets = world.things.values().filter(|t| record_type(&t.record_type).is_a("ticket"));
        let readable = tickets.map(of).filter(Of::readable);
        readable.filter(|of| expression.holds(of)).map(|of| of.thing.key).collect()
    }

    fn in_database(&self, snapshot: &Snapshot, text: &str) -> Vec<Key> {
        let (sql, cells) = self.statement(text);
        let rows = snapshot.rows(&sql, &cells);
        let rows = rows.unwrap_or_else(|failure| panic!("{failure:?} {text}\n{sql}"));
        rows.iter().map(|row| Key(row[0].integer().unwrap())).collect()
    }

    fn statement(&self, text: &str) -> (String, Vec<Cell>) {
        let Case { asker, dialect, sight, .. } = *self;
        let context = Context { model: &MODEL, dialect, asker, sight: sight.unwrap_or(WHOLE) };
        let ground = Ground::new(context, record_type("ticket"), None);
        let condition = compile(&ground, &filter(text).node);
        let condition = condition.unwrap_or_else(|reason| panic!("{reason} {text}"));
        let (from, right) = (source(&ground), readable(&ground).unwrap());
        let template = "SELECT r0.\"key\" FROM {} WHERE ({}) AND ({}) ORDER BY 1";
        Fragment::of(template, &[&from, &condition, &right]).finish()
    }
}

#[test]
fn a_large_set_of_keys_is_one_cell() {
    let world = World::random(9, 40);
    let mut asker = asker(&world);
    let keys = (0..13).chain(14..500).map(Key);
    asker.parts.insert(name("services"), Value::References(keys.collect()));
    each(&world, |database, dialect| {
        let case = Case { world: &world, asker: &asker, sight: None, dialect };
        for text in ["service in me.services", "service not in me.services"] {
            let (sql, cells) = case.statement(text);
            assert!(cells.len() == 1, "{sql}");
            let found = case.in_database(&database.snapshot().unwrap(), text);
            assert!(!found.is_empty());
            assert_eq!(found, case.in_memory(text));
        }
    });
}

#[test]
fn conditions_vary() {
    let mut runner = TestRunner::deterministic();
    let texts: std::collections::HashSet<String> =
        (0..200).map(|_| condition().new_tree(&mut runner).unwrap().current()).collect();
    assert!(texts.len() > 150);
}
