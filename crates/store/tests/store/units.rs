//! Units: all or nothing, counts that must fit, names of what was refused, many callers at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::testing::{World, on_each, sqlite_with};
use store::{Cell, Database, Failure, Options, Statement, Unit, lease};

fn table(db: &Database) {
    let mut unit = Unit::new();
    unit.push(Statement::new(
        "CREATE TABLE thing (key BIGINT PRIMARY KEY, version BIGINT NOT NULL, name TEXT)",
        [],
    ));
    unit.push(Statement::new("CREATE UNIQUE INDEX thing_name ON thing (name)", []));
    db.write(unit).unwrap();
}

fn thing(unit: &mut Unit, key: i64, name: &str) {
    let values = [("key", key.into()), ("version", Cell::Integer(1)), ("name", name.into())];
    unit.insert("thing", &values);
}

fn add(db: &Database, key: i64, name: &str) -> Result<(), Failure> {
    let mut unit = Unit::new();
    thing(&mut unit, key, name);
    db.write(unit)
}

fn change(unit: &mut Unit, key: i64, version: i64) {
    let matching = [("key", key.into()), ("version", version.into())];
    unit.update_where("thing", &[("version", (version + 1).into())], &matching, Some(1));
}

fn count(db: &Database) -> i64 {
    db.rows("SELECT count(*) FROM thing", &[]).unwrap()[0][0].integer().unwrap()
}

#[test]
fn all_or_nothing() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        let mut unit = Unit::new();
        thing(&mut unit, 1, "a");
        thing(&mut unit, 2, "b");
        thing(&mut unit, 3, "a");
        assert_eq!(db.write(unit), Err(Failure::Duplicate { index: "thing_name".into() }));
        assert_eq!(count(db), 0);
        add(db, 1, "a").unwrap();
        assert_eq!(add(db, 1, "b"), Err(Failure::Duplicate { index: "thing_pkey".into() }));
        let mut unit = Unit::new();
        thing(&mut unit, 2, "b");
        change(&mut unit, 1, 7);
        assert_eq!(db.write(unit), Err(Failure::Conflict { statement: 1 }));
        let mut unit = Unit::new();
        thing(&mut unit, 2, "b");
        unit.push(Statement::new("UPDATE nowhere SET a = 1", []));
        assert!(matches!(db.write(unit), Err(Failure::Fault(_))));
        assert_eq!(count(db), 1);
    });
}

#[test]
fn a_cell_that_does_not_fit_spoils_the_whole_unit() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        let mut unit = Unit::new();
        thing(&mut unit, 1, "a");
        unit.push(Statement::new("UPDATE thing SET version = ?1 WHERE key = ?2", [1.into()]));
        assert!(matches!(db.write(unit), Err(Failure::Fault(_))));
        assert_eq!(count(db), 0);
        if db.dialect() == store::sql::Dialect::Postgres {
            let mut unit = Unit::new();
            thing(&mut unit, 1, "a");
            unit.update_where("thing", &[("version", "one".into())], &[("key", 1.into())], None);
            assert!(matches!(db.write(unit), Err(Failure::Fault(_))));
            assert_eq!(count(db), 0);
        }
    });
}

#[test]
fn rows_come_back_from_a_write() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        let mut unit = Unit::new();
        thing(&mut unit, 1, "a");
        let sql = "UPDATE thing SET version = version + 1 WHERE key = ?1 RETURNING version, name";
        unit.push(Statement::new(sql, [1.into()]).expecting(1));
        assert_eq!(db.write_rows(unit).unwrap(), [[Cell::Integer(2), "a".into()]]);
        let unit = Statement::new(sql, [9.into()]).expecting(1).into();
        assert_eq!(db.write_rows(unit), Err(Failure::Conflict { statement: 0 }));
        let mut unit = Unit::new();
        unit.insert_absent("thing", &[("key", 1.into()), ("version", 5.into())]);
        unit.put("thing", &[("key", 1.into())], &[("version", 9.into()), ("name", "z".into())]);
        db.write(unit).unwrap();
        let row = db.row("SELECT version, name FROM thing", &[]).unwrap().unwrap();
        assert_eq!(row, [Cell::Integer(9), "z".into()]);
        db.write(Unit::new()).unwrap();
    });
}

#[test]
fn of_writers_on_one_version_one_wins() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        add(db, 1, "a").unwrap();
        let (start, won) = (Barrier::new(200), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..200 {
                scope.spawn(|| {
                    start.wait();
                    let mut unit = Unit::new();
                    change(&mut unit, 1, 1);
                    match db.write(unit) {
                        Ok(()) => drop(won.fetch_add(1, Ordering::Relaxed)),
                        Err(failure) => assert_eq!(failure, Failure::Conflict { statement: 0 }),
                    }
                });
            }
        });
        assert_eq!(won.into_inner(), 1);
    });
}

#[test]
fn units_that_fail_take_nobody_with_them() {
    grouped(&store::testing::sqlite());
    for group in [1, 32] {
        let options = Options { group, writers: 3, ..Options::default() };
        store::testing::postgres_with(options).iter().for_each(grouped);
    }
}

fn grouped(world: &World) {
    let db = &world.database;
    table(db);
    let start = Barrier::new(64);
    std::thread::scope(|scope| {
        for thread in 0..64 {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for turn in 0..20 {
                    let key = thread * 100 + turn;
                    let mut unit = Unit::new();
                    thing(&mut unit, key, &format!("n{key}"));
                    if turn % 4 == 3 {
                        change(&mut unit, key, 99);
                        assert_eq!(db.write(unit), Err(Failure::Conflict { statement: 1 }));
                    } else {
                        db.write(unit).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(count(db), 64 * 15);
}

#[test]
fn a_row_put_twice_is_the_later_one() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        let put = |unit: &mut Unit, key: i64, name: &str| {
            let values = [("version", Cell::Integer(1)), ("name", name.into())];
            unit.put("thing", &[("key", key.into())], &values);
        };
        let mut unit = Unit::new();
        put(&mut unit, 1, "a");
        put(&mut unit, 1, "b");
        thing(&mut unit, 2, "c");
        put(&mut unit, 2, "d");
        db.write(unit).unwrap();
        let mut unit = Unit::new();
        put(&mut unit, 3, "e");
        put(&mut unit, 3, "f");
        db.write(unit).unwrap();
        let rows = db.rows("SELECT name FROM thing ORDER BY key", &[]).unwrap();
        let names: Vec<&str> = rows.iter().filter_map(|row| row[0].text()).collect();
        assert_eq!(names, ["b", "d", "f"]);
    });
}

#[test]
fn rows_of_many_units_arrive_as_they_were_sent() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        let odd = ["", "a, b", "{NULL}", "it's \"quoted\"", "\\back", "中文", "NULL"];
        let name = |key: i64| odd.get(usize::try_from(key).unwrap()).copied();
        let tickets: Vec<_> = (0..40)
            .map(|first| {
                let row = |key: i64| vec![key.into(), Cell::Integer(-key), name(key).into()];
                let mut unit = Unit::new();
                let keys = (first * 3..first * 3 + 1 + first % 3).map(row);
                unit.insert_rows("thing", &["key", "version", "name"], keys);
                db.submit(unit).unwrap()
            })
            .collect();
        tickets.into_iter().for_each(|ticket| drop(db.wait(ticket).unwrap()));
        let rows = db.rows("SELECT key, version, name FROM thing ORDER BY key", &[]).unwrap();
        assert_eq!(rows.len(), (0..40).map(|first| 1 + first % 3).sum::<usize>());
        for row in rows {
            let key = row[0].integer().unwrap();
            assert_eq!((row[1].integer(), row[2].text()), (Some(-key), name(key)));
        }
    });
}

#[test]
fn a_unit_whose_caller_left_is_written() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        for key in 0..50 {
            let mut unit = Unit::new();
            thing(&mut unit, key, &format!("n{key}"));
            drop(db.submit(unit).unwrap());
        }
        // Nobody waits for any of them; a unit that stands behind them all does.
        for _ in 0..500 {
            add(db, 1000, "last").unwrap();
            let mut unit = Unit::new();
            unit.delete_where("thing", &[("key", 1000.into())], Some(1));
            db.write(unit).unwrap();
            if count(db) == 50 {
                return;
            }
        }
        panic!("{} of 50 were written", count(db));
    });
}

#[test]
fn crossed_locks_are_written_in_the_end() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        add(db, 1, "a").unwrap();
        add(db, 2, "b").unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for _ in 0..10 {
                        let mut unit = Unit::new();
                        let keys = if thread % 2 == 0 { [1, 2] } else { [2, 1] };
                        for key in keys {
                            let sql = "UPDATE thing SET version = version + 1 WHERE key = ?1";
                            unit.push(Statement::new(sql, [key.into()]).expecting(1));
                        }
                        db.write(unit).unwrap();
                    }
                });
            }
        });
        let rows = db.rows("SELECT version FROM thing", &[]).unwrap();
        assert_eq!(rows, [[Cell::Integer(81)], [Cell::Integer(81)]]);
    });
}

/// Of units that wait together, one meets a lock that somebody holds: the others do not wait.
#[test]
fn a_lock_holds_up_nobody_else() {
    let options = Options { writers: 1, ..Options::default() };
    let Some(world) = store::testing::postgres_with(options) else { return };
    let (db, other) = (&world.database, Database::open(&world.location).unwrap());
    table(db);
    let slow = |unit: &mut Unit, seconds: &str| {
        unit.push(Statement::new(format!("SELECT count(*) FROM pg_sleep({seconds})"), []));
    };
    let slept = |count: i64| {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event = 'PgSleep'";
        while db.rows(sql, &[]).unwrap() != [[Cell::Integer(count)]] {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    let mut holding = Unit::new();
    thing(&mut holding, 0, "taken");
    slow(&mut holding, "4");
    let holding = other.submit(holding).unwrap();
    slept(1);
    // The only writer is busy: what comes now gathers, and the unit in the way stands first.
    let mut busy = Unit::new();
    slow(&mut busy, "0.5");
    let busy = db.submit(busy).unwrap();
    slept(2);
    let tickets: Vec<_> = (0..10)
        .map(|key| {
            let mut unit = Unit::new();
            let name = if key == 0 { "taken".into() } else { format!("n{key}") };
            thing(&mut unit, key, &name);
            db.submit(unit).unwrap()
        })
        .collect();
    db.wait(busy).unwrap();
    let mut tickets = tickets.into_iter();
    let locked = tickets.next().unwrap();
    tickets.for_each(|ticket| drop(db.wait(ticket).unwrap()));
    assert_eq!(count(db), 9, "written after the lock was gone");
    other.wait(holding).unwrap();
    assert!(matches!(db.wait(locked), Err(Failure::Duplicate { .. })));
    assert_eq!(count(db), 10);
}

#[test]
fn a_panic_in_a_callback_leaves_the_database_usable() {
    on_each(|world| {
        let db = &world.database;
        table(db);
        add(db, 1, "a").unwrap();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            db.each("SELECT key FROM thing", &[], &mut |_| panic!("the caller's own"))
        }));
        assert!(panicked.is_err());
        assert_eq!(count(db), 1);
        add(db, 2, "b").unwrap();
    });
}

#[test]
fn a_full_database_says_so_and_recovers() {
    let world = sqlite_with(Options { max_pages: Some(150), ..Options::default() });
    let db = &world.database;
    table(db);
    let text = "x".repeat(5000);
    let mut written = 0;
    let full = loop {
        match add(db, written, &format!("{written}{text}")) {
            Ok(()) => written += 1,
            Err(failure) => break failure,
        }
    };
    assert_eq!(full, Failure::Full);
    assert_eq!(count(db), written);
    assert_eq!(add(db, written, &format!("{written}{text}")), Err(Failure::Full));
    let mut unit = Unit::new();
    unit.push(Statement::new("DELETE FROM thing WHERE key > 2", []));
    db.write(unit).unwrap();
    add(db, 5000, &text).unwrap();
    assert_eq!(count(db), 4);
}

#[test]
fn a_full_disk_says_so_and_recovers() {
    let folder = std::env::temp_dir().join(format!("evenkeel-full-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mount = |words: &[&str]| {
        let mut command = std::process::Command::new(words[0]);
        command.args(&words[1..]).arg(&folder).stderr(std::process::Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs"]) {
        return println!("skipped: may not mount a small disk");
    }
    let ballast = folder.join("ballast");
    std::fs::write(&ballast, vec![1_u8; 2 << 20]).unwrap();
    let db = Database::open(&store::Location::File(folder.join("store.db"))).unwrap();
    table(&db);
    let text = "x".repeat(50_000);
    let mut written = 0;
    let full = loop {
        match add(&db, written, &format!("{written}{text}")) {
            Ok(()) => written += 1,
            Err(failure) => break failure,
        }
    };
    assert_eq!(full, Failure::Full);
    assert!(written > 20);
    for _ in 0..20 {
        assert_eq!(add(&db, written, &format!("{written}{text}")), Err(Failure::Full));
        assert_eq!(count(&db), written);
    }
    std::fs::remove_file(&ballast).unwrap();
    add(&db, written, "room again").unwrap();
    assert_eq!(count(&db), written + 1);
    let checked = db.rows("PRAGMA integrity_check", &[]).unwrap();
    assert_eq!(checked, [["ok".into()]]);
    drop(db);
    assert!(mount(&["umount"]));
    std::fs::remove_dir(&folder).unwrap();
}

#[test]
fn of_racing_processes_one_gets_the_lease() {
    on_each(|world| {
        let db = &world.database;
        let start = Barrier::new(16);
        let got: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|thread| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        lease::acquire(db, "duty", &format!("p{thread}"), 10, 20).unwrap().is_some()
                    })
                })
                .collect();
            threads.into_iter().filter(|_| true).map(|t| usize::from(t.join().unwrap())).sum()
        });
        assert_eq!(got, 1);
    });
}
