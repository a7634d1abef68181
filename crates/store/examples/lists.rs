//! Lists and full text over a million synthetic records: `cargo run --release -p store --example
//! lists -- [records] [postgres]`. Prints the time of each page (half of the runs, and all but
//! one in a hundred, took no longer) and the plans it rests on. Figures go to
//! docs/performance.md; nothing here is a test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "../tests/lists/world.rs"]
#[allow(dead_code)]
mod world;

use model::definition::Sort;
use model::value::{Decimal, Money};
use model::{Expression, Key, Value};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::time::{Duration, Instant};
use store::Database;
use store::search::index::put;
use store::search::{Audience, Document, Query, RightToken, Within, find};
use store::select::{Page, Place, Select, count, explain, page};
use store::sql::{Asker, Context, Dialect, WHOLE};
use world::{DAY, MODEL, NOW, filter, name, record_type, unit};

const SERVICES: i64 = 200;
const PEOPLE: i64 = 5_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let records: i64 = arguments.next().map_or(1_000_000, |n| n.parse().unwrap());
    let database = match arguments.next().as_deref() {
        Some("postgres") => store::testing::postgres().unwrap().database,
        _ => store::testing::sqlite().database,
    };
    let dialect = database.dialect();
    let began = Instant::now();
    world::make_tables(&database);
    fill(&database, dialect, records);
    database.optimize().unwrap();
    println!("{records} records and {} documents made in {:.0?}", 2 * records, began.elapsed());
    words();
    lists(&database, dialect);
    searches(&database, dialect);
}

fn fill(database: &Database, dialect: Dialect, records: i64) {
    let mut rng = StdRng::seed_from_u64(1);
    let mut waiting = Vec::new();
    for key in 1..=records {
        waiting.push(ticket(&mut rng, 10_000 + key));
        let text = text(&mut rng);
        for (audience, text) in
            [(Audience::Public, text.clone()), (Audience::Whole, text + " note")]
        {
            let rights = [RightToken::of(&name("service"), Key(key % SERVICES))];
            let of = record_type("ticket");
            let document = Document {
                key: Key(10_000 + key),
                audience,
                record_type: &of.name,
                text: &text,
                rights: &rights,
            };
            // a new document replaces none
            waiting.extend(put(dialect, &document).pop());
        }
        if waiting.len() > 30_000 || key == records {
            database.write(unit(std::mem::take(&mut waiting))).unwrap();
        }
    }
}

fn ticket(rng: &mut StdRng, key: i64) -> store::Statement {
    let state = match rng.random_range(0..100) {
        0..3 => "fresh",
        3..10 => "active",
        _ => "closed",
    };
    let mut thing = world::Thing {
        key: Key(key),
        record_type: name("ticket"),
        number: key - 10_000,
        state: Some(name(state)),
        version: 3,
        created_at: NOW - 1_000 * DAY + key * 60_000_000,
        created_by: Some(Key(rng.random_range(0..PEOPLE))),
        valid_from: NOW,
        withdrawn_at: None,
        values: Default::default(),
    };
    let currency = model::value::Currency::new("CNY").unwrap();
    let mut set = |field: &str, value| thing.values.insert(name(field), value);
    set("subject", Value::text(&format!("Subject {} of this", rng.random_range(0..100_000))));
    set("detail", Value::text(&"A few words more about what does not work here. ".repeat(8)));
    set("service", Value::Reference(Key(rng.random_range(0..SERVICES))));
    set("requester", Value::Reference(Key(rng.random_range(0..PEOPLE))));
    set("level", Value::text(["low", "medium", "high"][rng.random_range(0..3)]));
    set("impact", Value::text(["low", "medium", "high"][rng.random_range(0..3)]));
    set("cost", Value::Money(Money { minor: rng.random_range(0..99_999), currency }));
    set("ratio", Value::Decimal(Decimal { units: rng.random_range(0..9_999), places: 2 }));
    if rng.random_bool(0.8) {
        set("due", Value::Instant(NOW + rng.random_range(-90..9) * DAY + key));
        set("steps", Value::Integer(rng.random_range(0..1_000)));
    }
    world::row(&thing, None)
}

/// Thirty words, of which some are in a known share of the texts.
fn text(rng: &mut StdRng) -> String {
    let mut text = String::new();
    for _ in 0..30 {
        let word = (rng.random::<f64>().powi(3) * 30_000.0) as u64;
        text += &format!("w{word} ");
    }
    for (share, word) in
        [(0.05, "network"), (0.005, "printer"), (0.05, "无法连接网络"), (0.005, "打印机")]
    {
        if rng.random_bool(share) {
            text += word;
            text.push(' ');
        }
    }
    text
}

/// How long it takes to make tokens of a text.
fn words() {
    let mut rng = StdRng::seed_from_u64(2);
    let texts: Vec<String> = (0..1_000).map(|_| text(&mut rng)).collect();
    let began = Instant::now();
    let count: usize = texts.iter().map(|text| store::search::tokens(text).len()).sum();
    println!("tokens: {:.1?} a document of {} tokens", began.elapsed() / 1_000, count / 1_000);
}

fn lists(database: &Database, dialect: Dialect) {
    let mut asker = Asker::system(NOW);
    asker.me = Some(Key(7));
    let services = Value::References((10..16).map(Key).collect());
    asker.parts.insert(name("services"), services);
    asker.parameters.insert(name("service"), Value::Reference(Key(50)));
    let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
    for (text, sort) in [
        ("true", "-number"),
        ("state in ['fresh', 'active']", "level due"),
        ("state in ['fresh', 'active']", "-level -due"),
        ("state in ['fresh', 'active'] and level == 'high'", "due"),
        ("requester == me or service in me.services", "-due"),
        ("service == query.service and state != 'closed'", "due"),
        ("true", "level due"),
        ("requester == me", "subject"),
        ("true", "subject"),
        ("service != query.service", "-subject"),
        ("state in ['fresh', 'active']", "requester"),
        ("true", "cost"),
        ("steps > 990 and state == 'active'", "cost"),
    ] {
        let filter = filter(text);
        let select = list(&filter, sort);
        one_list(database, &context, &select, &format!("{text} | {sort}"));
    }
    let (open, all) = (filter("state in ['fresh', 'active']"), filter("true"));
    for (what, filter) in [("count to 10,000 of open", &open), ("count to 10,000 of all", &all)] {
        let select = list(filter, "");
        time(what, || {
            count(&database.snapshot().unwrap(), &context, &select, 10_000).unwrap();
        });
    }
}

fn list<'a>(filter: &'a Expression, sort: &str) -> Select<'a> {
    let field = |text: &str| Sort {
        field: name(text.trim_start_matches('-')),
        descending: text.starts_with('-'),
    };
    Select {
        record_type: record_type("ticket"),
        filters: vec![&filter.node],
        sort: sort.split_whitespace().map(field).collect(),
        columns: ["subject", "service", "level", "due", "requester"].map(name).to_vec(),
        as_of: None,
        withdrawn: false,
    }
}

/// The first page, one twenty pages on, and the last.
fn one_list(database: &Database, context: &Context, select: &Select, what: &str) {
    let read = |place: &Place| page(&database.snapshot().unwrap(), context, select, place, 50);
    let first = match read(&Place::Start) {
        Ok(first) => first,
        Err(unread) => return println!("{what}: {unread}"),
    };
    let index = if first.sorted_by_index { "by index" } else { "sorted" };
    time(&format!("{what} ({index}): first"), || drop(read(&Place::Start).unwrap()));
    let mut place = Place::Start;
    for _ in 0..20 {
        if let Page { after: Some(after), .. } = read(&place).unwrap() {
            place = Place::After(after);
        }
    }
    time("    page 21", || drop(read(&place).unwrap()));
    time("    last", || drop(read(&Place::End).unwrap()));
    if std::env::var_os("PLAN").is_some() {
        let snapshot = database.snapshot().unwrap();
        for one in explain(&snapshot, context, select, &place, 50).unwrap() {
            println!("      {}\n        {}", one.sql, one.plan.join("\n        "));
        }
    }
}

fn searches(database: &Database, dialect: Dialect) {
    let all = [Within { audience: Audience::Whole, any_of: vec![] }];
    let token = |key| RightToken::of(&name("service"), Key(key));
    let some = [
        Within { audience: Audience::Public, any_of: (0..20).map(token).collect() },
        Within { audience: Audience::Whole, any_of: (20..24).map(token).collect() },
    ];
    for (what, within) in [("all", &all[..]), ("within 24 rights", &some[..])] {
        for words in [
            "network printer",
            "network",
            "printer",
            "w0 w1",
            "网络 打印机",
            "w29000 printer",
            "网",
        ] {
            let read = |before| {
                let query = Query { words, types: &[], within, before, limit: 50 };
                find(&database.snapshot().unwrap(), dialect, &query).unwrap()
            };
            let found = read(None);
            let label = format!("search {words} ({what}), {} hits of a page", found.keys.len());
            time(&label, || assert!(read(None).keys.len() <= 50));
            if let Some(more) = found.more {
                time("    next page", || assert!(read(Some(more)).keys.len() <= 50));
            }
        }
    }
    if dialect == Dialect::Sqlite {
        let sizes = "SELECT name, SUM(pgsize) FROM dbstat WHERE name LIKE 'search%' GROUP BY 1";
        let rows = database.rows(sizes, &[]).unwrap_or_default();
        for row in rows.iter().filter(|row| row.len() == 2) {
            let bytes = row[1].integer().unwrap_or(0);
            println!("{}: {} MiB", row[0].text().unwrap_or(""), bytes >> 20);
        }
    }
}

/// The times of a hundred runs, or of as many as two seconds allow.
fn time(what: &str, run: impl Fn()) {
    let mut times: Vec<Duration> = Vec::new();
    let began = Instant::now();
    while times.len() < 100 && began.elapsed() < Duration::from_secs(2) {
        let start = Instant::now();
        run();
        times.push(start.elapsed());
    }
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100];
    println!("{what}: p50 {:.2?}, p99 {:.2?}", at(50), at(99));
}
