//! A record that is hidden and one that does not exist look the same: to the last word of a
//! refusal,
//! in filters and in cursors.

use crate::world::on_each;
use engine::{Count, Error, Question, Refusal, Wanted};
use serde_json::json;

#[test]
fn hidden_and_absent_are_refused_in_the_same_words() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam");
        let more = json!({ "confidential": true });
        let hidden = world.given_with("problem", "hidden", more.as_object().unwrap().clone());
        let seen = world.system().read("problem", &hidden.id.to_string(), None).unwrap();
        let number = seen.json["number"].as_str().unwrap().to_string();
        for text in [number, hidden.id.to_string(), "PRB-999999".into()] {
            let missing = Error::from(Refusal::NotFound { what: text.clone() });
            let now = Some(world.engine.now());
            for error in [
                sam.read("problem", &text, None).unwrap_err(),
                sam.read("problem", &text, now).unwrap_err(),
                sam.history("problem", &text, None, 10).unwrap_err(),
                sam.moves("problem", &text).unwrap_err(),
                sam.clocks("problem", &text).unwrap_err(),
                sam.attachments("problem", &text).unwrap_err(),
                sam.target("problem", &text).unwrap_err(),
            ] {
                assert_eq!(error, missing);
            }
        }
    });
}

#[test]
fn a_reference_to_what_is_hidden_is_not_set() {
    on_each(|world| {
        world.person("rita", &[]);
        let draft = world.given("service", "Still a draft").id;
        let rita = world.known("rita").unwrap().id;
        let more = json!({ "caller": rita, "service": draft });
        let made = world.given_with("incident", "No mail", more.as_object().unwrap().clone());
        let shown = world.session("rita").read("incident", &made.id.to_string(), None).unwrap();
        assert_eq!((&shown.json["service"], shown.json["caller"].is_null()), (&json!(null), false));
        let counted = |who: &engine::Session, filter: &str| {
            let filter = Some(filter.to_string());
            let record_type = "incident".to_string();
            who.count(&Question { record_type, filter, ..Question::default() }).unwrap()
        };
        for (filter, by_rita, by_all) in [
            ("service is set", 0, 1),
            ("service == unset", 1, 0),
            ("not (service is set)", 1, 0),
            ("caller is set", 1, 1),
            ("caller == me", 1, 0),
        ] {
            assert_eq!(
                counted(&world.session("rita"), filter),
                Count::Exactly(by_rita),
                "{filter}"
            );
            assert_eq!(counted(&world.system(), filter), Count::Exactly(by_all), "{filter}");
        }
    });
}

/// Where a page of hits ends is told by the last hit on it, never by a record that is left out.
#[test]
fn a_cursor_of_a_search_names_no_hidden_record() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let mut seen = Vec::new();
        for number in 0..12 {
            let more = json!({ "confidential": number % 3 != 0 });
            let title = format!("Andromeda {number}");
            let made = world.given_with("problem", &title, more.as_object().unwrap().clone());
            seen.extend((number % 3 == 0).then_some(made.key.0));
        }
        seen.reverse();
        let (sam, mut found, mut cursors, mut before) =
            (world.session("sam"), Vec::new(), Vec::new(), None);
        loop {
            let wanted =
                Wanted { words: "Andromeda".into(), limit: 2, before, ..Wanted::default() };
            let page = sam.search(&wanted).unwrap();
            found.extend(page.hits.iter().map(|hit| hit["id"].clone()));
            before = page.next;
            cursors.extend(before);
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found.len(), seen.len(), "every hit once: {found:?}");
        assert!(!cursors.is_empty() && cursors.iter().all(|key| seen.contains(key)), "{cursors:?}");
    });
}
