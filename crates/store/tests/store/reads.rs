//! Reads: one state for a snapshot, limits, many rows in little memory, nested reads.

use std::ops::ControlFlow;
use std::time::Duration;
use store::testing::on_each;
use store::{Cell, Failure, Limit, Statement, Unit};

fn numbers(db: &store::Database, count: i64) {
    let mut unit = Unit::new();
    unit.push(Statement::new("CREATE TABLE number (n BIGINT PRIMARY KEY, t TEXT)", []));
    db.write(unit).unwrap();
    let mut unit = Unit::new();
    unit.push(Statement::new(
        "WITH RECURSIVE c(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM c \
         WHERE n < ?1) INSERT INTO number SELECT n, 'text' FROM c",
        [count.into()],
    ));
    db.write(unit).unwrap();
}

fn count(rows: &[Vec<Cell>]) -> i64 {
    rows[0][0].integer().unwrap()
}

#[test]
fn a_snapshot_keeps_to_its_state() {
    on_each(|world| {
        let db = &world.database;
        numbers(db, 10);
        let sql = "SELECT count(*) FROM number";
        let snapshot = db.snapshot().unwrap();
        assert_eq!(count(&snapshot.rows(sql, &[]).unwrap()), 10);
        let mut unit = Unit::new();
        unit.insert("number", &[("n", 11.into())]);
        db.write(unit).unwrap();
        assert_eq!(count(&snapshot.rows(sql, &[]).unwrap()), 10);
        let none: &[Cell] = &[];
        let both = snapshot.many(&[(sql, none), ("SELECT ?1 + 1", &[4.into()])]);
        if let Ok(both) = both {
            assert_eq!(count(&both[0]), 10);
        }
        drop(snapshot);
        assert_eq!(count(&db.rows(sql, &[]).unwrap()), 11);
        assert_eq!(count(&db.snapshot().unwrap().rows(sql, &[]).unwrap()), 11);
    });
}

#[test]
fn cells_come_back_as_they_went() {
    on_each(|world| {
        let db = &world.database;
        let sql = "CREATE TABLE kinds (i BIGINT, b BOOLEAN, t TEXT, x BLOB)";
        let sql = match db.dialect() {
            store::sql::Dialect::Sqlite => sql.to_string(),
            store::sql::Dialect::Postgres => sql.replace("BLOB", "BYTEA"),
        };
        db.write(Statement::new(sql, []).into()).unwrap();
        let cells: Vec<Cell> =
            vec![i64::MIN.into(), true.into(), "é中\u{1F600}'\"?1".into(), vec![0_u8, 255].into()];
        let mut unit = Unit::new();
        let names = ["i", "b", "t", "x"];
        let values: Vec<(&str, Cell)> = names.into_iter().zip(cells.clone()).collect();
        unit.insert("kinds", &values);
        let unset: Vec<(&str, Cell)> = names.into_iter().map(|name| (name, Cell::Null)).collect();
        unit.insert("kinds", &unset);
        db.write(unit).unwrap();
        let rows = db.rows("SELECT i, b, t, x FROM kinds ORDER BY i IS NULL", &[]).unwrap();
        assert_eq!(rows[0][0], cells[0]);
        assert!(rows[0][1].boolean());
        assert_eq!(rows[0][2..], cells[2..]);
        assert_eq!(rows[1], vec![Cell::Null; 4]);
    });
}

#[test]
fn a_read_beyond_its_limit_is_stopped() {
    on_each(|world| {
        let db = &world.database;
        numbers(db, 2000);
        let slow = "SELECT count(*) FROM number a, number b, number c, number d WHERE a.t = 'no'";
        let slow = slow.replace("a.t = 'no'", "a.n + b.n + c.n + d.n = -1");
        let limit = |time, rows| Limit { time: Duration::from_millis(time), rows };
        let snapshot = db.snapshot().unwrap().within(limit(100, 1000));
        assert_eq!(snapshot.rows(&slow, &[]), Err(Failure::TooLong));
        drop(snapshot);
        let snapshot = db.snapshot().unwrap().within(limit(5000, 1000));
        assert_eq!(snapshot.rows("SELECT n FROM number", &[]), Err(Failure::TooLong));
        assert_eq!(snapshot.rows("SELECT n FROM number LIMIT 1000", &[]).unwrap().len(), 1000);
        assert!(matches!(snapshot.rows("SELECT nothing", &[]), Err(Failure::Fault(_))));
        drop(snapshot);
        assert_eq!(db.rows("SELECT n FROM number", &[]).unwrap().len(), 2000);
    });
}

#[test]
fn each_goes_through_all_and_stops_when_told() {
    on_each(|world| {
        let db = &world.database;
        numbers(db, 20_000);
        let (mut sum, mut inner) = (0, 0);
        let snapshot = db.snapshot().unwrap();
        let sql = "SELECT n FROM number WHERE n > ?1 ORDER BY n";
        snapshot
            .each(sql, &[10.into()], &mut |row| {
                sum += row[0].integer().unwrap();
                if sum % 1000 == 0 {
                    // The caller may read while it is given rows.
                    inner += db.rows("SELECT 1", &[]).unwrap().len();
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(sum, 20_000 * 20_001 / 2 - 55);
        assert!(inner > 0);
        let mut seen = 0;
        let mut stop = |_| {
            seen += 1;
            if seen == 700 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        snapshot.each(sql, &[0.into()], &mut stop).unwrap();
        assert_eq!(seen, 700);
        assert_eq!(count(&snapshot.rows("SELECT count(*) FROM number", &[]).unwrap()), 20_000);
        db.each(sql, &[19_999.into()], &mut |_| ControlFlow::Continue(())).unwrap();
    });
}

#[test]
fn snapshots_nest_and_pile_up() {
    on_each(|world| {
        let db = &world.database;
        numbers(db, 3);
        let open: Vec<_> = (0..30).map(|_| db.snapshot().unwrap()).collect();
        for snapshot in &open {
            assert_eq!(snapshot.rows("SELECT n FROM number", &[]).unwrap().len(), 3);
        }
        drop(open);
        std::thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        assert_eq!(db.rows("SELECT n FROM number", &[]).unwrap().len(), 3);
                    }
                });
            }
        });
    });
}

#[test]
fn a_table_that_changed_is_read_anew() {
    on_each(|world| {
        let db = &world.database;
        numbers(db, 3);
        let all = "SELECT * FROM number ORDER BY n LIMIT 1";
        assert_eq!(db.rows(all, &[]).unwrap()[0].len(), 2);
        let mut unit = Unit::new();
        unit.push(Statement::new("ALTER TABLE number ADD COLUMN more BIGINT", []));
        db.write(unit).unwrap();
        assert_eq!(db.rows(all, &[]).unwrap()[0].len(), 3);
        assert_eq!(db.snapshot().unwrap().rows(all, &[]).unwrap()[0].len(), 3);
    });
}

#[test]
fn callers_may_stand_on_another_runtime() {
    on_each(|world| {
        let db = world.database.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let read = runtime.block_on(async {
            let work = move || {
                let mut unit = Unit::new();
                store::setting::put(&mut unit, "a", "b");
                db.write(unit).unwrap();
                let rows = db.snapshot().unwrap().rows("SELECT value FROM setting", &[]);
                drop(db);
                rows
            };
            tokio::task::spawn_blocking(work).await.unwrap()
        });
        assert_eq!(read.unwrap(), [["b".into()]]);
    });
}
