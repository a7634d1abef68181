//! The same answer from memory and from the databases, for random records and conditions.

use crate::facts::Of;
use crate::grammar::condition;
use crate::world::{MODEL, World, asker, filter, record_type};
use model::Key;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use store::database::{Location, Snapshot};
use store::sql::{Asker, Context, Dialect, Ground, WHOLE, condition as compile, source};
use store::{Cell, Database};

/// Conditions tried in a normal run; `CASES` in the environment asks for more.
const CASES: u32 = 2_000;

#[test]
fn memory_and_sqlite_agree() {
    let database = Database::open(&Location::Temporary).unwrap();
    agree(&database, Dialect::Sqlite);
}

fn agree(database: &Database, dialect: Dialect) {
    let world = World::random(7, 40);
    world.write(database, dialect);
    let asker = asker(&world);
    let snapshot = database.snapshot().unwrap();
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&condition(), |text| {
        let memory = in_memory(&world, &asker, &text);
        let database = in_database(&snapshot, dialect, &asker, &text);
        if memory == database {
            Ok(())
        } else {
            let (sql, cells) = statement(dialect, &asker, &text);
            let why = format!("{text}\n{sql}\n{cells:?}\nmemory {memory:?}\nsql {database:?}");
            Err(TestCaseError::fail(why))
        }
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn in_memory(world: &World, asker: &Asker, text: &str) -> Vec<Key> {
    let expression = filter(text);
    let tickets = world.things.values().filter(|thing| record_type(&thing.record_type).is_a("ticket"));
    tickets
        .filter(|thing| expression.holds(&Of { world, thing, asker }))
        .map(|thing| thing.key)
        .collect()
}

fn in_database(snapshot: &Snapshot, dialect: Dialect, asker: &Asker, text: &str) -> Vec<Key> {
    let (sql, cells) = statement(dialect, asker, text);
    let rows = snapshot.rows(&sql, &cells).unwrap_or_else(|failure| panic!("{failure:?} {text}\n{sql}"));
    rows.iter().map(|row| Key(row[0].integer().unwrap())).collect()
}

fn statement(dialect: Dialect, asker: &Asker, text: &str) -> (String, Vec<Cell>) {
    let context = Context { model: &MODEL, dialect, asker, sight: WHOLE };
    let ground = Ground::new(context, record_type("ticket"), None);
    let condition = compile(&ground, &filter(text).node).unwrap_or_else(|e| panic!("{e} {text}"));
    store::sql::Fragment::of(
        "SELECT r0.\"key\" FROM {} WHERE {} ORDER BY 1",
        &[&source(&ground), &condition],
    )
    .finish()
}

#[test]
fn conditions_vary() {
    let mut runner = TestRunner::deterministic();
    let texts: std::collections::HashSet<String> =
        (0..200).map(|_| condition().new_tree(&mut runner).unwrap().current()).collect();
    assert!(texts.len() > 150);
}
