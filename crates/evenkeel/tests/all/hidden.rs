//! A record that is hidden and one that does not exist look the same: to the last word of a
//! refusal, in filters and in cursors.

use crate::world::{World, on_each};
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
        counts(
            world,
            &[
                ("service is set", 0, 1),
                ("service == unset", 1, 0),
                ("not (service is set)", 1, 0),
                ("caller is set", 1, 1),
                ("caller == me", 1, 0),
            ],
        );
    });
}

/// How many incidents rita counts with each filter, and how many there are.
fn counts(world: &World, rows: &[(&str, usize, usize)]) {
    for (filter, by_rita, by_all) in rows {
        for (who, wanted) in [(world.session("rita"), by_rita), (world.system(), by_all)] {
            let (record_type, filter) = ("incident".to_string(), Some(filter.to_string()));
            let question = Question { record_type, filter, ..Question::default() };
            assert_eq!(who.count(&question), Ok(Count::Exactly(*wanted)), "{question:?}");
        }
    }
}

/// Rita reads who opened her incident, but neither his number nor who he reports to, who is not
/// staff: one step away these are as unset as they are shown.
#[test]
fn one_step_away_what_is_hidden_is_not_set() {
    on_each(|world| {
        world.person("rita", &[]);
        world.person("tom", &[]);
        let manager = world.given("person", "Mona").id;
        let tom = world.known("tom").unwrap();
        world.edit(&tom, json!({ "manager": manager, "employee_number": "E-7" }));
        let rita = world.known("rita").unwrap().id;
        let more = json!({ "caller": rita, "opened_by": tom.id });
        world.given_with("incident", "No mail", more.as_object().unwrap().clone());
        let is_mona = format!("opened_by.manager == '{manager}'");
        counts(
            world,
            &[
                ("opened_by is set", 1, 1),
                ("opened_by.manager is set", 0, 1),
                ("opened_by.manager == unset", 1, 0),
                ("opened_by.manager != unset", 0, 1),
                ("opened_by.manager == opened_by.substitute", 1, 0),
                (&is_mona, 0, 1),
                ("opened_by.employee_number is set", 0, 1),
                ("opened_by.employee_number == 'E-7'", 0, 1),
                ("opened_by.employee_number != 'E-7'", 1, 0),
                ("opened_by.employee_number == 'E-8'", 0, 0),
                ("opened_by.staff", 1, 1),
            ],
        );
    });
}

/// A filter names the record at the end of a link as it names that of a reference.
#[test]
fn a_link_is_filtered_by_the_record_that_it_leads_to() {
    on_each(|world| {
        world.person("rita", &[]);
        let rita = world.known("rita").unwrap().id;
        let (seen, hidden) = (world.given("incident", "Seen"), world.given("incident", "Hidden"));
        let seen_known = world.known("Seen").unwrap();
        world.edit(&seen_known, json!({ "caller": rita }));
        let more = json!({ "caller": rita, "parent": seen.id });
        world.given_with("incident", "Below", more.as_object().unwrap().clone());
        let more = json!({ "caller": rita, "parent": hidden.id });
        world.given_with("incident", "Beside", more.as_object().unwrap().clone());
        let of = |id: uuid::Uuid, part: &str| format!("'{id}' {part}");
        counts(
            world,
            &[
                (&of(seen.id, "in parent"), 1, 1),
                (&of(hidden.id, "in parent"), 0, 1),
                (&of(seen.id, "not in parent"), 2, 3),
                (&of(rita, "in parent.caller"), 1, 1),
            ],
        );
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
