//! Pages: every record once, in order, in both directions, whatever is unset; and the branches of
//! a list together are the list.

use crate::databases::each;
use crate::facts::value;
use crate::sight::Little;
use crate::world::{MODEL, World, asker, filter, name, record_type};
use model::definition::Sort;
use model::{Expression, Key, Value};
use std::cmp::Ordering;
use store::database::Snapshot;
use store::select::{Explained, Page, Place, Record, Select, Unread, explain, page};
use store::sql::{Context, Dialect, Sight, WHOLE};

/// Sorted by `-due level`: fields with a minus descend.
fn list<'a>(filter: &'a Expression, sort: &str) -> Select<'a> {
    let field = |text: &str| Sort {
        field: name(text.trim_start_matches('-')),
        descending: text.starts_with('-'),
    };
    Select {
        record_type: record_type("ticket"),
        filters: vec![&filter.node],
        sort: sort.split_whitespace().map(field).collect(),
        columns: vec![],
        as_of: None,
        withdrawn: false,
    }
}

fn on(world: &World, sight: &dyn Sight, test: impl Fn(&Snapshot, &Context)) {
    let asker = asker(world);
    each(world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight };
        test(&database.snapshot().unwrap(), &context);
    });
}

/// All pages from the start on, or from the end back, as one list in the order of the list.
fn walk(snapshot: &Snapshot, context: &Context, select: &Select, back: bool) -> Vec<Record> {
    let mut place = if back { Place::End } else { Place::Start };
    let mut all: Vec<Record> = Vec::new();
    for _ in 0..100 {
        let Page { rows, before, after, .. } = page(snapshot, context, select, &place, 7).unwrap();
        if back {
            all.splice(0..0, rows);
        } else {
            all.extend(rows);
        }
        place = match if back { before.map(Place::Before) } else { after.map(Place::After) } {
            Some(next) => next,
            None => return all,
        };
    }
    panic!("a walk without end");
}

const SORTS: &[&str] = &[
    "",
    "number",
    "-number",
    "subject",
    "-subject",
    "detail",
    "label",
    "-label",
    "requester",
    "-service",
    "level",
    "-level",
    "state",
    "urgent",
    "-urgent",
    "steps",
    "-steps",
    "ratio",
    "cost",
    "-cost",
    "wanted_on",
    "due",
    "-due",
    "spent",
    "created_by",
    "-created_at",
    "type",
    "level due",
    "level -due",
    "-level due",
    "-level -due",
    "state level due",
    "-state -level -due",
    "state level steps",
    "state -level steps",
    "urgent level -steps due",
    "steps level",
    "cost -due",
    "requester due",
    "-state number",
    "label steps",
];

#[test]
fn every_record_once_in_both_directions() {
    let world = World::random(11, 60);
    on(&world, WHOLE, |snapshot, context| {
        for text in ["true", "state in ['fresh', 'active']", "level == 'low' or urgent"] {
            let filter = filter(text);
            for sort in SORTS {
                check(&world, snapshot, context, &list(&filter, sort), &format!("{text} {sort}"));
            }
        }
    });
}

#[test]
fn every_record_a_reader_may_see_once() {
    let world = World::random(12, 60);
    on(&world, &Little, |snapshot, context| {
        let filter = filter("state in ['fresh', 'active']");
        for sort in SORTS {
            let forward = walk(snapshot, context, &list(&filter, sort), false);
            let back = walk(snapshot, context, &list(&filter, sort), true);
            assert_eq!(forward, back, "{sort}");
            assert_eq!(unique(&forward), forward.len(), "{sort}");
        }
    });
}

fn unique(rows: &[Record]) -> usize {
    rows.iter().map(|row| row.key).collect::<std::collections::HashSet<_>>().len()
}

fn check(world: &World, snapshot: &Snapshot, context: &Context, select: &Select, what: &str) {
    let forward = walk(snapshot, context, select, false);
    let back = walk(snapshot, context, select, true);
    assert_eq!(forward, back, "{what}");
    let whole = page(snapshot, context, select, &Place::Start, 1000).unwrap();
    assert_eq!(forward, whole.rows, "{what}");
    assert_eq!(unique(&forward), forward.len(), "{what}");
    let key = |key: &Key| &world.things[key];
    let sorted = forward.is_sorted_by(|a, b| in_order(select, key(&a.key), key(&b.key)));
    assert!(sorted, "{what}");
}

fn of<'a>(world: &'a World, key: &Key) -> crate::facts::Of<'a> {
    static ASKER: std::sync::LazyLock<store::sql::Asker> =
        std::sync::LazyLock::new(|| store::sql::Asker::system(crate::world::NOW));
    crate::facts::Of { world, thing: &world.things[key], asker: &ASKER, sight: None }
}

/// Whether two records may follow one another, as far as memory knows the order of their fields.
fn in_order(select: &Select, a: &crate::world::Thing, b: &crate::world::Thing) -> bool {
    for sort in &select.sort {
        let Some(order) = order(&sort.field, &value(a, &sort.field), &value(b, &sort.field)) else {
            return true;
        };
        let order = if sort.descending { order.reverse() } else { order };
        if order.is_ne() {
            return order.is_lt();
        }
    }
    let descending = select.sort.last().is_some_and(|sort| sort.descending);
    if descending { a.key > b.key } else { a.key < b.key }
}

/// Unset is last; `None` for kinds of which the order is not simple.
fn order(field: &str, a: &Value, b: &Value) -> Option<Ordering> {
    let rank = |name: &str| {
        ["low", "medium", "high", "fresh", "active", "closed"].iter().position(|n| *n == name)
    };
    Some(match (a, b) {
        _ if matches!(field, "subject" | "requester" | "service" | "created_by" | "label") => {
            return None;
        }
        (Value::Unset, Value::Unset) => Ordering::Equal,
        (Value::Unset, _) => Ordering::Greater,
        (_, Value::Unset) => Ordering::Less,
        (Value::Text(a), Value::Text(b)) if matches!(field, "level" | "state") => {
            rank(a).cmp(&rank(b))
        }
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
        (Value::Integer(a), Value::Integer(b)) | (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.units.cmp(&b.units),
        (Value::Money(a), Value::Money(b)) => (a.currency, a.minor).cmp(&(b.currency, b.minor)),
        _ => return None,
    })
}

/// Each filter in the form that is split into branches, and in one that is not.
const SPLIT: &[(&str, &str)] = &[
    ("state in ['fresh', 'active']", "not (state not in ['fresh', 'active'])"),
    (
        "state in ['fresh', 'active'] and level in ['low', 'high']",
        "not (state not in ['fresh', 'active'] or level not in ['low', 'high'])",
    ),
    (
        "requester == me or service in me.services",
        "not (requester != me and service not in me.services)",
    ),
    (
        "requester in [me, me.manager] or service in me.services or steps == 1",
        "not (requester not in [me, me.manager] and service not in me.services and steps != 1)",
    ),
];

#[test]
fn branches_together_are_the_list() {
    let world = World::random(13, 80);
    on(&world, WHOLE, |snapshot, context| {
        for (split, plain) in SPLIT {
            let (split_filter, plain_filter) = (filter(split), filter(plain));
            for sort in [
                "level due",
                "-level -due",
                "due",
                "-due",
                "level steps",
                "number",
                "",
                "state number",
            ] {
                let branches = walk(snapshot, context, &list(&split_filter, sort), false);
                let plain = walk(snapshot, context, &list(&plain_filter, sort), false);
                assert_eq!(branches, plain, "{split} {sort}");
                assert!(!branches.is_empty(), "{split}");
            }
        }
    });
}

#[test]
fn declared_indexes_give_the_order() {
    let world = World::random(13, 80);
    on(&world, WHOLE, |snapshot, context| {
        for (text, sort, wanted) in [
            ("true", "-number", true),
            ("true", "", true),
            ("true", "steps", true),
            ("true", "-steps", true),
            ("true", "level due", true),
            ("true", "level -due", false),
            ("true", "detail", false),
            ("state == 'fresh'", "level due", true),
            ("state in ['fresh', 'active']", "level due", true),
            ("state in ['fresh', 'active'] and level == 'low'", "-due", true),
            ("requester == me or service in me.services", "due", true),
            ("requester == me or billed", "due", false),
            // An index that begins with a yes or no has the yes only.
            ("urgent", "due", true),
            ("requester == me or urgent", "due", true),
            ("urgent == false", "due", false),
            ("not urgent", "due", false),
            ("true", "urgent due", false),
        ] {
            let filter = filter(text);
            let page = page(snapshot, context, &list(&filter, sort), &Place::Start, 5).unwrap();
            assert_eq!(page.sorted_by_index, wanted, "{text} {sort}");
        }
    });
}

/// What such an index leaves out the database has to know, or it would not take it.
#[test]
fn indexes_without_what_nobody_looks_for_are_used() {
    let world = World::random(13, 80);
    on(&world, WHOLE, |snapshot, context| {
        // With few records PostgreSQL reads the table, whatever there is.
        if context.dialect == Dialect::Postgres {
            return;
        }
        for (text, index) in [
            ("requester == me", "ticket__mine"),
            ("requester in [me]", "ticket__mine"),
            ("service in me.services", "ticket__of_service"),
            ("urgent", "ticket__urgent"),
        ] {
            let filter = filter(text);
            let list = list(&filter, "due");
            let plans = explain(snapshot, context, &list, &Place::Start, 5).unwrap();
            let used = |plan: &Explained| plan.plan.iter().any(|line| line.contains(index));
            assert!(!plans.is_empty() && plans.iter().all(used), "{text}: {plans:#?}");
        }
    });
}

#[test]
fn a_long_list_is_sorted_by_title_from_the_spine() {
    let world = World::random(14, 5_100);
    on(&world, WHOLE, |snapshot, context| {
        let filter = filter("urgent or urgent is not set or number < 99");
        for sort in ["subject", "-subject"] {
            let select = list(&filter, sort);
            let mut place = Place::Start;
            let mut keys = Vec::new();
            loop {
                let page = page(snapshot, context, &select, &place, 1000).unwrap();
                let few = keys.is_empty() && page.rows.len() < 1000;
                assert!(page.sorted_by_index && !few);
                keys.extend(page.rows.iter().map(|row| row.key));
                let Some(after) = page.after else { break };
                place = Place::After(after);
            }
            let title = |key: &Key| {
                let title = value(&world.things[key], "subject");
                (store::sql::order::title_key(title.as_text().unwrap()), *key)
            };
            let mut wanted: Vec<Key> = world.things.keys().filter(|k| k.0 > 100).copied().collect();
            wanted.retain(|key| filter.holds(&of(&world, key)));
            wanted.sort_by_key(title);
            if sort.starts_with('-') {
                wanted.reverse();
            }
            assert_eq!(keys, wanted);
        }
    });
}

#[test]
fn a_long_list_without_an_index_is_sorted_by_the_database() {
    let world = World::random(15, 5_100);
    on(&world, WHOLE, |snapshot, context| {
        let all = filter("true");
        for sort in ["detail", "-cost due", "label -steps", "urgent level -steps due"] {
            let select = list(&all, sort);
            let (mut place, mut back) = (Place::Start, Place::End);
            let (mut forward, mut backward) = (Vec::new(), Vec::new());
            for _ in 0..6 {
                let ahead = page(snapshot, context, &select, &place, 1000).unwrap();
                let behind = page(snapshot, context, &select, &back, 1000).unwrap();
                assert!(!ahead.sorted_by_index);
                forward.extend(ahead.rows);
                backward.splice(0..0, behind.rows);
                place = ahead.after.map_or(Place::Start, Place::After);
                back = behind.before.map_or(Place::End, Place::Before);
            }
            assert_eq!((forward.len(), unique(&forward)), (5_100, 5_100), "{sort}");
            assert_eq!(forward, backward, "{sort}");
            let key = |row: &Record| &world.things[&row.key];
            assert!(forward.is_sorted_by(|a, b| in_order(&select, key(a), key(b))), "{sort}");
        }
    });
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let world = World::random(13, 40);
    on(&world, WHOLE, |snapshot, context| {
        let (all, urgent) = (filter("true"), filter("urgent"));
        let cursor = page(snapshot, context, &list(&all, "due"), &Place::Start, 5).unwrap().after;
        let after = Place::After(cursor.unwrap());
        assert!(page(snapshot, context, &list(&all, "due"), &after, 5).is_ok());
        for other in [list(&all, "-due"), list(&all, "steps"), list(&urgent, "due")] {
            assert_eq!(page(snapshot, context, &other, &after, 5), Err(Unread::Cursor));
        }
        let damaged = Place::After("AAAA".to_string());
        assert_eq!(page(snapshot, context, &list(&all, "due"), &damaged, 5), Err(Unread::Cursor));
    });
}
