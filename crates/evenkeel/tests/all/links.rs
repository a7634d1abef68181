//! What is left of links and references to a record that is withdrawn.

use crate::world::{Known, World, create, on_each};
use engine::{Command, Question, Session};
use serde_json::json;

const TITLE: &str = "Perpetual-4d1e";

fn problem(world: &World, title: &str, confidential: bool) -> Known {
    let more = json!({ "confidential": confidential });
    world.given_with("problem", title, more.as_object().unwrap().clone());
    world.known(title).unwrap()
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
    });
}
