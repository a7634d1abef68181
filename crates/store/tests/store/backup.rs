//! Backups: one moment, any database into any, found out where it was changed.

use super::tables::{entry, spine_row};
use model::Key;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::backup::{BackupError, load, save, verify};
use store::testing::{World, empty_postgres, on_each};
use store::{Cell, Database, Location, Unit, blob, history, movement, seal, setting};

fn write(db: &Database, key: i64) {
    let mut unit = Unit::new();
    spine_row(&mut unit, key, key);
    history::insert(&mut unit, &entry(key, key, 1));
    let value = Some("new".into());
    let (record_key, field) = (Key(key), "state".into());
    movement::insert(
        &mut unit,
        &[movement::Movement { record_key, field, at: 1, entry_key: key, value }],
    );
    db.write(unit).unwrap();
}

fn count(db: &Database, table: &str) -> i64 {
    let rows = db.rows(&format!("SELECT count(*) FROM \"{table}\""), &[]).unwrap();
    rows[0][0].integer().unwrap()
}

fn saved(db: &Database) -> Vec<u8> {
    let mut file = Vec::new();
    let summary = save(db, &mut file, &mut |_| {}).unwrap();
    assert_eq!(verify(file.as_slice()).unwrap(), summary);
    file
}

fn empty() -> Vec<World> {
    let database = Database::open(&Location::Temporary).unwrap();
    let sqlite = World { database, location: Location::Temporary };
    [Some(sqlite), empty_postgres()].into_iter().flatten().collect()
}

#[test]
fn a_backup_is_one_moment_while_writes_go_on() {
    on_each(|world| {
        let db = &world.database;
        (1..=200).for_each(|key| write(db, key));
        let (stop, next) = (AtomicBool::new(false), AtomicI64::new(201));
        let files: Vec<Vec<u8>> = std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        write(db, next.fetch_add(1, Ordering::Relaxed));
                    }
                });
            }
            let files = (0..3).map(|_| saved(db)).collect();
            stop.store(true, Ordering::Relaxed);
            files
        });
        for copy in empty() {
            let copy = &copy.database;
            load(copy, files[1].as_slice(), &mut |_| {}).unwrap();
            let records = count(copy, "record");
            assert!((200..next.load(Ordering::Relaxed)).contains(&records));
            for table in ["history", "movement", "unsealed"] {
                assert_eq!(count(copy, table), records, "{table}");
            }
        }
    });
}

#[test]
fn everything_comes_back_in_either_database() {
    on_each(|world| {
        let db = &world.database;
        (1..=120).for_each(|key| write(db, key));
        let content = vec![7_u8; 1_500_000];
        let kept = blob::put(db, &mut content.as_slice(), 1 << 30, 1).unwrap();
        let file = saved(db);
        for copy in empty() {
            let copy = &copy.database;
            load(copy, file.as_slice(), &mut |_| {}).unwrap();
            let (old, new) = (seal::waiting(db, 500).unwrap(), seal::waiting(copy, 500).unwrap());
            let entries = |all: Vec<seal::Waiting>| -> Vec<history::Headed> {
                all.into_iter().map(|one| one.headed).collect()
            };
            assert_eq!(entries(new), entries(old));
            let found = blob::find(copy, &kept.sha256).unwrap().unwrap();
            assert_eq!(blob::part(copy, &found, 1).unwrap().len(), 1_500_000 - (1 << 20));
            assert_eq!(setting::get(copy, "search.rebuild").unwrap().as_deref(), Some("restored"));
            // It works on: places of the queue, unique indexes, the rest of the core tables.
            write(copy, 500);
            let again = save(copy, &mut Vec::new(), &mut |_| {}).unwrap();
            assert!(again.rows > verify(file.as_slice()).unwrap().rows);
            let second = load(copy, file.as_slice(), &mut |_| {});
            assert!(matches!(second, Err(BackupError::NotEmpty)));
        }
    });
}

#[test]
fn tables_of_records_come_back_and_fit_the_definitions() {
    on_each(|world| {
        let db = &world.database;
        let model = super::sync::small();
        super::sync::bring(db, &model);
        let one = Cell::Integer(1);
        for (table, more) in [("thing", None), ("thing_was", Some(("valid_to", one.clone())))] {
            let names = ["key", "version", "created_at", "changed_at", "valid_from"];
            let mut values: Vec<(&str, Cell)> =
                names.into_iter().map(|name| (name, one.clone())).collect();
            values.extend([("type", "thing".into()), ("open", true.into()), ("title", "é".into())]);
            values.extend(more);
            let mut unit = Unit::new();
            unit.insert(table, &values);
            db.write(unit).unwrap();
        }
        let file = saved(db);
        for copy in empty() {
            let copy = &copy.database;
            load(copy, file.as_slice(), &mut |_| {}).unwrap();
            let plan = super::sync::bring(copy, &model);
            assert!(plan.refused.is_empty() && plan.kept.is_empty(), "{plan}");
            for table in ["thing", "thing_was"] {
                let sql = format!("SELECT title, open FROM {table}");
                let rows = copy.rows(&sql, &[]).unwrap();
                assert!(rows[0][1].boolean() && rows[0][0] == "é".into());
            }
        }
    });
}

#[test]
fn a_broken_file_is_found_out() {
    on_each(|world| {
        write(&world.database, 1);
        let whole = saved(&world.database);
        for place in [0, 5, 12, 40, whole.len() / 2, whole.len() - 5] {
            let mut changed = whole.clone();
            changed[place] ^= 0x40;
            assert!(verify(changed.as_slice()).is_err(), "changed at {place}");
            assert!(verify(&whole[..place]).is_err(), "cut at {place}");
        }
    });
}
