//! PostgreSQL that goes away and comes back, that cannot say whether it committed, and TLS to it.
//! Each test has a server of its own.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::testing::Cluster;
use store::{Database, Failure, Location, Options, Unit};

fn cluster(settings: &[&str]) -> Option<Cluster> {
    let cluster = Cluster::start(settings);
    if cluster.is_none() {
        println!("skipped: no initdb");
    }
    cluster
}

fn open(cluster: &Cluster, options: Options) -> Database {
    let database = Database::open_with(&Location::Postgres(cluster.url.clone()), options).unwrap();
    store::core::prepare(&database).unwrap();
    database
}

fn put(db: &Database, number: i64) -> Result<(), Failure> {
    let mut unit = Unit::new();
    unit.insert("guard", &[("name", format!("n{number}").into()), ("version", number.into())]);
    db.write(unit)
}

fn numbers(db: &Database) -> Vec<i64> {
    let rows = db.rows("SELECT \"version\" FROM \"guard\"", &[]).unwrap();
    rows.iter().map(|row| row[0].integer().unwrap()).collect()
}

#[test]
fn a_server_that_restarts_is_found_again() {
    let Some(cluster) = cluster(&[]) else { return };
    let db = open(&cluster, Options::default());
    let (stop, next) = (AtomicBool::new(false), AtomicI64::new(0));
    let done: Vec<i64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        match put(&db, number) {
                            Ok(()) => done.push(number),
                            Err(Failure::Unavailable(_) | Failure::Unknown) => {}
                            Err(failure) => panic!("{failure}"),
                        }
                        let _ = db.rows("SELECT 1", &[]);
                    }
                    done
                })
            })
            .collect();
        for _ in 0..3 {
            let before = next.load(Ordering::Relaxed);
            while next.load(Ordering::Relaxed) < before + 50 {
                std::thread::yield_now();
            }
            cluster.restart();
        }
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    put(&db, -1).unwrap();
    let there = numbers(&db);
    // The test's servers do not flush to disk, but the machine stays up.
    let lost: Vec<&i64> = done.iter().filter(|number| !there.contains(number)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(done.len() > 50);
}

#[test]
fn a_server_that_is_down_is_said_to_be_so_at_once() {
    let Some(cluster) = cluster(&[]) else { return };
    let db = open(&cluster, Options::default());
    put(&db, 1).unwrap();
    let snapshot = db.snapshot().unwrap();
    assert_eq!(snapshot.rows("SELECT 1", &[]).unwrap().len(), 1);
    cluster.stop();
    let begun = Instant::now();
    for _ in 0..5 {
        assert!(matches!(put(&db, 2), Err(Failure::Unavailable(_))));
        assert!(matches!(db.rows("SELECT 1", &[]), Err(Failure::Unavailable(_))));
    }
    assert!(matches!(snapshot.rows("SELECT 1", &[]), Err(Failure::Unavailable(_))));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    drop(snapshot);
    cluster.go_on();
    put(&db, 2).unwrap();
    assert_eq!(numbers(&db).len(), 2);
    assert!(db.snapshot().unwrap().rows("SELECT 1", &[]).is_ok());
}

#[test]
fn a_commit_that_may_not_be_on_the_standby_is_unknown() {
    let Some(cluster) = cluster(&[]) else { return };
    let within = |seconds| {
        let end_within = Duration::from_secs(seconds);
        open(&cluster, Options { end_within, ..Options::default() })
    };
    let (db, hasty) = (within(60), within(1));
    put(&db, 1).unwrap();
    // A standby that is not there: the server waits for it after the commit.
    let standby = |name: &str| {
        cluster.set(&format!("synchronous_standby_names = '{name}'"));
        let is_set = || {
            let rows = db.rows("SHOW synchronous_standby_names", &[]).unwrap();
            rows[0][0].text() == Some(name)
        };
        while !is_set() {
            std::thread::yield_now();
        }
    };
    standby("nobody");
    // Told to stop waiting, it reports success, with a warning.
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let write = scope.spawn(|| put(&db, 2));
        let stop = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
                    WHERE wait_event = 'SyncRep'";
        while db.rows(stop, &[]).unwrap().is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(write.join().unwrap(), Err(Failure::Unknown));
    });
    assert!(begun.elapsed() < Duration::from_secs(60));
    // Nobody tells it: we do, when the time is over.
    assert_eq!(put(&hasty, 3), Err(Failure::Unknown));
    while numbers(&db).len() < 3 {
        std::thread::yield_now();
    }
    standby("");
    put(&db, 4).unwrap();
}

#[test]
fn tls_to_a_server_with_the_right_certificate_only() {
    let Some(cluster) = cluster(&[]) else { return };
    let file = |name: &str| cluster.folder.join(name).to_string_lossy().into_owned();
    let make = |name: &str, subject: &str| {
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE", "-addext", subject])
            .args(["-keyout", &file(&format!("{name}.key")), "-out", &file(&format!("{name}.crt"))])
            .output();
        made.is_ok_and(|made| made.status.success())
    };
    if !make("server", "subjectAltName=IP:127.0.0.1") || !make("other", "subjectAltName=DNS:o") {
        return println!("skipped: no openssl");
    }
    cluster.own(&["server.key", "server.crt"]);
    cluster.set("ssl = on");
    let open = |parameters: &str| {
        let url = format!("{}?{parameters}", cluster.url);
        Database::open(&Location::Postgres(url))
    };
    let right = format!("sslmode=verify-full&sslrootcert={}", file("server.crt"));
    let db = open(&right).unwrap();
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert!(db.rows(sql, &[]).unwrap()[0][0].boolean());
    for wrong in [
        format!("sslmode=verify-full&sslrootcert={}", file("other.crt")),
        format!("sslmode=require&sslrootcert={}", file("other.crt")),
    ] {
        assert!(open(&wrong).is_err(), "{wrong}");
    }
    assert!(open("sslmode=perhaps").is_err());
}
