//! When an answer changes by itself: the forms, and that the answer is constant in between.

use super::super::example::{checked, instant, record};
use super::super::literal::{DAY, SECOND};
use super::super::{Expression, Facts, Moment, Place};
use crate::value::Value;

#[test]
fn a_field_plus_or_minus_a_constant_has_moments() {
    let at = |field: &str, offset: i64| format!("{field} {offset}");
    let cases = [
        ("outage", vec![]),
        ("now() >= planned_start - 15m", vec![at("planned_start", -900 * SECOND)]),
        ("planned_start - 15m <= now()", vec![at("planned_start", -900 * SECOND)]),
        ("now() + 15m >= planned_start", vec![at("planned_start", -900 * SECOND)]),
        ("now() > planned_end", vec![at("planned_end", 1)]),
        ("now() < planned_end", vec![at("planned_end", 0)]),
        ("now() <= planned_end", vec![at("planned_end", 1)]),
        ("now() - created_at > 4h", vec![at("created_at", 14_400 * SECOND + 1)]),
        ("4h > now() - created_at", vec![at("created_at", 14_400 * SECOND)]),
        ("now() == planned_end", vec![at("planned_end", 0), at("planned_end", 1)]),
        (
            "now() < planned_end and now() >= planned_start or not (now() < planned_end)",
            vec![at("planned_start", 0), at("planned_end", 0)],
        ),
        ("today() > due_date + 30d", vec!["due_date day 31".to_string()]),
        ("today() >= due_date - 1w", vec!["due_date day -7".to_string()]),
        ("today() - due_date < 36h", vec!["due_date day 2".to_string()]),
        ("due_date < today()", vec!["due_date day 1".to_string()]),
    ];
    for (text, mut expected) in cases {
        let expression = checked(text, Place::Condition);
        let found = expression.moments().map(|found| found.iter().map(line).collect::<Vec<_>>());
        let Ok(mut found) = found else { panic!("{text}: {found:?}") };
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
}

fn line(moment: &Moment) -> String {
    match moment {
        Moment::At { field, offset } => format!("{field} {offset}"),
        Moment::StartOf { field, days } => format!("{field} day {days}"),
    }
}

#[test]
fn other_forms_are_refused_over_the_whole_text() {
    let cases = [
        "now() > planned_start + grace",
        "now() > datetime('2026-03-01T09:00:00Z')",
        "now() in [planned_start]",
        "now() is set",
        "now() - planned_start > planned_end - planned_start",
        "today() > date('2026-03-01')",
        "now() - created_at > now() - planned_start",
    ];
    for text in cases {
        let Err(slip) = checked(text, Place::Condition).moments() else {
            panic!("{text}: accepted");
        };
        let found = (slip.id, slip.start, slip.end);
        assert_eq!(found, ("expression-time-not-kept", 0, text.len()), "{text}");
    }
}

/// Asks at the moment itself and one microsecond (or day) before.
#[test]
fn the_answer_changes_at_the_moment_and_not_before() {
    let cases = [
        "now() >= planned_start - 15m",
        "now() > planned_end",
        "now() <= planned_end",
        "now() < planned_start",
        "now() - created_at > 4h",
        "today() > due_date + 30d",
        "today() <= due_date",
        "today() - due_date < 36h",
        "today() >= due_date",
    ];
    for text in cases {
        let expression = checked(text, Place::Condition);
        let moments = expression.moments().unwrap_or_default();
        assert_eq!(moments.len(), 1, "{text}");
        let (before, then) = around(&expression, &moments[0]);
        assert_ne!(before, then, "{text}");
    }
}

fn around(expression: &Expression, moment: &Moment) -> (bool, bool) {
    let (mut before, mut then) = (record(), record());
    match moment {
        Moment::At { field, offset } => {
            let Value::Instant(at) = then.field(field) else { panic!("{field} is no instant") };
            (before.now, then.now) = (at + offset - 1, at + offset);
        }
        Moment::StartOf { field, days } => {
            let Value::Date(day) = then.field(field) else { panic!("{field} is no date") };
            (before.today, then.today) = (day + days - 1, day + days);
        }
    }
    assert!(then.now - instant("2026-01-01T00:00:00Z") < 365 * DAY);
    (expression.holds(&before), expression.holds(&then))
}
