//! Counts, shares and distributions against the same computed in memory.

use crate::databases::each;
use crate::facts::{Of, value};
use crate::world::{DAY, MODEL, NOW, Thing, World, asker, filter, name, record_type};
use model::expression::{Node, Place as Stands, check};
use model::{Expression, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::select::{
    Count, Group, Grouping, Periods, Select, aggregate, count, distribution, each as all, values,
};
use store::sql::{Asker, Context, WHOLE};

fn list(filter: &Expression) -> Select<'_> {
    Select {
        record_type: record_type("ticket"),
        filters: vec![&filter.node],
        sort: vec![],
        columns: vec![],
        as_of: None,
        withdrawn: false,
    }
}

fn grouping() -> Grouping {
    let boundaries = (-4..=1).map(|day| NOW + day * DAY).collect();
    Grouping {
        by: Some(name("level")),
        periods: Some(Periods { at: name("created_at"), boundaries }),
    }
}

fn group(thing: &Thing) -> Option<(i64, Value)> {
    let day = (thing.created_at - (NOW - 4 * DAY)).div_euclid(DAY);
    (0..5).contains(&day).then(|| (day, value(thing, "level")))
}

fn tickets<'a>(world: &'a World, asker: &'a Asker, filter: &Expression) -> Vec<&'a Thing> {
    let holds = |thing: &&Thing| {
        record_type(&thing.record_type).is_a("ticket")
            && filter.holds(&Of { world, thing, asker, sight: None })
    };
    world.things.values().filter(holds).collect()
}

fn key(group: &Group) -> (i64, String) {
    (group.period.unwrap() as i64, format!("{:?}", group.by))
}

#[test]
fn counts_and_shares() {
    let world = World::random(21, 90);
    let asker = asker(&world);
    let (over, share) = (filter("state != 'closed'"), filter("urgent or steps > 1"));
    let mut wanted: BTreeMap<(i64, String), (i64, i64)> = BTreeMap::new();
    for thing in tickets(&world, &asker, &over) {
        let Some((day, level)) = group(thing) else { continue };
        let tally = wanted.entry((day, format!("{level:?}"))).or_default();
        tally.0 += 1;
        tally.1 += i64::from(share.holds(&Of { world: &world, thing, asker: &asker, sight: None }));
    }
    each(&world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
        let snapshot = database.snapshot().unwrap();
        let tallies =
            aggregate(&snapshot, &context, &list(&over), &grouping(), Some(&share.node)).unwrap();
        let found: BTreeMap<_, _> =
            tallies.iter().map(|t| (key(&t.group), (t.records, t.holding))).collect();
        assert_eq!(found, wanted);
        let whole =
            aggregate(&snapshot, &context, &list(&over), &Grouping::default(), None).unwrap();
        assert_eq!(whole[0].records as usize, tickets(&world, &asker, &over).len());
    });
}

#[test]
fn counts_are_bounded() {
    let world = World::random(21, 30);
    let asker = asker(&world);
    each(&world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
        let snapshot = database.snapshot().unwrap();
        let (all, none) = (filter("true"), filter("false"));
        let counted = |filter, limit| count(&snapshot, &context, &list(filter), limit).unwrap();
        assert_eq!(counted(&all, 30), Count::Exactly(30));
        assert_eq!(counted(&all, 29), Count::AtLeast(29));
        assert_eq!(counted(&none, 29), Count::Exactly(0));
    });
}

#[test]
fn distributions() {
    let world = World::random(22, 90);
    let asker = asker(&world);
    let over = filter("steps > -9 and steps < 9");
    let number = check("steps + 1", "ticket", Stands::Value, None, &*MODEL).unwrap().node;
    let mut wanted: BTreeMap<(i64, String), Vec<i64>> = BTreeMap::new();
    for thing in tickets(&world, &asker, &over) {
        if let (Some((day, level)), Value::Integer(n)) = (group(thing), value(thing, "steps")) {
            wanted.entry((day, format!("{level:?}"))).or_default().push(n + 1);
        }
    }
    wanted.values_mut().for_each(|numbers| numbers.sort());
    each(&world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
        let snapshot = database.snapshot().unwrap();
        let found = distribution(&snapshot, &context, &list(&over), &grouping(), &number).unwrap();
        assert_eq!(found.len(), wanted.len());
        for (group, got) in found {
            let numbers = &wanted[&key(&group)];
            let count = numbers.len();
            assert_eq!((got.count as usize, got.max), (count, numbers[count - 1]));
            let mean = numbers.iter().sum::<i64>() as f64 / count as f64;
            let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b} {numbers:?}");
            near(got.mean, mean);
            near(got.median, quantile(numbers, 0.5));
            near(got.p90, quantile(numbers, 0.9));
        }
        listed(&snapshot, &context, &over, &number, &wanted);
    });
}

/// Linear interpolation, straight from its definition.
fn quantile(sorted: &[i64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low as f64 + (high - low) as f64 * (place - place.floor())
}

fn listed(
    snapshot: &store::Snapshot,
    context: &Context,
    over: &Expression,
    number: &Node,
    wanted: &BTreeMap<(i64, String), Vec<i64>>,
) {
    let mut found: BTreeMap<(i64, String), Vec<i64>> = BTreeMap::new();
    let mut last = 0;
    values(snapshot, context, &list(over), &grouping(), number, &mut |record, group, number| {
        assert!(record.0 > last);
        last = record.0;
        found.entry(key(&group)).or_default().push(number);
        ControlFlow::Continue(())
    })
    .unwrap();
    found.values_mut().for_each(|numbers| numbers.sort());
    assert_eq!(found, *wanted);
}

#[test]
fn an_export_goes_through_all_rows() {
    let world = World::random(23, 1100);
    let asker = asker(&world);
    each(&world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
        let everything = filter("true");
        let mut rows = 0;
        all(&database.snapshot().unwrap(), &context, &list(&everything), &mut |_| {
            rows += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(rows, 1100);
    });
}

#[test]
fn a_long_export_is_sorted_once() {
    let world = World::random(24, 5_100);
    let asker = asker(&world);
    each(&world, |database, dialect| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: WHOLE };
        let everything = filter("true");
        let sort = model::definition::Sort { field: name("ratio"), descending: false };
        let select = Select { sort: vec![sort], columns: vec![name("ratio")], ..list(&everything) };
        let mut ratios = Vec::new();
        all(&database.snapshot().unwrap(), &context, &select, &mut |record| {
            ratios.push(match record.values[0] {
                Value::Decimal(decimal) => (false, decimal.units),
                _ => (true, 0),
            });
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(ratios.len(), 5_100);
        assert!(ratios.is_sorted());
    });
}
