//! The demo organization: a small fill leaves no refusal, has what is promised in both languages,
//! is the same for the same seed, and its ledger verifies.

#[allow(dead_code)]
#[path = "../../src/demo/bank/mod.rs"]
mod bank;

use super::world::{Time, product, verify};
use bank::{Figures, Plan};
use engine::definitions::{self, Quiet};
use engine::sealer::{Round, Sealer};
use engine::{Engine, Question, Session};
use std::sync::Arc;
use store::Database;
use store::testing::Prepared;

/// The definitions and not one record.
static EMPTY: Prepared = Prepared::new("evenkeel_empty", |database| {
    open(database.clone());
});

/// An engine on an empty database, at [`NOW`].
struct Bare {
    engine: Engine,
    _database: store::testing::World,
}

impl Bare {
    fn new() -> Bare {
        let world = EMPTY.sqlite();
        Bare { engine: open(world.database.clone()), _database: world }
    }
}

fn open(database: Database) -> Engine {
    let time = Time::new(5);
    time.set(NOW);
    match definitions::open(database, Arc::new(time), &product(), None, &mut Quiet) {
        Ok(engine) => engine,
        Err(unfit) => panic!("{unfit:?}"),
    }
}

/// Monday, 2026-07-06, 15:00 in Shanghai.
const NOW: i64 = 1_783_321_200_000_000;
const WEEKS: i64 = 4;

fn fill(world: &Bare, plan: &Plan) -> Figures {
    let figures = bank::fill(&world.engine, plan, &mut |_| {});
    figures.unwrap_or_else(|error| panic!("{error:?}"))
}

fn count(world: &Bare, record_type: &str, filter: &str) -> u64 {
    let question = Question {
        record_type: record_type.into(),
        filter: Some(filter.into()),
        ..Question::default()
    };
    let counted = Session::system(&world.engine).count(&question);
    match counted.unwrap_or_else(|error| panic!("{record_type} {filter}: {error:?}")) {
        engine::Count::Exactly(some) | engine::Count::AtLeast(some) => some as u64,
    }
}

#[test]
fn a_small_fill_is_a_whole_organization() {
    let world = Bare::new();
    let figures = fill(&world, &Plan { seed: 7, now: NOW, days: 7 * WEEKS, share: 60 });
    assert_eq!(figures.refused, Vec::<String>::new(), "{figures:?}");
    for (record_type, filter, least) in PROMISED {
        let found = count(&world, record_type, filter);
        assert!(found >= *least, "{record_type} where {filter}: {found} of {least}");
    }
    let mut sealer = Sealer::new(&world.engine, "test");
    let sealed = sealer.drain().unwrap();
    assert!(matches!(sealed, Round::Sealed(sealed) if sealed as u64 >= figures.commands));
    assert!(verify(&world.engine).1, "the ledger is not sound");
}

/// Record type, filter, how many there are at least.
const PROMISED: &[(&str, &str, u64)] = &[
    ("person", "staff", 30),
    ("person", "language == 'zh'", 25),
    ("person", "language == 'en'", 15),
    ("person", "left_on is set", 1),
    ("person", "away_from <= now() and away_until > now() and substitute is set", 2),
    ("team", "lead is set", 6),
    ("service", "state == 'live'", 25),
    ("configuration_item", "state == 'live'", 380),
    ("holiday", "kind == 'working_day'", 5),
    ("incident", "state == 'closed'", 60),
    ("incident", "state in ['new', 'active']", 1),
    ("incident", "state in ['awaiting_user', 'awaiting_supplier']", 1),
    ("incident", "confidential", 2),
    ("incident", "priority == 'high'", 3),
    ("change", "kind == 'standard'", 5),
    ("change", "kind == 'normal' and state == 'closed'", 1),
    ("change", "kind == 'emergency'", 1),
    ("change", "planned_start > now()", 1),
    ("change_freeze", "reason is set", 1),
    ("release", "summary is set", 2),
    ("service_transition", "summary is set", 1),
    ("problem", "summary is set", 1),
];

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let plan = Plan { seed: 3, now: NOW, days: 10, share: 30 };
    assert_eq!(fill(&Bare::new(), &plan), fill(&Bare::new(), &plan));
}

/// With the traffic that everybody sees at their first start; near holidays too, whatever the day
/// is.
#[test]
fn full_weeks_leave_no_refusal() {
    const DAY: i64 = 86_400_000_000;
    for later in [0, 95] {
        let plan = Plan { seed: 20_000, now: NOW + later * DAY, days: 7 * WEEKS, share: 100 };
        assert_eq!(fill(&Bare::new(), &plan).refused, Vec::<String>::new(), "{later} days later");
    }
}
