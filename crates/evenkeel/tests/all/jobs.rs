//! The job runner on real records: warnings and breaches told once, transitions after a time,
//! clocks that follow their calendar, and all of it exactly once with several processes.

use crate::world::{Known, World, create, on_each};
use engine::jobs::{BREACH, WARNING, next_due, run_due};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::core::{clock, job};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

fn incident(world: &World, summary: &str) -> Known {
    let fields = json!({ "summary": summary, "impact": "high", "urgency": "high" });
    let made = create(&world.session("sam"), "incident", fields).unwrap();
    Known { record_type: made.record_type, key: made.key, id: made.id }
}

/// The kinds of entries of a record, oldest first, with the clock they tell of.
fn kinds(world: &World, known: &Known) -> Vec<String> {
    let past = world.system().history(&known.record_type, &known.id.to_string(), None, 100);
    let entries = past.unwrap().entries;
    let word = |entry: &serde_json::Map<String, serde_json::Value>| {
        let changes = entry["changes"].as_array().unwrap();
        let clock = changes.iter().find(|change| change["field"] == "clock");
        let clock = clock.and_then(|change| change["new"].as_str()).unwrap_or_default();
        format!("{} {clock}", entry["kind"].as_str().unwrap()).trim().to_string()
    };
    entries.iter().rev().map(word).collect()
}

#[test]
fn people_are_warned_and_told_once() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let begun = world.engine.now();
        let known = incident(world, "Mail is down");
        world.go_on(begun + 15 * HOUR / 60);
        let warned = ["create".to_string(), format!("{WARNING} response")];
        assert_eq!(kinds(world, &known), warned, "due is in time");
        world.go_on(begun + 6 * HOUR);
        let all = [
            "create".to_string(),
            format!("{WARNING} response"),
            format!("{BREACH} response"),
            format!("{WARNING} resolution"),
            format!("{BREACH} resolution"),
        ];
        assert_eq!(kinds(world, &known), all);
        world.go_on(begun + 30 * DAY);
        assert_eq!(kinds(world, &known), all);
        assert_eq!(next_due(&world.engine).unwrap(), None);
    });
}

#[test]
fn several_processes_do_each_job_once() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let all: Vec<Known> = (0..40).map(|n| incident(world, &format!("No. {n}"))).collect();
        let now = world.engine.now() + DAY;
        world.time.set(now);
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for process in 0..4 {
                let (engine, done) = (world.engine.clone(), &done);
                scope.spawn(move || {
                    let count = run_due(&engine, &format!("process {process}"), now).unwrap();
                    done.fetch_add(count, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(run_due(&world.engine, "the last", now).unwrap(), 0);
        for known in &all {
            let mut told = kinds(world, known);
            told.sort();
            let breaches = [format!("{BREACH} resolution"), format!("{BREACH} response")];
            // Too late to warn once it is breached.
            assert_eq!(told, [&breaches[..], &["create".to_string()]].concat());
        }
        assert_eq!(done.load(Ordering::SeqCst), 4 * all.len());
    });
}

#[test]
fn a_worker_that_lost_its_claim_changes_nothing() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let known = incident(world, "Mail is down");
        let now = world.engine.now() + 13 * HOUR / 60;
        world.time.set(now);
        // Claimed by a process that hangs; its claim runs out, another does the work.
        let database = world.engine.database();
        let claimed = job::claim(database, "engine", "hangs", now, now + HOUR / 60, 10).unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(run_due(&world.engine, "other", now).unwrap(), 0, "it is taken");
        world.time.set(now + HOUR / 60);
        assert_eq!(run_due(&world.engine, "other", now + HOUR / 60).unwrap(), 1);
        let mut late = store::Unit::new();
        job::finish(&mut late, &claimed[0], now);
        assert!(matches!(database.write(late), Err(store::Failure::Conflict { .. })));
        assert_eq!(kinds(world, &known).len(), 2);
    });
}

#[test]
fn a_refused_transition_is_listed_and_not_tried_again() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        world.person("ivo", &["incident_manager"]);
        let known = incident(world, "Payments fail");
        let ivo = world.session("ivo");
        ivo.bring("incident", known.key, "active").unwrap();
        let major = model::Name::new("declare_major").unwrap();
        let needs = json!({
            "service": world.given("service", "Pay").id,
            "assigned_team": world.given("team", "Desk").id,
            "major_incident_manager": world.known("ivo").unwrap().id,
        });
        let values = ivo.input("incident", needs.as_object().unwrap()).unwrap().values;
        let command = engine::Command::Transition { name: major, values, note: None };
        world.act(&known, command);
        ivo.bring("incident", known.key, "resolved").unwrap();
        world.go_on(world.engine.now() + 6 * DAY);
        let seen = world.system().read("incident", &known.id.to_string(), None).unwrap();
        assert_eq!(seen.json["state"], "resolved");
        let failed = job::failed(world.engine.database(), "engine", 10).unwrap();
        let errors: Vec<&str> = failed.iter().filter_map(|job| job.error.as_deref()).collect();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("rule-broken: "), "{errors:?}");
    });
}

#[test]
fn open_clocks_follow_their_calendar() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let known = incident(world, "Mail is down");
        let due = || {
            let rows = clock::of(world.engine.database(), &[known.key]).unwrap();
            rows.iter().find(|row| &*row.name == "resolution").unwrap().due_at.unwrap()
        };
        let before = due();
        // Two hours a day: four hours are used up on the second day.
        let calendar = world.known("service_hours").unwrap();
        let hours = "09:00-11:00";
        world.edit(&calendar, json!({ "always_open": false, "monday": hours, "tuesday": hours }));
        assert_eq!(due(), before, "a moment later");
        world.go_on(world.engine.now() + 2_000_000);
        assert_eq!(due() - before, 22 * HOUR);
        world.go_on(before + HOUR);
        let told = kinds(world, &known);
        assert!(!told.contains(&format!("{BREACH} resolution")), "{told:?}");
    });
}
