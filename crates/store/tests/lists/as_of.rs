//! Lists as of an instant: rows, references and links as they stood then.

use crate::databases::each;
use crate::world::{DAY, MODEL, NOW, Tie, World, asker, filter, name, record_type};
use model::definition::Sort;
use model::{Key, Value};
use store::select::{Place, Select, page};
use store::sql::{Context, WHOLE};

/// Ticket 101 had one step until two days ago, then two; it affected service 11 until yesterday,
/// then 12. Ticket 102 was made yesterday.
fn world() -> World {
    let mut world = World::random(5, 2);
    world.ties.clear();
    let tie = |to, since, until| Tie {
        link: "ticket.affects",
        from: Key(101),
        to: Key(to),
        since,
        until,
    };
    world.ties.push(tie(11, NOW - 9 * DAY, Some(NOW - DAY)));
    world.ties.push(tie(12, NOW - DAY, None));
    let service = world.things.get_mut(&Key(11)).unwrap();
    service.valid_from = NOW - 20 * DAY;
    let ticket = world.things.get_mut(&Key(101)).unwrap();
    ticket.values.insert(name("service"), Value::Reference(Key(11)));
    let mut old = ticket.clone();
    ticket.values.insert(name("steps"), Value::Integer(2));
    ticket.valid_from = NOW - 2 * DAY;
    old.values.insert(name("steps"), Value::Integer(1));
    old.valid_from = NOW - 9 * DAY;
    world.was.push((old, NOW - 2 * DAY));
    world.things.get_mut(&Key(102)).unwrap().valid_from = NOW - DAY;
    world
}

#[test]
fn a_list_is_as_it_stood() {
    let world = world();
    let asker = asker(&world);
    each(&world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
        let snapshot = database.snapshot().unwrap();
        let keys = |text: &str, at: i64| {
            let filter = filter(text);
            let select = Select {
                record_type: record_type("ticket"),
                filters: vec![&filter.node],
                sort: vec![Sort { field: name("steps"), descending: true }],
                columns: vec![name("steps")],
                as_of: Some(at),
                withdrawn: false,
            };
            let page = page(&snapshot, &context, &select, &Place::Start, 9).unwrap();
            let mut keys: Vec<i64> = page.rows.iter().map(|row| row.key.0).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys("true", NOW), [101, 102]);
        assert_eq!(keys("true", NOW - DAY - 1), [101]);
        assert_eq!(keys("true", NOW - 9 * DAY - 1), [] as [i64; 0]);
        assert_eq!(keys("steps == 2 and type is set and number == 1", NOW - 2 * DAY), [101]);
        assert_eq!(keys("steps == 1", NOW - 2 * DAY - 1), [101]);
        assert_eq!(keys("steps == 1 and number == 1", NOW), [] as [i64; 0]);
        assert_eq!(keys("service in affects", NOW - 3 * DAY), [101]);
        assert_eq!(keys("service in affects", NOW - DAY), [] as [i64; 0]);
        assert_eq!(keys("count(affects) == 1 and service.code is set", NOW - DAY), [101]);
    });
}
