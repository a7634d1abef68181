//! What a reader may not see cannot be found out by filtering, sorting, counting or paging.

use crate::databases::each;
use crate::world::{MODEL, World, asker, filter, filter_of, name, record_type};
use model::definition::Sort;
use model::expression::Node;
use model::{Key, Value};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use store::database::Snapshot;
use store::select::{Count, Place, Select, count, page};
use store::sql::{Context, Dialect, Right, Sight};

/// A reader with a condition on nearly everything.
#[derive(Debug, Default)]
pub struct Little;

impl Sight for Little {
    fn read(&self, record_type: &str) -> Right {
        match record_type {
            "service" => of("service", "active"),
            "ticket" => of("ticket", "urgent or requester == me or service in me.services"),
            "person" => of("person", "level != 'low' or manager == me"),
            _ => Right::All,
        }
    }

    fn field(&self, record_type: &str, field: &str) -> Right {
        match (record_type, field) {
            (_, "visits") | ("person", "salary") => Right::Never,
            ("ticket", "steps" | "due" | "label") => of("ticket", "state == 'active'"),
            ("ticket", "cost" | "tags") => of("ticket", "requester is set and steps > 0"),
            ("ticket", "service") => of("ticket", "not billed"),
            ("bug", "level" | "affects") => of("bug", "severity > 0"),
            ("ticket", "related") => of("ticket", "requester == me or service.active"),
            ("service", "owner" | "budget") => of("service", "users is set"),
            ("service", "supporters") => of("service", "level == 'high'"),
            ("person", "watches") => of("person", "manager is set"),
            _ => Right::All,
        }
    }

    fn whole_text(&self, _record_type: &str) -> Right {
        Right::Never
    }
}

/// Each condition is read once: a test asks for it thousands of times.
fn of(of: &'static str, text: &'static str) -> Right {
    static READ: LazyLock<Mutex<HashMap<(&str, &str), Node>>> = LazyLock::new(Mutex::default);
    let mut read = READ.lock().unwrap();
    let node = read.entry((of, text)).or_insert_with(|| filter_of(of, text).node);
    Right::Where(node.clone())
}

/// Sees everything but the steps of tickets and services that are not active.
struct NoSteps;

impl Sight for NoSteps {
    fn read(&self, record_type: &str) -> Right {
        if record_type == "service" { of("service", "active") } else { Right::All }
    }

    fn field(&self, _record_type: &str, field: &str) -> Right {
        if field == "steps" { Right::Never } else { Right::All }
    }

    fn whole_text(&self, _record_type: &str) -> Right {
        Right::All
    }
}

fn list(filter: &model::Expression) -> Select<'_> {
    Select {
        record_type: record_type("ticket"),
        filters: vec![&filter.node],
        sort: vec![],
        columns: vec![name("steps"), name("subject")],
        as_of: None,
        withdrawn: false,
    }
}

fn on(world: &World, test: impl Fn(&Snapshot, &Context)) {
    let asker = asker(world);
    each(world, |database, dialect: Dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: &NoSteps };
        test(&database.snapshot().unwrap(), &context);
    });
}

#[test]
fn a_hidden_field_is_unset_to_a_filter() {
    let world = World::random(3, 60);
    on(&world, |snapshot, context| {
        let all = count(snapshot, context, &list(&filter("true")), 1000).unwrap();
        for (text, wanted) in [
            ("steps > -5", Count::Exactly(0)),
            ("steps is set", Count::Exactly(0)),
            ("steps in [1, 2, 3]", Count::Exactly(0)),
            ("steps == unset", all),
            ("not (steps > 2)", all),
            ("steps + 1 == 2", Count::Exactly(0)),
            ("parent.steps is set", Count::Exactly(0)),
            ("7 in related.steps", Count::Exactly(0)),
        ] {
            assert_eq!(count(snapshot, context, &list(&filter(text)), 1000), Ok(wanted), "{text}");
        }
    });
}

#[test]
fn a_hidden_field_neither_shows_nor_sorts() {
    let world = World::random(3, 60);
    on(&world, |snapshot, context| {
        let all = filter("true");
        let mut by_steps = list(&all);
        by_steps.sort = vec![Sort { field: name("steps"), descending: false }];
        let page = |select| page(snapshot, context, select, &Place::Start, 20).unwrap();
        let (sorted, plain) = (page(&by_steps), page(&list(&all)));
        assert_eq!(sorted.rows, plain.rows);
        assert!(sorted.rows.iter().all(|row| row.values[0] == Value::Unset));
        assert!(sorted.rows.iter().all(|row| row.values[1].is_set()));
    });
}

#[test]
fn hidden_targets_are_not_counted_or_stepped_to() {
    let world = World::random(3, 60);
    let seen = |key: &Key| world.things[key].values.get("active") == Some(&Value::YesNo(true));
    on(&world, |snapshot, context| {
        let filter = filter("count(affects) == 1");
        let counted = page(snapshot, context, &list(&filter), &Place::Start, 1000).unwrap();
        let keys: Vec<Key> = counted.rows.iter().map(|row| row.key).collect();
        let tickets = world.things.keys().filter(|key| key.0 > 100);
        let one = |key: &&Key| {
            world.far("ticket.affects", false, **key).iter().filter(|k| seen(k)).count() == 1
        };
        assert_eq!(keys, tickets.filter(one).copied().collect::<Vec<_>>());

        let stepped = crate::world::filter("service.code is set");
        let stepped = page(snapshot, context, &list(&stepped), &Place::Start, 1000).unwrap();
        assert!(!stepped.rows.is_empty());
        for row in stepped.rows {
            assert!(seen(&world.things[&row.key].values["service"].as_key().unwrap()));
        }
    });
}

/// A reference that a step ends in is set where the record that it names may be read.
#[test]
fn a_step_to_a_hidden_reference_is_unset() {
    let world = World::random(3, 60);
    let seen = |key: Key| world.things[&key].values.get("active") == Some(&Value::YesNo(true));
    let service = |key: Key| world.things[&key].values.get("service").and_then(Value::as_key);
    let step = |key: Key| world.things[&key].values.get("parent")?.as_key().and_then(service);
    on(&world, |snapshot, context| {
        let filter = filter("parent.service is set");
        let found = page(snapshot, context, &list(&filter), &Place::Start, 1000).unwrap();
        let keys: Vec<Key> = found.rows.iter().map(|row| row.key).collect();
        let tickets = world.things.keys().copied().filter(|key| key.0 > 100);
        let (shown, all): (Vec<Key>, Vec<Key>) = tickets
            .filter(|key| step(*key).is_some())
            .partition(|key| step(*key).is_some_and(seen));
        assert!(!shown.is_empty() && !all.is_empty());
        assert_eq!(keys, shown);
    });
}

#[test]
fn references_sort_by_the_titles_that_may_be_read() {
    let world = World::random(3, 60);
    on(&world, |snapshot, context| {
        let filter = filter("service is set");
        let mut select = list(&filter);
        select.sort = vec![Sort { field: name("service"), descending: false }];
        select.columns = vec![name("service")];
        let rows = page(snapshot, context, &select, &Place::Start, 1000).unwrap().rows;
        let title = |row: &store::select::Record| {
            let service = &world.things[&row.values[0].as_key().unwrap()];
            let active = service.values.get("active") == Some(&Value::YesNo(true));
            let code = service.values["code"].as_text().unwrap();
            (
                !active,
                if active { store::sql::order::title_key(code) } else { String::new() },
                row.key,
            )
        };
        assert!(rows.is_sorted_by_key(title));
    });
}
