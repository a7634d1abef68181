//! What expressions yield for a record; the record is the one of `docs/expressions.md`.

use super::super::example::{checked, instant, record};
use super::super::literal::{DAY, SECOND};
use super::super::{Comparison, Expression, Kind, Node, Place};
use crate::value::{Decimal, Key, Value};

/// A condition and whether it holds for the record.
const CONDITIONS: &[(&str, bool)] = &[
    // equality: "not set" is a value
    ("outage == unset", true),
    ("outage == false", false),
    ("outage != true", true),
    ("not outage", true),
    ("reason == summary", false),
    ("reviewed_on != due_date", true),
    // order: with an unset side it is false, whichever way round
    ("reviewed_on < due_date", false),
    ("reviewed_on >= due_date", false),
    ("not (reviewed_on < due_date)", true),
    // texts, Chinese too, by their characters
    ("summary == '更换支付网关证书'", true),
    ("summary == '更换支付网关'", false),
    ("public_name == '卡支付'", true),
    ("public_name == 'Card payments'", true),
    ("public_name != 'card payments'", true),
    // numbers, of whatever places
    ("ratio == share", true),
    ("ratio < 0.501", true),
    ("effort == 5.0", true),
    ("share in [1, 0.50]", true),
    // money: one currency only
    ("cost > 'CNY 1000.00'", true),
    ("cost < budget", false),
    ("cost >= budget", false),
    ("cost == budget", false),
    ("cost != 'EUR 1200.00'", true),
    // choices by rank
    ("risk > impact", true),
    ("risk <= 'medium'", false),
    ("result < 'failed'", false),
    ("likelihood >= risk and risk >= likelihood", true),
    // several
    ("'network' in tags", true),
    ("'database' in tags", false),
    ("tags == ['security', 'network']", true),
    ("tags == ['network']", false),
    ("kind not in ['standard', 'emergency']", true),
    ("result in ['failed']", false),
    ("result not in ['failed']", true),
    ("requester in [created_by, me]", true),
    ("me in affects.owners", true),
    ("created_by in affects.manager", true),
    ("me in affects.manager", false),
    ("me in service.supporters", true),
    ("'live' in affects.state", true),
    ("'刷卡失败' in incident.caused_by.summary", true),
    ("service in me.services", true),
    ("'auditor' in me.roles", false),
    ("created_by in resolves.created_by", false),
    // links
    ("affects is set and caused is not set", true),
    ("affects.manager is set and transition_plan is empty", true),
    ("count(affects) + count(incident.caused_by) == 3", true),
    ("service.owner == created_by", true),
    ("service.name == '卡支付'", true),
    ("model.created_by == unset", true),
    // time
    ("now() >= planned_start - 15m and now() <= planned_end", true),
    ("now() >= planned_start", false),
    ("created_at + 2d < now()", true),
    ("due_date == today() + 4d", true),
    ("due_date - today() == 4d", true),
    ("planned_end - planned_start <= 50m", true),
    ("planned_end - planned_start < grace", true),
    // the rest
    ("matrix('risk', impact, likelihood) == risk", true),
    ("planned_start > query.from", true),
    ("risk in query.levels and risk == query.level", true),
    ("risk >= query.level", true),
    ("effort >= query.number", true),
    ("effort == query.unknown", false),
    ("search('更换')", false),
];

#[test]
fn conditions_hold_or_do_not() {
    for &(text, expected) in CONDITIONS {
        let expression = checked(text, Place::Filter);
        assert_eq!(expression.holds(&record()), expected, "{text}");
        assert_eq!(expression.evaluate(&record()), Value::YesNo(expected), "{text}");
    }
}

#[test]
fn values_are_computed_and_never_wrap() {
    let cases = [
        ("effort + 1", Value::Integer(6)),
        ("effort - 0.25", Value::Decimal(Decimal { units: 475, places: 2 })),
        ("effort + 9223372036854775807", Value::Unset),
        ("ratio + share", Value::Decimal(Decimal { units: 100, places: 2 })),
        ("cost - budget", Value::Unset),
        ("planned_end - planned_start", Value::Duration(3_000 * SECOND)),
        ("actual_start - planned_start", Value::Unset),
        ("now() + 1d", Value::Instant(instant("2026-03-02T09:00:00Z"))),
        ("today() + 2w - today()", Value::Duration(14 * DAY)),
        ("created_at + 9223372036854s", Value::Unset),
        ("me", Value::Reference(Key(1))),
        ("matrix('risk', impact, 'low')", Value::text("low")),
        ("affects", Value::References([Key(20), Key(21)].into())),
        ("affects.owners", Value::References([Key(1), Key(4)].into())),
        ("affects.manager", Value::References([Key(2)].into())),
        ("caused", Value::Unset),
        ("outage", Value::Unset),
    ];
    for (text, expected) in cases {
        assert_eq!(checked(text, Place::Value).evaluate(&record()), expected, "{text}");
    }
}

/// Whoever asks without being a person gets nothing because a field is empty.
#[test]
fn nobody_is_not_the_same_as_not_set() {
    // the text, for the person of the example, for nobody on a record with these fields empty
    let cases = [
        ("requester == me", true, false),
        ("requester != me", false, true),
        ("created_by == me", false, false),
        ("site == me.site", false, false),
        ("site != me.site", true, true),
        ("requester in [me, created_by]", true, false),
        ("me in affects.owners", true, false),
        ("service in me.services", true, false),
        ("me.services is set", true, false),
    ];
    let mut nobody = record();
    nobody.me = None;
    nobody.with = vec![("requester", Value::Unset), ("created_by", Value::Unset)];
    for (text, person, without) in cases {
        let expression = checked(text, Place::Right);
        assert_eq!(expression.holds(&record()), person, "{text}");
        assert_eq!(expression.holds(&nobody), without, "{text} by nobody");
    }
}

/// Trees that the checker would not make still do not panic.
#[test]
fn ill_matched_trees_are_false_or_unset() {
    let value = |value: Value| Box::new(Node::Value(value));
    let cases = [
        Node::Compare(Comparison::Less, value(Value::text("a")), value(Value::Integer(1))),
        Node::Compare(Comparison::Equal, value(Value::Date(1)), value(Value::Instant(1))),
        Node::In(value(Value::Integer(1)), value(Value::text("1"))),
        Node::In(value(Value::Unset), Box::new(Node::List(vec![Node::Value(Value::Unset)]))),
        Node::Add(value(Value::text("a")), value(Value::text("b"))),
        Node::Widen { node: value(Value::text("a")), from: 0, to: 255 },
        Node::List(vec![]),
        Node::Or(vec![]),
    ];
    for node in cases {
        let shown = format!("{node:?}");
        let expression = Expression { source: "".into(), node, kind: Kind::Any };
        assert!(!expression.holds(&record()), "{shown}");
    }
}
