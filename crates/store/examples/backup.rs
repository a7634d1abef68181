//! How long a backup takes: `backup FROM TO [RECORDS]` fills FROM with records (a row of the spine,
//! an entry of history, a movement each), saves it to a file beside, checks the file, and loads it
//! into TO. Each is a path of a SQLite file or the URL of an empty PostgreSQL database.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measuring tool")]

use model::Key;
use std::fs::File;
use std::time::Instant;
use store::{Cell, Database, Location, Unit, history, movement};
use uuid::Uuid;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = [0, 1].map(|place| Database::open(&Location::parse(&words[place])).unwrap());
    let records: i64 = words.get(2).map_or(1_000_000, |text| text.parse().unwrap());
    let time = Instant::now();
    store::core::prepare(&from).unwrap();
    let mut under_way = std::collections::VecDeque::new();
    for first in (0..records).step_by(500) {
        let mut unit = Unit::new();
        (first..first + 500).for_each(|key| record(&mut unit, key));
        under_way.push_back(from.submit(unit).unwrap());
        if under_way.len() > 4 {
            from.wait(under_way.pop_front().unwrap()).unwrap();
        }
    }
    under_way.into_iter().for_each(|ticket| drop(from.wait(ticket).unwrap()));
    println!("{records} records written: {:.1} s", time.elapsed().as_secs_f64());
    let path = std::env::temp_dir().join("evenkeel-example.backup");
    let time = Instant::now();
    let summary = store::backup::save(&from, File::create(&path).unwrap(), &mut |_| {}).unwrap();
    let size = std::fs::metadata(&path).unwrap().len() / 1_000_000;
    println!("{} rows saved, {size} MB: {:.1} s", summary.rows, time.elapsed().as_secs_f64());
    let time = Instant::now();
    store::backup::verify(File::open(&path).unwrap()).unwrap();
    println!("verified: {:.1} s", time.elapsed().as_secs_f64());
    let time = Instant::now();
    store::backup::load(&to, File::open(&path).unwrap(), &mut |_| {}).unwrap();
    println!("loaded: {:.1} s", time.elapsed().as_secs_f64());
    std::fs::remove_file(&path).unwrap();
}

fn record(unit: &mut Unit, key: i64) {
    let spread = (key as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    let title = format!("The printer {key} on the third floor is out of paper");
    unit.insert(
        "record",
        &[
            ("key", key.into()),
            ("id", spread.to_be_bytes().to_vec().into()),
            ("type", "incident".into()),
            ("counter", "incident".into()),
            ("number", key.into()),
            ("title", title.clone().into()),
            ("title_key", Cell::from(title)),
        ],
    );
    let entry = history::Entry {
        key,
        id: Uuid::from_u128(spread ^ 1),
        record_key: Key(key),
        record_type: "incident".into(),
        kind: "create".into(),
        transition: None,
        at: key,
        recorded_at: key,
        actor_key: Some(Key(1)),
        actor: "Ada Lovelace".into(),
        definition: 1,
        version: 1,
        internal: false,
        body: (0..200).map(|n| (spread >> (n % 100)) as u8).collect(),
    };
    history::insert(unit, &entry);
    let (record_key, field, value) = (Key(key), "state".into(), Some("new".into()));
    movement::insert(
        unit,
        &[movement::Movement { record_key, field, at: key, entry_key: key, value }],
    );
}
