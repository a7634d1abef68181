//! Reading follows an approval: whoever is asked for a vote in another's place may read what it is
//! about, for as long as it is open, and nothing else.

use crate::world::{Known, World, on_each};
use engine::{Command, Order, Question, Session, Wanted};
use serde_json::json;

const NOTE: &str = "suspicion-5c19";

/// Sofia approves what is confidential; Sven stands in for her, and Dan is nobody at all.
fn people(world: &World) {
    world.person("sofia", &["security_officer"]);
    world.person("sven", &[]);
    world.person("dan", &[]);
}

/// A confidential change of somebody else's, in a state; the system has left an internal note.
fn change(world: &World, title: &str, state: &str) -> Known {
    let more = json!({ "confidential": true, "kind": "emergency" });
    let made = world.given_with("change", title, more.as_object().unwrap().clone());
    let known = world.known(title).unwrap();
    world.act(&known, Command::Comment { text: NOTE.into(), internal: true });
    world.system().bring("change", made.key, state).unwrap();
    known
}

/// Sofia is away, and Sven is her substitute.
fn away(world: &World) {
    let sven = world.known("sven").unwrap().id;
    let sofia = world.known("sofia").unwrap();
    let absent = json!({
        "away_from": "1970-01-01T00:00:00Z", "away_until": "2100-01-01T00:00:00Z",
        "substitute": sven,
    });
    world.edit(&sofia, absent);
}

fn act(session: &Session, known: &Known, command: Command) -> engine::Result<()> {
    let (record_type, key) = (known.record_type.clone(), Some(known.key));
    session.perform(&Order { record_type, key, command, base: None, idempotency: None }).map(drop)
}

/// What this person finds of changes: in the list, by count, by words, one by one. All agree.
fn found(world: &World, name: &str, all: &[(&str, &Known)]) -> Vec<String> {
    let session = world.session(name);
    let question = Question {
        record_type: "change".into(),
        sort: Some("number".into()),
        count: Some(engine::COUNTED_AT_MOST),
        ..Question::default()
    };
    let listed = session.list(&question).unwrap();
    assert_eq!(listed.total, Some(engine::Count::Exactly(listed.records.len())), "{name}");
    let in_list: Vec<&str> =
        listed.records.iter().map(|record| record["id"].as_str().unwrap()).collect();
    let mut found = Vec::new();
    for (title, known) in all {
        let id = known.id.to_string();
        let read = session.read("change", &id, None);
        assert_eq!(read.is_ok(), in_list.contains(&&*id), "{name}, {title}: {read:?}");
        let wanted = Wanted { words: (*title).into(), limit: 10, ..Wanted::default() };
        let hit = session.search(&wanted).unwrap().hits.iter().any(|hit| hit["id"] == *id);
        assert_eq!(read.is_ok(), hit, "{name}, {title}: the search");
        if read.is_ok() {
            let history = session.history("change", &id, None, 100).unwrap();
            assert!(!format!("{:?}", history.entries).contains(NOTE), "{name} reads a note");
            found.push((*title).to_string());
        }
    }
    found
}

#[test]
fn a_substitute_reads_what_is_to_be_approved() {
    on_each(|world| {
        people(world);
        let open = change(world, "Aldebaran", "assessment");
        let draft = change(world, "Betelgeuse", "draft");
        let all = [("Aldebaran", &open), ("Betelgeuse", &draft)];
        assert!(found(world, "sven", &all).is_empty(), "nobody is away");
        away(world);
        assert_eq!(found(world, "sven", &all), ["Aldebaran"]);
        assert!(found(world, "dan", &all).is_empty());
        let vote = Command::Vote { approval: None, approve: true, note: None };
        act(&world.session("sven"), &open, vote).unwrap();
        let edit = Command::Edit { values: Vec::new() };
        assert!(act(&world.session("sven"), &open, edit).is_err(), "reading is all that it gives");
        world.system().bring("change", open.key, "scheduled").unwrap();
        assert!(found(world, "sven", &all).is_empty(), "it has been decided");
    });
}

#[test]
fn whom_an_approval_is_delegated_to_reads_the_record() {
    on_each(|world| {
        people(world);
        let open = change(world, "Aldebaran", "assessment");
        let other = change(world, "Betelgeuse", "assessment");
        let all = [("Aldebaran", &open), ("Betelgeuse", &other)];
        assert!(found(world, "dan", &all).is_empty());
        let to = world.known("dan").unwrap().key;
        let delegate = Command::Delegate { approval: None, to };
        act(&world.session("sofia"), &open, delegate).unwrap();
        assert_eq!(found(world, "dan", &all), ["Aldebaran"]);
        assert!(found(world, "sven", &all).is_empty());
        // What was seen changes: the delegation counts no longer, and neither does the right.
        world.edit(&open, json!({ "reason": "another" }));
        assert!(found(world, "dan", &all).is_empty());
    });
}
