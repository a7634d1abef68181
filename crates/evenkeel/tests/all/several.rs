//! Several processes on one database: what each keeps in memory follows what another wrote within
//! the time that docs/how-to/postgresql.md states, and one of them changes tables at a time.

use crate::world::{Time, World, create, on_each, product};
use engine::access::NewToken;
use engine::definitions::{self, Quiet, Steps, Unfit};
use engine::{Command, Count, Engine, Idempotency, Order, Question, Session};
use model::{Key, Name};
use serde_json::json;
use std::sync::{Arc, Barrier, Mutex};
use store::core::definition::Files;
use store::core::{clock, lease};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;

/// How long an incident of now has until it is due.
fn time_left(engine: &Engine, account: Key) -> i64 {
    let session = &Session::new(engine, Arc::new(engine.actor(account).unwrap()));
    let fields = json!({ "summary": "Mail is down", "impact": "high", "urgency": "high" });
    let made = create(session, "incident", fields).unwrap();
    let rows = clock::of(engine.database(), &[made.key]).unwrap();
    let due = rows.iter().find(|row| &*row.name == "resolution").unwrap().due_at.unwrap();
    due - engine.now()
}

#[test]
fn a_calendar_that_another_wrote_counts_within_a_second() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam").actor().account.unwrap();
        let other = world.beside();
        let before = time_left(&other, sam);
        let calendar = world.known("service_hours").unwrap();
        let hours = "09:00-11:00";
        world.edit(&calendar, json!({ "always_open": false, "monday": hours, "tuesday": hours }));
        assert_eq!(time_left(&world.engine, sam), before + 22 * HOUR, "here at once");
        world.time.set(world.engine.now() + SECOND);
        let (here, there) = (time_left(&world.engine, sam), time_left(&other, sam));
        assert!(there == here && there != before, "{before} {here} {there}");
    });
}

#[test]
fn an_account_that_another_closed_is_out_within_a_second() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let other = world.beside();
        let account = world.session("sam").actor().account.unwrap();
        let new = NewToken { account, name: "test", scopes: &[], expires_at: None };
        let token = world.engine.create_token(&new).unwrap();
        assert!(other.authenticate(&token).is_ok());
        let hash = store::token::of_account(other.database(), account).unwrap()[0].hash;
        world.engine.revoke_token(&hash).unwrap();
        assert!(world.engine.authenticate(&token).is_err(), "here at once");
        world.time.set(world.engine.now() + SECOND);
        assert!(other.authenticate(&token).is_err());
    });
}

fn overlay(field: &str) -> Option<Files> {
    let text = format!(
        "extend = \"incident\"\n\n[add.field.{field}]\ntype = \"text\"\nmax = 20\n\
         label = {{ en = \"{field}\", zh = \"{field}\" }}\n\n[set.section.origin]\nfields = \
         [\"{field}\", \"source_system\", \"source_number\", \"source_state\", \
         \"source_close_code\"]\n"
    );
    Some(Files::from([(format!("{field}.toml"), text)]))
}

fn adopt(engine: &Engine, overlays: Option<Files>) -> Result<i64, Unfit> {
    engine.adopt(&product(), overlays, "test", &mut Quiet)
}

fn has(engine: &Engine, field: &str) -> bool {
    engine.catalogue().record_type("incident").unwrap().fields.contains_key(field)
}

#[test]
fn definitions_that_another_brought_are_followed() {
    on_each(|world| {
        let other = world.beside();
        adopt(&world.engine, overlay("branch")).unwrap();
        assert!(!has(&other, "branch"));
        assert!(other.follow(&product()).unwrap());
        assert!(has(&other, "branch"));
    });
}

#[test]
fn a_process_that_was_killed_keeps_others_from_the_tables_for_half_a_minute() {
    on_each(|world| {
        let now = world.engine.now();
        let held = 30 * SECOND;
        lease::acquire(world.engine.database(), "sync", "killed", now, now + held).unwrap();
        assert!(matches!(adopt(&world.engine, overlay("branch")), Err(Unfit::Busy)));
        world.time.set(now + held);
        adopt(&world.engine, overlay("branch")).unwrap();
    });
}

/// Whether another process gets the lease at an instant.
fn is_free(engine: &Engine, at: i64) -> bool {
    lease::acquire(engine.database(), "sync", "another", at, at).unwrap().is_some()
}

/// Looks whether the lease is held while tables are changed.
struct Look<'a>(&'a Engine, bool);

impl Steps for Look<'_> {
    fn before(&mut self, _plan: &store::sync::Plan) -> Result<(), engine::Error> {
        self.1 = is_free(self.0, self.0.now() + 30 * SECOND - 1);
        Ok(())
    }

    fn step(&mut self, _text: &str) {}
}

#[test]
fn the_lease_is_held_while_tables_change_and_given_up_at_the_end() {
    on_each(|world| {
        let mut look = Look(&world.engine, true);
        world.engine.adopt(&product(), overlay("branch"), "test", &mut look).unwrap();
        assert!(!look.1, "held for half a minute");
        assert!(is_free(&world.engine, world.engine.now()));
    });
}

/// A world in which something happens at the first look at the clock: after a process has planned
/// and before it has the lease.
struct Meanwhile {
    time: Arc<Time>,
    once: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl engine::World for Meanwhile {
    fn now(&self) -> i64 {
        let once = self.once.lock().unwrap().take();
        once.into_iter().for_each(|happens| happens());
        self.time.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.time.random(bytes);
    }
}

fn overtaken(world: &World) -> Engine {
    let faster = world.engine.clone();
    let happens = move || assert!(adopt(&faster, overlay("branch")).is_ok());
    let once = Mutex::new(Some(Box::new(happens) as Box<dyn FnOnce() + Send>));
    world.beside_in(Arc::new(Meanwhile { time: world.time.clone(), once }))
}

#[test]
fn who_was_overtaken_looks_again_under_the_lease() {
    on_each(|world| {
        let slow = overtaken(world);
        let refused = adopt(&slow, overlay("cabinet"));
        assert!(matches!(refused, Err(Unfit::Busy)), "it would take the other's overlay away");
        let active = store::core::definition::active(slow.database()).unwrap().unwrap();
        assert_eq!(active.number, world.engine.catalogue().version);
        adopt(&slow, overlay("cabinet")).unwrap();
        assert!(has(&slow, "cabinet") && !has(&slow, "branch"));
    });
}

#[test]
fn a_start_that_was_overtaken_goes_on_with_what_is_in_force() {
    on_each(|world| {
        // Nothing is known of the views: there is something to plan.
        let mut unit = store::Unit::new();
        unit.delete_where("built", &[("kind", "view".into())], None);
        world.engine.database().write(unit).unwrap();
        let slow = overtaken(world);
        let number = adopt(&slow, None).unwrap();
        assert_eq!(number, world.engine.catalogue().version);
        assert!(has(&slow, "branch"), "its own plan knew nothing of it");
        let overlays = definitions::overlays(slow.database()).unwrap();
        assert!(overlays.contains_key("branch.toml"));
    });
}

/// A person's address is unique, too: whoever comes second must not hear that it is taken, but what
/// the first request did.
#[test]
fn a_request_sent_twice_at_once_has_one_answer() {
    on_each(|world| {
        world.person("ada", &["administrator"]);
        let other = world.beside();
        let account = world.session("ada").actor().account.unwrap();
        for round in 0..20 {
            let object = json!({ "name": "Twin", "email": format!("twin{round}@example.org") });
            let order = |session: &Session| {
                let input = session.input("person", object.as_object().unwrap()).unwrap();
                let command = Command::Create { values: input.values, links: input.links };
                let idempotency = Idempotency { key: format!("twin-{round}"), digest: [7; 32] };
                let idempotency = Some(idempotency);
                let record_type = Name::new("person").unwrap();
                Order { record_type, key: None, command, base: None, idempotency }
            };
            let start = Barrier::new(4);
            let written: Vec<_> = std::thread::scope(|scope| {
                let send = |number: usize| {
                    let engine = if number.is_multiple_of(2) { &world.engine } else { &other };
                    let session = Session::new(engine, Arc::new(engine.actor(account).unwrap()));
                    let (order, start) = (order(&session), &start);
                    scope.spawn(move || {
                        start.wait();
                        session.perform(&order)
                    })
                };
                let sent: Vec<_> = (0..4).map(send).collect();
                sent.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
            });
            assert!(written.iter().all(|one| *one == written[0]), "{written:?}");
        }
        let twins = Question {
            record_type: "person".into(),
            filter: Some("name == 'Twin'".into()),
            ..Question::default()
        };
        let counted = world.system().count(&twins).unwrap();
        assert!(matches!(counted, Count::Exactly(20)), "{counted:?}");
    });
}
