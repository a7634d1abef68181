//! Transitions that the system performs by itself some time after a state was entered. Says when;
//! performing them, with their rules, is the engine's work like any other transition.

use model::Name;
use model::definition::RecordType;

/// Each transition that leaves `state` after a time of its own, with the instant at which it is to
/// be performed, soonest first; of two for one instant, the one declared first. Time runs by the
/// clock on the wall, not by a service calendar.
///
/// `entered_at` is when the record entered its state. A timer is fenced by both: it applies only
/// while the record is in that state since that instant.
pub fn after_due(definition: &RecordType, state: &str, entered_at: i64) -> Vec<(i64, Name)> {
    let leaving = definition
        .transitions
        .values()
        .filter(|transition| transition.from.iter().any(|from| from == state));
    let timed = leaving.filter_map(|transition| {
        Some((entered_at.checked_add(transition.after?)?, transition.name.clone()))
    });
    let mut due: Vec<(i64, Name)> = timed.collect();
    due.sort_by_key(|(at, _)| *at);
    due
}

/// The unique key of the job for such a transition.
pub fn after_key(record: model::Key, transition: &str, entered_at: i64) -> String {
    format!("after:{}:{transition}:{entered_at}", record.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    const DEFINITION: &str = r#"
[record]
name   = "thing"
label  = { en = "Thing", zh = "事物" }
plural = { en = "Things", zh = "事物" }
title  = "name"
state  = { initial = "done" }

[section.main]
label  = { en = "Main", zh = "主要" }
fields = ["name"]

[field.name]
type  = "text"
label = { en = "Name", zh = "名称" }
max   = 20
required = true

[state.done]
label    = { en = "Done", zh = "完成" }
category = "done"

[state.closed]
label    = { en = "Closed", zh = "关闭" }
category = "closed"

[transition.archive]
label = { en = "Archive", zh = "归档" }
from  = ["done", "closed"]
to    = "closed"
after = "10d"

[transition.close]
label = { en = "Close", zh = "关闭" }
from  = ["done"]
to    = "closed"
after = "5d"
"#;

    #[test]
    fn transitions_come_soonest_first_and_only_from_their_state() {
        let mut sources = model::Sources::new();
        sources.add("processes/thing/thing.toml", DEFINITION);
        let loaded = match model::load(&sources, &model::Options::default()) {
            Ok(loaded) => loaded,
            Err(problems) => panic!("{problems:?}"),
        };
        let thing = loaded.record_type("thing").unwrap();
        let due = |state: &str| -> Vec<(i64, String)> {
            let due = after_due(thing, state, 7).into_iter();
            due.map(|(at, name)| (at, name.to_string())).collect()
        };
        let (close, archive) = ("close".to_owned(), "archive".to_owned());
        assert_eq!(due("done"), [(5 * DAY + 7, close), (10 * DAY + 7, archive.clone())]);
        assert_eq!(due("closed"), [(10 * DAY + 7, archive)]);
        assert_eq!(due("gone"), []);
        assert_eq!(after_due(thing, "done", i64::MAX), [], "never, rather than at once");
        assert_eq!(after_key(model::Key(9), "close", 7), "after:9:close:7");
    }
}
