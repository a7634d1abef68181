//! Text to kind and tree.

use super::super::example::{checked, shared};
use super::super::{Kind, Node, Place, check};
use crate::value::Value;

/// A tree in short: names bare, values as they are written, the rest in brackets.
pub(super) fn shape(node: &Node) -> String {
    let all = |parts: &[Node]| parts.iter().map(shape).collect::<Vec<_>>().join(" ");
    match node {
        Node::Value(value) => of_value(value),
        Node::List(parts) => format!("[{}]", all(parts)),
        Node::Now => "now".to_string(),
        Node::Today => "today".to_string(),
        Node::StartOf(period) => format!("start of {period:?}"),
        Node::Me => "me".to_string(),
        Node::MyPart(part) => format!("me.{part}"),
        Node::Field(name) => name.to_string(),
        Node::Step { reference, to, field } => format!("{reference}:{to}.{field}"),
        Node::StepLink { reference, end } => format!("{reference}->{}", end.link),
        Node::Linked(end) if end.inverse => format!("<-{}.{}", end.from, end.link),
        Node::Linked(end) => format!("->{}", end.link),
        Node::LinkedField { end, field } => format!("->{}.{field}", end.link),
        Node::LinkedLink { end, next } => format!("->{}->{}", end.link, next.link),
        Node::Parameter(name) => format!("query.{name}"),
        Node::Count(end) => format!("(count {}{})", if end.inverse { "<-" } else { "" }, end.link),
        Node::IsSet(part) => format!("(set {})", shape(part)),
        Node::Compare(op, a, b) => format!("({op:?} {} {})", shape(a), shape(b)),
        Node::In(a, b) => format!("(in {} {})", shape(a), shape(b)),
        Node::Search(part) => format!("(search {})", shape(part)),
        Node::Widen { node, from, to } => format!("(widen {} {from} {to})", shape(node)),
        Node::Add(a, b) => format!("(+ {} {})", shape(a), shape(b)),
        Node::Subtract(a, b) => format!("(- {} {})", shape(a), shape(b)),
        Node::Not(part) => format!("(not {})", shape(part)),
        Node::And(parts) => format!("(and {})", all(parts)),
        Node::Or(parts) => format!("(or {})", all(parts)),
        Node::Matrix { matrix, row, column } => {
            format!("({matrix} {} {})", shape(row), shape(column))
        }
    }
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Unset => "unset".to_string(),
        Value::YesNo(yes) => yes.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Texts(texts) => format!("{texts:?}"),
        Value::Duration(micros) => format!("{}s", micros / 1_000_000),
        Value::Date(days) => format!("day {days}"),
        other => super::super::show::plain(other),
    }
}

/// A text and its tree.
pub(super) const TREES: &[(&str, &str)] = &[
    // literals take the kind of what stands beside them
    ("kind == 'normal'", "(Equal kind 'normal')"),
    ("'normal' == kind", "(Equal 'normal' kind)"),
    ("summary == '支付网关''s'", "(Equal summary '支付网关's')"),
    ("due_date == '2026-03-01'", "(Equal due_date day 20513)"),
    ("due_date < date('2026-03-01')", "(Less due_date day 20513)"),
    ("'2026-03-01T17:00+08:00' < created_at", "(Less 2026-03-01 09:00 UTC created_at)"),
    ("created_at < datetime('2026-03-01T09:00:00Z')", "(Less created_at 2026-03-01 09:00 UTC)"),
    ("cost >= 'CNY 100.00'", "(GreaterOrEqual cost CNY 100.00)"),
    ("grace > 1d4h", "(Greater grace 100800s)"),
    ("effort > -3", "(Greater effort -3)"),
    // numbers get the larger number of places
    ("ratio > 1", "(Greater ratio 1.00)"),
    ("ratio > 0.125", "(Greater (widen ratio 2 3) 0.125)"),
    ("effort > 0.5", "(Greater (widen effort 0 1) 0.5)"),
    ("share < ratio", "(Less (widen share 1 2) ratio)"),
    ("count(affects) + 1 > ratio", "(Greater (widen (+ (count affects) 1) 0 2) ratio)"),
    ("share in [1, 0.25]", "(in (widen share 1 2) [1.00 0.25])"),
    // not set
    ("reason == unset", "(not (set reason))"),
    ("unset != reason", "(set reason)"),
    ("reason == ''", "(not (set reason))"),
    ("reason is empty", "(not (set reason))"),
    ("reason is not set", "(not (set reason))"),
    ("reason is not empty", "(set reason)"),
    ("affects == unset", "(not (set ->affects))"),
    ("files is set and public_name is set", "(and (set files) (set public_name))"),
    // paths
    ("transition_plan is set", "(set ->transition_plan)"),
    ("service.owner == created_by", "(Equal service:service.owner created_by)"),
    ("me in affects.owners", "(in me ->affects->owners)"),
    ("me in affects.manager", "(in me ->affects.manager)"),
    ("me in service.supporters", "(in me service->supporters)"),
    ("'live' in affects.state", "(in 'live' ->affects.state)"),
    ("incident.caused_by is set", "(set <-incident.caused_by)"),
    ("'刷卡失败' in incident.caused_by.summary", "(in '刷卡失败' ->caused_by.summary)"),
    ("count(incident.caused_by) > 0", "(Greater (count <-caused_by) 0)"),
    ("service in me.services", "(in service me.services)"),
    ("'auditor' in me.roles", "(in 'auditor' me.roles)"),
    // equality beside me is kept as `in`
    ("requester == me", "(in requester [me])"),
    ("me != requester", "(not (in requester [me]))"),
    ("site == me.site", "(in site [me.site])"),
    ("requester in [me, created_by]", "(in requester [me created_by])"),
    // choices
    ("risk < 'high'", "(in risk ['low' 'medium'])"),
    ("risk >= 'low'", "(in risk ['low' 'medium' 'high'])"),
    ("'medium' > risk", "(in risk ['low'])"),
    ("risk > 'high'", "false"),
    (
        "risk < impact",
        "(or (and (Equal impact 'medium') (in risk ['low'])) \
             (and (Equal impact 'high') (in risk ['low' 'medium'])))",
    ),
    ("kind in ['normal', 'standard']", "(in kind ['normal' 'standard'])"),
    ("kind not in ['normal']", "(not (in kind ['normal']))"),
    ("'high' in [impact, risk]", "(in 'high' [impact risk])"),
    ("kind in []", "false"),
    ("'network' in tags", "(in 'network' tags)"),
    ("tags == ['security', 'network']", "(Equal tags [\"network\", \"security\"])"),
    ("tags != []", "(set tags)"),
    ("matrix('risk', impact, 'low') == risk", "(Equal (risk impact 'low') risk)"),
    ("type == 'change'", "(Equal type 'change')"),
    // time
    ("planned_start - 15m <= now()", "(LessOrEqual (- planned_start 900s) now)"),
    ("now() - created_at > 4h", "(Greater (- now created_at) 14400s)"),
    ("now() - '2026-03-01T09:00:00Z' > 0s", "(Greater (- now 2026-03-01 09:00 UTC) 0s)"),
    ("15m + now() > created_at", "(Greater (+ now 900s) created_at)"),
    ("today() + 1w > due_date", "(Greater (+ today 604800s) due_date)"),
    ("today() - due_date > 3d", "(Greater (- today due_date) 259200s)"),
    ("grace == 1d + 4h - 30m", "(Equal grace 99000s)"),
    // filters
    ("planned_start > query.from - 1d", "(Greater planned_start (- query.from 86400s))"),
    ("risk in query.levels", "(in risk query.levels)"),
    ("search('支付') and not outage", "(and (search '支付') (not outage))"),
    ("search(query.words)", "(search query.words)"),
    ("public_name == '卡支付'", "(Equal public_name '卡支付')"),
    ("'卡支付' != public_name", "(NotEqual public_name '卡支付')"),
    // logic
    ("not major_impact or outage", "(or (not major_impact) outage)"),
    ("major_impact == (effort > 3)", "(Equal major_impact (Greater effort 3))"),
    ("true", "true"),
];

#[test]
fn each_form_becomes_its_tree() {
    for &(text, expected) in TREES {
        let expression = checked(text, Place::Filter);
        assert_eq!(shape(&expression.node), expected, "{text}");
        assert_eq!(expression.kind, Kind::YesNo, "{text}");
        assert_eq!(&*expression.source, text);
    }
}

#[test]
fn a_value_takes_the_kind_that_is_expected() {
    let model = shared();
    let kind_of = |field: &str| {
        let field = model.record_type("change").and_then(|change| change.fields.get(field));
        field.map_or(Kind::Any, |field| Kind::from(&field.kind))
    };
    let cases = [
        ("'normal'", "kind", "'normal'"),
        ("1", "ratio", "1.00"),
        ("effort", "ratio", "(widen effort 0 2)"),
        ("'CNY 5'", "cost", "CNY 5.00"),
        ("cost + 'CNY 5'", "cost", "(+ cost CNY 5.00)"),
        ("cost - budget", "cost", "(- cost budget)"),
        ("'2026-03-01'", "due_date", "day 20513"),
        ("today() + 14d", "due_date", "(+ today 1209600s)"),
        ("now()", "planned_start", "now"),
        ("me", "requester", "me"),
        ("unset", "requester", "unset"),
        ("['security', 'network', 'security']", "tags", "[\"network\", \"security\"]"),
        ("[]", "tags", "unset"),
        ("true", "outage", "true"),
        ("effort > 3", "outage", "(Greater effort 3)"),
        ("4h", "grace", "14400s"),
        ("planned_end - planned_start", "grace", "(- planned_end planned_start)"),
        ("matrix('risk', impact, likelihood)", "risk", "(risk impact likelihood)"),
        ("'文字'", "summary", "'文字'"),
        ("''", "summary", "unset"),
    ];
    for (text, field, expected) in cases {
        match check(text, "change", Place::Value, Some(&kind_of(field)), model) {
            Ok(expression) => assert_eq!(shape(&expression.node), expected, "{text}"),
            Err(slips) => panic!("{text}: {slips:?}"),
        }
    }
}

#[test]
fn only_the_literal_true_is_always_true() {
    let cases = [("true", true), ("(true)", true), ("false", false), ("true or outage", false)];
    for (text, expected) in cases {
        assert_eq!(checked(text, Place::Right).is_always_true(), expected, "{text}");
    }
}

/// What the definition of changes says, with where it says it.
#[test]
fn the_expressions_of_a_change_are_accepted() {
    const CONDITIONS: [&str; 24] = [
        "kind == 'standard'",
        "kind != 'standard' or model is set",
        "planned_start < planned_end",
        "count(affects) > 0",
        "not major_impact or transition_plan is set",
        "now() >= planned_start - 15m and now() <= planned_end",
        "result == 'successful' or count(resolves) + count(caused) > 0",
        "kind == 'normal' and risk == 'low'",
        "kind == 'normal' and (risk in ['medium', 'high'] or major_impact)",
        "kind == 'emergency'",
        "state == 'authorization'",
        "state in ['scheduled', 'rejected', 'cancelled']",
        "state != 'draft'",
        "kind is set and service is set",
        "major_impact and state in ['scheduled', 'implementation', 'review', 'closed']",
        "transition_plan is set",
        "risk is set and benefit is set and cost is set",
        "assessment is set",
        "kind != 'emergency' and state in ['implementation', 'review', 'closed']",
        "test_result is set",
        "backout_plan is set",
        "state == 'closed' and result in ['backed_out', 'failed']",
        "review is set",
        "true",
    ];
    const RIGHTS: [&str; 4] = [
        "requester == me",
        "service in me.services",
        "me in affects.owners",
        "requester == me and state == 'draft'",
    ];
    const VALUES: [&str; 5] =
        ["'normal'", "me", "false", "now()", "matrix('risk', impact, likelihood)"];
    for text in CONDITIONS {
        let expression = checked(text, Place::Condition);
        assert!(expression.moments().is_ok_and(|found| found.len() <= 2), "{text}");
    }
    for text in RIGHTS {
        assert_eq!(checked(text, Place::Right).kind, Kind::YesNo, "{text}");
    }
    for text in VALUES {
        assert_ne!(checked(text, Place::Value).kind, Kind::Any, "{text}");
    }
}
