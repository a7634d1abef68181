//! How many small units are written a second: `units [DATABASE] [THREADS] [SECONDS]`. A unit is a
//! row of the spine (three indexes) and a movement, as a small edit has; `update` units change one
//! row under its version. DATABASE: a folder for a SQLite file, or the URL of an empty PostgreSQL
//! database; WRITERS and GROUP in the environment are the options of the same name.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measuring tool")]

use model::Key;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Database, Location, Options, Unit, guard, movement};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |place: usize, or: &str| words.get(place).cloned().unwrap_or(or.into());
    let place = word(0, "/tmp");
    let threads: i64 = word(1, "64").parse().unwrap();
    let time = Duration::from_secs(word(2, "3").parse().unwrap());
    let number = |name: &str, or: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
    };
    let usual = Options::default();
    let options = Options {
        writers: number("WRITERS", usual.writers),
        group: number("GROUP", usual.group),
        ..usual
    };
    let location = match Location::parse(&place) {
        Location::File(folder) => Location::File(folder.join("units-bench.db")),
        url => url,
    };
    let database = Database::open_with(&location, options).unwrap();
    store::core::prepare(&database).unwrap();
    let key = AtomicI64::new(1 + last_key(&database));
    for threads in [1, 8, threads] {
        measure("insert", &database, threads, time, &|| {
            let key = key.fetch_add(1, Ordering::Relaxed);
            database.write(insert(key)).unwrap();
        });
    }
    let versions: Vec<AtomicI64> = (0..1000).map(|_| AtomicI64::new(0)).collect();
    let turn = AtomicI64::new(0);
    let names: Vec<String> = (0..1000).map(|n| format!("bench:{n}")).collect();
    let old = guard::versions(&database, &names.iter().map(|n| &**n).collect::<Vec<_>>()).unwrap();
    versions.iter().zip(old).for_each(|(version, old)| version.store(old, Ordering::Relaxed));
    measure("update", &database, threads, time, &|| {
        let one = usize::try_from(turn.fetch_add(1, Ordering::Relaxed) % 1000).unwrap();
        let version = versions[one].load(Ordering::Relaxed);
        let mut unit = Unit::new();
        guard::raise(&mut unit, &names[one], version);
        // Two threads may meet on a row; one of them is a conflict, which is a unit, too.
        if database.write(unit).is_ok() {
            versions[one].store(version + 1, Ordering::Relaxed);
        }
    });
    let most = key.load(Ordering::Relaxed);
    measure("read", &database, threads, time, &|| {
        let key = turn.fetch_add(7919, Ordering::Relaxed) % most;
        store::spine::by_key(&database, Key(key)).unwrap();
    });
    measure("snapshot of three reads", &database, threads, time, &|| {
        let key = turn.fetch_add(7919, Ordering::Relaxed) % most;
        let snapshot = database.snapshot().unwrap();
        store::spine::by_key(&snapshot, Key(key)).unwrap();
        movement::of(&snapshot, &[Key(key)], None).unwrap();
        store::link::current(&snapshot, "a.b", store::link::End::From, &[Key(key)]).unwrap();
    });
}

fn last_key(database: &Database) -> i64 {
    let rows = database.rows("SELECT max(\"key\") FROM \"record\"", &[]).unwrap();
    rows[0][0].integer().unwrap_or(0)
}

fn insert(key: i64) -> Unit {
    let mut unit = Unit::new();
    let spread = (key as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    unit.insert(
        "record",
        &[
            ("key", key.into()),
            ("id", spread.to_be_bytes().to_vec().into()),
            ("type", "incident".into()),
            ("counter", "incident".into()),
            ("number", key.into()),
            ("title", "The printer on the third floor is out of paper".into()),
            ("title_key", "the printer on the third floor is out of paper".into()),
        ],
    );
    let value = Some("new".into());
    let moved = movement::Movement {
        record_key: Key(key),
        field: "state".into(),
        at: key,
        entry_key: key,
        value,
    };
    movement::insert(&mut unit, &[moved]);
    unit
}

fn measure(
    what: &str,
    database: &Database,
    threads: i64,
    time: Duration,
    work: &(dyn Fn() + Sync),
) {
    let (count, stop, worst) = (AtomicU64::new(0), AtomicBool::new(false), AtomicU64::new(0));
    let (begun, cpu) = (Instant::now(), cpu_millis());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let one = Instant::now();
                    work();
                    let micros = u64::try_from(one.elapsed().as_micros()).unwrap();
                    worst.fetch_max(micros, Ordering::Relaxed);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    let count = count.into_inner() as f64;
    let rate = count / begun.elapsed().as_secs_f64();
    let cpu = (cpu_millis() - cpu) * 1000.0 / count;
    let worst = worst.into_inner() as f64 / 1000.0;
    println!(
        "{:?} {what:24} {threads:4} threads {rate:9.0} /s, {cpu:6.1} us of CPU, \
         longest {worst:6.1} ms",
        database.dialect()
    );
}

/// Of this process, from Linux; what others take from the machine does not show in it.
fn cpu_millis() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let parts: Vec<&str> = stat.split_whitespace().collect();
    let ticks = |place: usize| parts.get(place).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) * 10.0
}
