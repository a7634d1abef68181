//! Jobs: one worker each, effects once, retries, keys.

use std::collections::HashMap;
use std::sync::Mutex;
use store::testing::on_each;
use store::{Database, Failure, Unit, job};

fn new<'a>(key: i64, unique_key: Option<&'a str>, due_at: i64) -> job::NewJob<'a> {
    job::NewJob { key, queue: "main", kind: "mail", unique_key, body: "{}", due_at, now: 0 }
}

fn write(db: &Database, fill: impl Fn(&mut Unit)) -> Result<(), Failure> {
    let mut unit = Unit::new();
    fill(&mut unit);
    db.write(unit)
}

#[test]
fn racing_workers_do_each_job_once() {
    on_each(|world| {
        let db = &world.database;
        write(db, |unit| (1..=200).for_each(|key| job::enqueue(unit, &new(key, None, key))))
            .unwrap();
        let done: Mutex<HashMap<i64, usize>> = Mutex::default();
        std::thread::scope(|scope| {
            for worker in 0..8 {
                let done = &done;
                scope.spawn(move || {
                    let name = format!("w{worker}");
                    loop {
                        let some = job::claim(db, "main", &name, 1000, 9000, 7).unwrap();
                        if some.is_empty() {
                            break;
                        }
                        for one in some {
                            write(db, |unit| job::finish(unit, &one, 1001)).unwrap();
                            *done.lock().unwrap().entry(one.key).or_default() += 1;
                        }
                    }
                });
            }
        });
        let done = done.into_inner().unwrap();
        assert_eq!(done.len(), 200);
        assert!(done.values().all(|times| *times == 1));
        assert_eq!(job::open(db, "main", 10).unwrap(), []);
        write(db, |unit| job::sweep(unit, 5000)).unwrap();
        let left = db.rows("SELECT count(*) FROM job", &[]).unwrap();
        assert_eq!(left[0][0].integer(), Some(0));
    });
}

#[test]
fn a_claim_that_ran_out_writes_nothing() {
    on_each(|world| {
        let db = &world.database;
        write(db, |unit| job::enqueue(unit, &new(1, None, 5))).unwrap();
        assert_eq!(job::claim(db, "main", "a", 4, 100, 5).unwrap(), []);
        let slow = job::claim(db, "main", "a", 5, 100, 5).unwrap().remove(0);
        assert_eq!(job::claim(db, "main", "b", 99, 200, 5).unwrap(), []);
        assert_eq!(job::next_due(db, "main").unwrap(), Some(100));
        let quick = job::claim(db, "main", "b", 100, 200, 5).unwrap().remove(0);
        assert_eq!((quick.attempts, quick.holder.as_deref()), (2, Some("b")));
        assert_eq!(job::extend(db, &slow, 300), Err(Failure::Conflict { statement: 0 }));
        job::extend(db, &quick, 300).unwrap();
        let finish = |one: &job::Job| write(db, |unit| job::finish(unit, one, 101));
        assert_eq!(finish(&slow), Err(Failure::Conflict { statement: 0 }));
        finish(&quick).unwrap();
        assert_eq!(finish(&quick), Err(Failure::Conflict { statement: 0 }));
    });
}

#[test]
fn a_job_fails_for_good_after_its_attempts() {
    on_each(|world| {
        let db = &world.database;
        write(db, |unit| job::enqueue(unit, &new(1, Some("report"), 0))).unwrap();
        let mut now = 0;
        for attempt in 1..=3 {
            let one = job::claim(db, "main", "a", now, now + 10, 5).unwrap().remove(0);
            assert_eq!(one.attempts, attempt);
            write(db, |unit| job::retry_or_fail(unit, &one, now, "no route", 3)).unwrap();
            now += job::backoff(attempt);
        }
        assert_eq!(job::claim(db, "main", "a", i64::MAX, i64::MAX, 5).unwrap(), []);
        let failed = job::failed(db, "main", 5).unwrap();
        assert_eq!(failed[0].error.as_deref(), Some("no route"));
        assert_eq!(job::failed(db, "other", 5).unwrap(), []);
        write(db, |unit| job::restart(unit, 1, now)).unwrap();
        assert_eq!(job::claim(db, "main", "a", now, now + 1, 5).unwrap()[0].attempts, 1);
    });
}

#[test]
fn one_job_a_key() {
    on_each(|world| {
        let db = &world.database;
        let enqueue = |key, due| {
            write(db, |unit| job::enqueue(unit, &new(key, Some("timer:1"), due))).unwrap();
        };
        enqueue(1, 50);
        enqueue(2, 20);
        let claim = |now| job::claim(db, "main", "a", now, now + 100, 5).unwrap();
        let mut first = claim(20);
        assert_eq!((first.len(), first[0].key), (1, 1));
        // Asked for again while it is worked on: once more after it.
        enqueue(3, 30);
        assert_eq!(claim(31), []);
        let one = first.remove(0);
        write(db, |unit| job::finish(unit, &one, 40)).unwrap();
        let again = claim(40).remove(0);
        write(db, |unit| job::finish(unit, &again, 41)).unwrap();
        assert_eq!(claim(1000), []);
        // Done lately: once means once; asked for plainly, it begins anew.
        write(db, |unit| job::enqueue_once(unit, &new(4, Some("timer:1"), 50))).unwrap();
        assert_eq!(claim(1000), []);
        enqueue(5, 60);
        write(db, |unit| job::cancel(unit, "timer:1")).unwrap();
        assert_eq!(claim(1000), []);
        enqueue(6, 60);
        assert_eq!(claim(1000).len(), 1);
        write(db, |unit| job::cancel(unit, "timer:1")).unwrap();
        assert_eq!(job::open(db, "main", 5).unwrap().len(), 1);
    });
}

#[test]
fn however_many_are_late_those_that_wait_are_told_too() {
    on_each(|world| {
        let db = &world.database;
        write(db, |unit| (1..=30).for_each(|key| job::enqueue(unit, &new(key, None, key * 10))))
            .unwrap();
        let keys = |all: Vec<job::Job>| all.iter().map(|one| one.key).collect::<Vec<_>>();
        assert_eq!(keys(job::overdue(db, "main", 280, 3).unwrap()), [1, 2, 3]);
        assert_eq!(keys(job::due_after(db, "main", 280, 3).unwrap()), [29, 30]);
    });
}
