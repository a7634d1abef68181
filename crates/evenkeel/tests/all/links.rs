//! What a link may lead to, and what is left of it when one end is withdrawn.

use crate::world::{Known, World, create, on_each};
use engine::{Command, Error, Order, Question, Refusal, Session};
use model::{Key, Name};
use serde_json::json;

const TITLE: &str = "Perpetual-4d1e";

fn act(session: &Session, known: &Known, command: Command) -> engine::Result<()> {
    let (record_type, key) = (known.record_type.clone(), Some(known.key));
    session.perform(&Order { record_type, key, command, base: None, idempotency: None }).map(drop)
}

fn problem(world: &World, title: &str, confidential: bool) -> Known {
    let more = json!({ "confidential": confidential });
    world.given_with("problem", title, more.as_object().unwrap().clone());
    world.known(title).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

#[test]
fn a_link_leads_to_what_fits_and_may_be_read() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam");
        let made = create(&sam, "incident", json!({ "summary": "No mail" })).unwrap();
        let incident = Known { record_type: made.record_type, key: made.key, id: made.id };
        let (seen, hidden) = (problem(world, "seen", false), problem(world, "hidden", true));
        let link = |to| Command::Link { link: name("problem"), to };
        let refused = |to| act(&sam, &incident, link(to)).unwrap_err();
        let absent = refused(Key(1_000_000));
        let Error::Refused(refusal) = &absent else { panic!("{absent:?}") };
        assert!(matches!(&**refusal, Refusal::Invalid(slips) if slips[0].field == "problem"));
        assert_eq!(refused(hidden.key), absent, "what is hidden looks absent");
        assert_eq!(refused(incident.key), absent, "an incident is no problem");
        let links = vec![(name("problem"), vec![hidden.key])];
        let values = vec![(name("summary"), model::Value::text("No mail either"))];
        let order = Order {
            record_type: name("incident"),
            key: None,
            command: Command::Create { values, links },
            base: None,
            idempotency: None,
        };
        assert_eq!(sam.perform(&order).unwrap_err(), absent, "nor is it linked by a new record");
        act(&world.system(), &incident, link(hidden.key)).unwrap();
        let unlink = Command::Unlink { link: name("problem"), to: hidden.key };
        let missing = Refusal::NotFound { what: "problem".into() };
        assert_eq!(act(&sam, &incident, unlink).unwrap_err(), Error::from(missing));
        act(&sam, &incident, link(seen.key)).unwrap();
    });
}

fn counted(session: &Session, filter: &str) -> usize {
    let question = Question {
        record_type: "incident".into(),
        filter: Some(filter.into()),
        ..Question::default()
    };
    session.list(&question).unwrap().records.len()
}

#[test]
fn a_withdrawn_record_is_linked_no_more_and_named_by_its_number() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam");
        let problem = problem(world, TITLE, false);
        world.given_with("location", &format!("{TITLE} room"), Default::default());
        let room = world.known(&format!("{TITLE} room")).unwrap();
        let body = json!({ "summary": "No mail", "location": room.id, "problem": problem.id });
        let made = create(&sam, "incident", body).unwrap();
        let id = made.id.to_string();
        let before = world.engine.now();
        assert_eq!(counted(&sam, "count(problem) > 0"), 1);
        world.go_on(before + 60_000_000);
        for gone in [&problem, &room] {
            world.act(gone, Command::Withdraw { note: None });
        }
        let sam = world.session("sam");
        assert_eq!(counted(&sam, "count(problem) > 0 or problem is set"), 0);
        assert_eq!(counted(&sam, "location is set"), 1, "the field still holds it");
        let now = sam.read("incident", &id, None).unwrap().json;
        assert_eq!(now["links"]["problem"], json!([]));
        assert_eq!(
            (&now["location"]["title"], &now["location"]["withdrawn"]),
            (&json!(""), &json!(true))
        );
        let then = sam.read("incident", &id, Some(before)).unwrap().json;
        let end = &then["links"]["problem"][0];
        assert!(end["number"].as_str().unwrap().starts_with("PRB-"), "{end}");
        assert_eq!((&end["title"], &end["withdrawn"]), (&json!(""), &json!(true)));
        let past = format!("{now:?} {then:?} {:?}", sam.history("incident", &id, None, 100));
        assert!(!past.contains(TITLE), "{past}");
        let link = Command::Link { link: name("problem"), to: problem.key };
        let incident = Known { record_type: made.record_type, key: made.key, id: made.id };
        assert!(act(&sam, &incident, link).is_err(), "nobody links it again");
    });
}
