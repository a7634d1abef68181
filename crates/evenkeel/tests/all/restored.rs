//! What comes back with a backup beside the rows themselves: the full-text index, which a backup
//! leaves out and a restore makes again. On both databases, and from one to the other.

use crate::world::{Known, Time, World, create, on_each, product};
use engine::definitions::{self, Quiet};
use engine::{Command, Engine, Error, Question, Rebuilt, Refusal, Session, Wanted};
use model::Key;
use serde_json::json;
use std::sync::Arc;
use store::testing::empty_postgres;
use store::{Database, Location};

/// Everything of the world in an empty database of each kind, with the definitions in force.
fn copies(world: &World) -> Vec<(Engine, Option<store::testing::World>)> {
    let mut file = Vec::new();
    store::backup::save(world.engine.database(), &mut file, &mut |_| {}).unwrap();
    let sqlite = (Database::open(&Location::Temporary).unwrap(), None);
    let postgres = empty_postgres().map(|world| (world.database.clone(), Some(world)));
    let filled = |(database, kept): (Database, _)| {
        store::backup::load(&database, file.as_slice(), &mut |_| {}).unwrap();
        let time = Arc::new(Time::new(2));
        time.set(world.engine.now());
        let opened = definitions::open(database, time, &product(), None, &mut Quiet);
        (opened.unwrap_or_else(|unfit| panic!("{unfit:?}")), kept)
    };
    [Some(sqlite), postgres].into_iter().flatten().map(filled).collect()
}

fn account(world: &World, name: &str) -> Key {
    world.session(name).actor().account.unwrap()
}

fn session(engine: &Engine, account: Key) -> Session {
    Session::new(engine, Arc::new(engine.actor(account).unwrap()))
}

/// What the words find, as the texts of the titles.
fn found(session: &Session, words: &str) -> engine::Result<Vec<String>> {
    let wanted = Wanted { words: words.into(), limit: 50, ..Wanted::default() };
    let hits = session.search(&wanted)?.hits;
    Ok(hits.iter().map(|hit| format!("{} {}", hit["number"], hit["snippet"])).collect())
}

fn listed(session: &Session, words: &str) -> engine::Result<usize> {
    let (record_type, search) = ("incident".into(), Some(words.into()));
    let question = Question { record_type, search, ..Question::default() };
    Ok(session.list(&question)?.records.len())
}

fn finish(engine: &Engine) {
    while engine.rebuild_search().unwrap() != Rebuilt::Whole {}
}

fn incident(session: &Session, summary: &str) -> Known {
    let fields = json!({ "summary": summary, "impact": "high", "urgency": "high" });
    let made = create(session, "incident", fields).unwrap();
    Known { record_type: made.record_type, key: made.key, id: made.id }
}

/// Somebody at the desk, somebody who sees only their own, and words that one of them may not find.
fn furnish(world: &World) {
    world.person("desk", &["service_desk_agent"]);
    world.person("rita", &[]);
    let mail = incident(&world.session("desk"), "The mail server refuses attachments");
    incident(&world.session("desk"), "打印机无法连接网络");
    incident(&world.session("rita"), "My mail is slow");
    for (text, internal) in [("Rebooted the gateway", false), ("The certificate leaked", true)] {
        world.act(&mail, Command::Comment { text: text.into(), internal });
    }
    let gone = incident(&world.session("desk"), "Mail asked for by mistake");
    world.act(&gone, Command::Withdraw { note: Some("twice".into()) });
    for number in 0..230 {
        incident(&world.session("desk"), &format!("Alarm number{number} of the backup robot"));
    }
}

const WORDS: [&str; 8] =
    ["mail", "attachments", "打印机", "网络", "gateway", "certificate", "number7", "INC-000002"];

#[test]
fn the_same_words_find_the_same_after_a_restore() {
    on_each(|world| {
        furnish(world);
        assert_eq!(found(&world.session("desk"), "certificate").unwrap().len(), 1);
        assert_eq!(found(&world.session("rita"), "certificate").unwrap().len(), 0);
        assert_eq!(found(&world.session("desk"), "mail").unwrap().len(), 2);
        for (engine, _kept) in copies(world) {
            finish(&engine);
            for name in ["desk", "rita"] {
                let (before, after) = (world.session(name), session(&engine, account(world, name)));
                for words in WORDS {
                    let wanted = found(&before, words).unwrap();
                    assert_eq!(found(&after, words).unwrap(), wanted, "{name}: {words}");
                    assert_eq!(listed(&after, words), listed(&before, words), "{name}: {words}");
                }
            }
        }
    });
}

#[test]
fn until_all_is_there_words_are_refused_and_writes_go_on() {
    on_each(|world| {
        furnish(world);
        for (engine, _kept) in copies(world) {
            let desk = session(&engine, account(world, "desk"));
            let incomplete = Error::from(Refusal::SearchIncomplete);
            assert_eq!(found(&desk, "mail").unwrap_err(), incomplete);
            assert_eq!(listed(&desk, "mail").unwrap_err(), incomplete);
            // What is written meanwhile is found, and what it replaced is not.
            incident(&desk, "Written before the index was whole");
            let written = desk.read("incident", "INC-000002", None).unwrap();
            let values = json!({ "summary": "The scanner is jammed" });
            let values = desk.input("incident", values.as_object().unwrap()).unwrap().values;
            let order = engine::Order {
                record_type: written.record_type,
                key: Some(written.key),
                command: Command::Edit { values },
                base: None,
                idempotency: None,
            };
            desk.perform(&order).unwrap();
            assert_eq!(engine.rebuild_search().unwrap(), Rebuilt::Part(200));
            assert_eq!(found(&desk, "mail").unwrap_err(), incomplete, "half is not whole");
            finish(&engine);
            assert_eq!(found(&desk, "written").unwrap().len(), 1);
            assert_eq!(found(&desk, "scanner").unwrap().len(), 1);
            assert_eq!(found(&desk, "打印机").unwrap().len(), 0);
        }
    });
}

#[test]
fn whoever_finds_it_unfinished_goes_on() {
    on_each(|world| {
        furnish(world);
        for (engine, _kept) in copies(world) {
            assert_eq!(engine.rebuild_search().unwrap(), Rebuilt::Part(200));
            // As after a kill: another engine on the same database.
            let time = Arc::new(Time::new(3));
            time.set(world.engine.now());
            let database = engine.database().clone();
            let other = definitions::open(database, time, &product(), None, &mut Quiet);
            let other = other.unwrap_or_else(|unfit| panic!("{unfit:?}"));
            assert!(matches!(other.rebuild_search().unwrap(), Rebuilt::Part(done) if done > 200));
            finish(&other);
            let desk = session(&other, account(world, "desk"));
            assert_eq!(found(&desk, "robot").unwrap().len(), 50);
            assert_eq!(engine.rebuild_search().unwrap(), Rebuilt::Whole);
        }
    });
}
