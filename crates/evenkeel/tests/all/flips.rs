//! What asks for the time changes its answer although nobody writes: a clock at its very instant,
//! by a timer, however late the timer comes; claims and counts from that instant on.

use crate::world::{Known, World, on_each, product};
use engine::catalogue::Catalogue;
use engine::definitions::{self, Product};
use engine::jobs::{BREACH, next_due, run_due};
use engine::{Count, Question};
use serde_json::{Map, Value as Json, json};
use store::core::clock;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// A clock whose start and stop are moments.
const CLOCK: &str = r#"
[clock.by_itself]
label    = { en = "By itself", zh = "自动" }
start    = "now() >= opened_at + 10h"
stop     = "now() >= opened_at + 14h"
calendar = "service_hours"
target   = "2h"

"#;

/// The product's definitions, incidents with one clock more.
fn with_clock() -> Catalogue {
    let file = |(path, text): &(&'static str, &'static str)| {
        let before = "[clock.response]";
        let more = if *path == "incident/incident.toml" { CLOCK } else { "" };
        (*path, &*text.replace(before, &format!("{more}{before}")).leak())
    };
    let files: Vec<(&str, &str)> = processes::FILES.iter().map(file).collect();
    let product = Product { files: &files, ..product() };
    Catalogue::new(1, definitions::load(&product, &Default::default()).unwrap())
}

/// An incident, and when its clock begins by itself.
fn incident(world: &World) -> (Known, i64) {
    let opened = world.engine.now();
    world.given_with("incident", "Move the rack", opened_at(opened));
    (world.known("Move the rack").unwrap(), opened + 10 * HOUR)
}

fn opened_at(at: i64) -> Map<String, Json> {
    let at = jiff::Timestamp::from_microsecond(at).unwrap().to_string();
    let fields = json!({ "occurred_at": at, "opened_at": at });
    fields.as_object().unwrap().clone()
}

fn row(world: &World, known: &Known) -> Option<clock::Clock> {
    let rows = clock::of(world.engine.database(), &[known.key]).unwrap();
    rows.into_iter().find(|row| &*row.name == "by_itself")
}

/// When the clock was started and stopped, and whether it was told that it is breached.
fn course(world: &World, known: &Known) -> Option<(i64, Option<i64>, bool)> {
    let id = known.id.to_string();
    let past = world.system().history("incident", &id, None, 100).unwrap();
    let told = past.entries.iter().filter(|entry| entry["kind"] == BREACH);
    let told = told.filter(|entry| entry["changes"].to_string().contains("\"by_itself\""));
    let (count, row) = (told.count(), row(world, known)?);
    assert!(count < 2, "it is told once");
    Some((row.started_at, row.stopped_at, count == 1))
}

fn version(world: &World, known: &Known) -> i64 {
    world.system().read("incident", &known.id.to_string(), None).unwrap().version
}

#[test]
fn a_clock_starts_and_stops_at_its_instants_though_nobody_writes() {
    on_each(|world| {
        world.engine.replace_catalogue(with_clock());
        let (known, begins) = incident(world);
        let before = version(world, &known);
        for (now, wanted) in [
            (begins - 1, None),
            (begins, Some((begins, None, false))),
            // Due is in time.
            (begins + 2 * HOUR, Some((begins, None, false))),
            (begins + 2 * HOUR + 1, Some((begins, None, true))),
            (begins + 4 * HOUR - 1, Some((begins, None, true))),
            (begins + 4 * HOUR, Some((begins, Some(begins + 4 * HOUR), true))),
        ] {
            world.go_on(now);
            assert_eq!(course(world, &known), wanted, "{} after it begins", now - begins);
        }
        assert_eq!(version(world, &known), before, "nobody wrote the record");
    });
}

/// Nobody looked for a day; what happens then happens as of its own instant.
#[test]
fn a_timer_that_comes_late_counts_from_its_instant() {
    on_each(|world| {
        world.engine.replace_catalogue(with_clock());
        let (known, begins) = incident(world);
        world.time.set(begins + DAY);
        while next_due(&world.engine).unwrap().is_some_and(|due| due <= world.engine.now()) {
            run_due(&world.engine, "late", world.engine.now()).unwrap();
        }
        let (started, stopped, _) = course(world, &known).unwrap();
        assert_eq!((started, stopped), (begins, Some(begins + 4 * HOUR)));
    });
}

/// Another time to begin overtakes the timer that was set.
#[test]
fn a_timer_that_was_overtaken_does_nothing() {
    on_each(|world| {
        world.engine.replace_catalogue(with_clock());
        let (known, begins) = incident(world);
        let (earlier, fields) = (begins - 5 * HOUR, opened_at(begins - 15 * HOUR));
        world.edit(&known, Json::Object(fields));
        world.go_on(earlier - 1);
        assert_eq!(course(world, &known), None);
        world.go_on(earlier);
        assert_eq!(course(world, &known), Some((earlier, None, false)));
        world.go_on(begins + DAY);
        assert_eq!(course(world, &known), Some((earlier, Some(earlier + 4 * HOUR), true)));
    });
}

#[test]
fn claims_and_counts_are_other_from_the_instant_on() {
    on_each(|world| {
        let more = json!({ "confidential": true });
        world.given_with("incident", "A lost badge", more.as_object().unwrap().clone());
        let opened = world.engine.now();
        let question = Question { record_type: "incident".into(), ..Question::default() };
        for (now, holding) in [
            (opened, 1),
            (opened + 30 * DAY, 1),
            (opened + 30 * DAY + 1, 0),
            (opened + 31 * DAY, 0),
        ] {
            world.go_on(now);
            let claimed = world.system().claim("security_incidents_are_resolved", &question);
            let claimed = claimed.unwrap();
            assert_eq!((claimed.population, claimed.holding), (1, holding), "{}", now - opened);
            let filter = Some("opened_at + 30d >= now()".to_string());
            let count = world.system().count(&Question { filter, ..question.clone() });
            assert_eq!(count, Ok(Count::Exactly(usize::try_from(holding).unwrap())));
        }
    });
}
