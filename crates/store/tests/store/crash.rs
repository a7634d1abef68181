//! A process that is killed under load keeps what it said was written: the child is this test
//! binary itself, run again with the place of a database in its environment.

use super::tables::{entry, spine_row};
use model::Key;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use store::testing::postgres;
use store::{Database, Location, Unit, history, movement};

const PLACE: &str = "EVENKEEL_TEST_CHILD";
const ROUNDS: usize = 4;

/// Not a test by itself: the child, which writes until it is killed.
#[test]
fn child() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let database = Database::open(&Location::parse(&place)).unwrap();
    store::core::prepare(&database).unwrap();
    let last = database.rows("SELECT max(\"key\") FROM \"record\"", &[]).unwrap();
    // What was on its way when the one before was killed may still be written.
    let next = AtomicI64::new(last[0][0].integer().unwrap_or(0) + 1000);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let key = next.fetch_add(1, Ordering::Relaxed);
                    database.write(unit(key)).unwrap();
                    let line = format!("written {key}\n");
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

fn unit(key: i64) -> Unit {
    let mut unit = Unit::new();
    spine_row(&mut unit, key, key);
    history::insert(&mut unit, &entry(key, key, 1));
    let (record_key, field) = (Key(key), "state".into());
    movement::insert(
        &mut unit,
        &[movement::Movement { record_key, field, at: 1, entry_key: key, value: None }],
    );
    unit
}

/// Lets the child write so many units, then kills it: what it said was written.
fn killed_after(place: &str, units: usize) -> Vec<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut written = Vec::new();
    let mut note = |line: String| {
        // The test runner's own words may stand before it on the line.
        let number: Option<i64> =
            line.rsplit_once("written ").and_then(|(_, key)| key.parse().ok());
        written.extend(number);
        written.len()
    };
    while note(lines.next().unwrap().unwrap()) < units {}
    child.kill().unwrap();
    // What was in the pipe was said, too; a last line may be cut.
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let whole = rest.len().saturating_sub(1);
    for line in rest.into_iter().take(whole) {
        note(line);
    }
    child.wait().unwrap();
    written
}

fn all_is_there(place: &str, said: &HashSet<i64>) {
    let database = Database::open(&Location::parse(place)).unwrap();
    // One moment: a server may commit what the killed one had sent, between two reads.
    let snapshot = database.snapshot().unwrap();
    let keys = |table: &str| -> HashSet<i64> {
        let column = if table == "movement" { "entry_key" } else { "key" };
        let rows = snapshot.rows(&format!("SELECT \"{column}\" FROM \"{table}\""), &[]).unwrap();
        rows.iter().map(|row| row[0].integer().unwrap()).collect()
    };
    let records = keys("record");
    let lost: Vec<&i64> = said.difference(&records).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert_eq!(keys("history"), records, "half a unit was written");
    assert_eq!(keys("movement"), records, "half a unit was written");
    drop(snapshot);
    if database.dialect() == store::sql::Dialect::Sqlite {
        let checked = database.rows("PRAGMA integrity_check", &[]).unwrap();
        assert_eq!(checked, [["ok".into()]]);
    }
}

#[test]
fn a_killed_process_keeps_what_it_acknowledged() {
    let folder = std::env::temp_dir().join(format!("evenkeel-crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("store.db").to_string_lossy().into_owned();
    survives(&file);
    std::fs::remove_dir_all(&folder).unwrap();
    if let Some(world) = postgres() {
        let Location::Postgres(url) = &world.location else { panic!("no URL") };
        survives(url);
    }
}

fn survives(place: &str) {
    let mut said = HashSet::new();
    for round in 0..ROUNDS {
        said.extend(killed_after(place, 50 + 37 * round));
        all_is_there(place, &said);
    }
}
