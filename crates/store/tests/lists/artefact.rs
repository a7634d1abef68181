//! The reviewed SQL of a table of conditions and lists, for both databases.

use crate::sight::Little;
use crate::world::{MODEL, World, asker, filter, name, record_type};
use model::definition::Sort;
use std::fmt::Write;
use std::path::Path;
use store::Cell;
use store::select::{Place, Select, statements};
use store::sql::{Context, Dialect, Ground, Sight, WHOLE, condition};

const FILE: &str = "../../tests/output/sql.txt";

const CONDITIONS: &[&str] = &[
    "state == 'fresh'",
    "level != 'low'",
    "level < 'high'",
    "steps == unset",
    "steps > 1",
    "not (steps > 1)",
    "not (steps > 1 and urgent)",
    "steps == visits",
    "ratio > steps",
    "steps + visits > 2",
    "cost == 'CNY 1.00'",
    "cost < price",
    "label == 'Mail'",
    "label is set",
    "'red' in tags",
    "tags == ['red', 'blue']",
    "due - 15m < now()",
    "wanted_on + 1d == begun_on",
    "requester == me",
    "service in me.services",
    "'agent' in me.roles",
    "service.owner == me",
    "service.budget > 'CNY 1.00'",
    "service.supporters is set",
    "service in affects",
    "me in affects.owner",
    "me in affects.supporters",
    "count(affects) > 0",
    "count(ticket.related) > 2",
    "matrix('risk', level, impact) == 'high'",
    "search('disk full')",
    "query.number == steps",
];

const LISTS: &[(&str, &str)] = &[
    ("true", "-number"),
    ("state in ['fresh', 'active']", "level due"),
    ("requester == me or service in me.services", "-due"),
    ("steps > 1", "detail"),
    ("urgent", "service subject"),
];

#[test]
fn sql_is_as_reviewed() {
    let mut text = String::from("The SQL of conditions and lists, as reviewed.\n");
    for condition in CONDITIONS {
        let _ = write!(text, "\n{condition}\n");
        for sight in [WHOLE as &dyn Sight, &Little] {
            both(&mut text, &|dialect| vec![of_condition(condition, dialect, sight)]);
        }
    }
    for (filter, sort) in LISTS {
        for place in ["first page", "next page"] {
            let _ = write!(text, "\nlist: {filter}, sorted by {sort}, {place}\n");
            both(&mut text, &|dialect| of_list(filter, sort, place == "next page", dialect));
        }
    }
    compare(&text);
}

/// One text where both databases have the same.
fn both(text: &mut String, of: &dyn Fn(Dialect) -> Vec<String>) {
    let (sqlite, postgres) = (of(Dialect::Sqlite), of(Dialect::Postgres));
    for (name, lines) in [("sqlite", sqlite), ("postgres", postgres)] {
        for line in lines {
            let _ = writeln!(text, "  {name}: {line}");
        }
    }
}

fn shown((sql, cells): (String, Vec<Cell>)) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => format!("'{text}'"),
        Cell::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let cells: Vec<String> = cells.iter().map(cell).collect();
    if cells.is_empty() { sql } else { format!("{sql} -- {}", cells.join(", ")) }
}

fn of_condition(text: &str, dialect: Dialect, sight: &dyn Sight) -> String {
    let asker = asker(&World::random(1, 5));
    let context = Context { model: &MODEL, dialect, asker: &asker, sight };
    let ground = Ground::new(context, record_type("ticket"), None);
    shown(condition(&ground, &filter(text).node).unwrap().finish())
}

fn of_list(text: &str, sort: &str, next: bool, dialect: Dialect) -> Vec<String> {
    let asker = asker(&World::random(1, 5));
    let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
    let filter = filter(text);
    let field = |text: &str| Sort {
        field: name(text.trim_start_matches('-')),
        descending: text.starts_with('-'),
    };
    let select = Select {
        record_type: record_type("ticket"),
        filters: vec![&filter.node],
        sort: sort.split_whitespace().map(field).collect(),
        columns: vec![name("subject")],
        as_of: None,
        withdrawn: false,
    };
    let place = if next { Place::After(cursor(&select, sort)) } else { Place::Start };
    statements(&context, &select, &place, 50).unwrap().into_iter().map(shown).collect()
}

/// The cursor of a row that is found on a small world.
fn cursor(select: &Select, sort: &str) -> String {
    let world = World::random(1, 200);
    let asker = asker(&world);
    let database = store::testing::sqlite().database;
    world.write(&database);
    let context = Context { model: &MODEL, dialect: Dialect::Sqlite, asker: &asker, sight: WHOLE };
    let page =
        store::select::page(&database.snapshot().unwrap(), &context, select, &Place::Start, 3);
    page.unwrap().after.unwrap_or_else(|| panic!("few rows by {sort}"))
}

fn compare(wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let line = found.lines().zip(wanted.lines()).position(|(a, b)| a != b);
    assert!(found == wanted, "tests/output/sql.txt differs at line {line:?}: UPDATE=1 rewrites it");
}
