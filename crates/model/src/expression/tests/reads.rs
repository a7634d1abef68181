//! What an expression asks for, and that it asks for nothing else.

use super::super::example::{Record, checked, record};
use super::super::reads::{LinkedField, LinkedLink, Step, StepLink};
use super::super::{Facts, LinkEnd, Place, Reads};
use super::accepted::TREES;
use crate::name::Name;
use crate::value::{Key, Value};

/// What is read, in one line.
fn line(reads: &Reads) -> String {
    let end = |end: &LinkEnd| format!("{}{}", if end.inverse { "<-" } else { "->" }, end.link);
    let mut parts: Vec<String> = reads.fields.iter().map(|field| field.to_string()).collect();
    parts.extend(
        reads.steps.iter().map(|step| format!("{}:{}.{}", step.reference, step.to, step.field)),
    );
    parts.extend(
        reads.step_links.iter().map(|step| format!("{}{}", step.reference, end(&step.end))),
    );
    parts.extend(reads.links.iter().map(end));
    parts.extend(reads.counts.iter().map(|counted| format!("count {}", end(counted))));
    parts.extend(
        reads.linked_fields.iter().map(|read| format!("{}.{}", end(&read.end), read.field)),
    );
    parts.extend(
        reads.linked_links.iter().map(|read| format!("{}{}", end(&read.end), end(&read.next))),
    );
    parts.extend(reads.my_parts.iter().map(|part| format!("me.{part}")));
    parts.extend(reads.parameters.iter().map(|name| format!("query.{name}")));
    parts.extend(reads.matrices.iter().map(|name| format!("matrix {name}")));
    let flags =
        [(reads.now, "now"), (reads.today, "today"), (reads.me, "me"), (reads.search, "search")];
    parts.extend(flags.iter().filter(|(on, _)| *on).map(|(_, name)| name.to_string()));
    parts.join(", ")
}

#[test]
fn each_node_is_read() {
    let cases = [
        ("true", ""),
        ("kind == 'normal' and risk < impact", "impact, kind, risk"),
        ("service.owner == me", "service, service:service.owner, me"),
        ("me in service.supporters", "service, service->supporters, me"),
        ("requester in [me, created_by]", "created_by, requester, me"),
        ("me in affects.owners", "->affects->owners, me"),
        ("'live' in affects.state", "->affects.state"),
        (
            "'live' in affects.state and affects.manager is set",
            "->affects.manager, ->affects.state",
        ),
        ("affects is set or count(incident.caused_by) > 1", "count ->affects, count <-caused_by"),
        ("service in me.services", "service, me.services, me"),
        (
            "now() > planned_start - 15m and due_date < today()",
            "due_date, planned_start, now, today",
        ),
        ("planned_start > query.from", "planned_start, query.from"),
        ("matrix('risk', impact, likelihood) == 'low'", "impact, likelihood, matrix risk"),
        ("search('x') and not outage", "outage, search"),
        ("ratio > effort + 1", "effort, ratio"),
        ("reason is set", "reason"),
    ];
    for (text, expected) in cases {
        assert_eq!(line(&checked(text, Place::Filter).reads()), expected, "{text}");
    }
}

#[test]
fn reads_of_several_expressions_add_up() {
    let mut reads = checked("outage", Place::Right).reads();
    reads.add(&checked("requester == me", Place::Right));
    assert_eq!(line(&reads), "outage, requester, me");
}

/// Answers only what was announced; anything else fails the test.
struct Watched {
    announced: Reads,
    record: Record,
}

impl Facts for Watched {
    fn field(&self, field: &Name) -> Value {
        assert!(self.announced.fields.contains(field), "field {field}");
        self.record.field(field)
    }

    fn step(&self, reference: &Name, to: &Name, field: &Name) -> Value {
        let (reference, to, field) = (reference.clone(), to.clone(), field.clone());
        let step = Step { reference, to, field };
        assert!(self.announced.steps.contains(&step), "{step:?}");
        self.record.step(&step.reference, &step.to, &step.field)
    }

    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key> {
        let step = StepLink { reference: reference.clone(), end: end.clone() };
        assert!(self.announced.step_links.contains(&step), "{step:?}");
        self.record.step_link(reference, end)
    }

    fn linked(&self, end: &LinkEnd) -> Vec<Key> {
        assert!(self.announced.links.contains(end), "{end:?}");
        self.record.linked(end)
    }

    fn count(&self, end: &LinkEnd) -> i64 {
        assert!(self.announced.counts.contains(end), "count {end:?}");
        self.record.count(end)
    }

    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value> {
        let read = LinkedField { end: end.clone(), field: field.clone() };
        assert!(self.announced.linked_fields.contains(&read), "{read:?}");
        self.record.linked_field(end, field)
    }

    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key> {
        let read = LinkedLink { end: end.clone(), next: next.clone() };
        assert!(self.announced.linked_links.contains(&read), "{read:?}");
        self.record.linked_link(end, next)
    }

    fn my_part(&self, part: &Name) -> Value {
        assert!(self.announced.my_parts.contains(part) && self.announced.me, "me.{part}");
        self.record.my_part(part)
    }

    fn me(&self) -> Option<Key> {
        assert!(self.announced.me, "me");
        self.record.me()
    }

    fn now(&self) -> i64 {
        assert!(self.announced.now, "now");
        self.record.now()
    }

    fn today(&self) -> i32 {
        assert!(self.announced.today, "today");
        self.record.today()
    }

    fn parameter(&self, parameter: &Name) -> Value {
        assert!(self.announced.parameters.contains(parameter), "query.{parameter}");
        self.record.parameter(parameter)
    }

    fn matrix(&self, matrix: &Name, row: &str, column: &str) -> Value {
        assert!(self.announced.matrices.contains(matrix), "matrix {matrix}");
        self.record.matrix(matrix, row, column)
    }
}

#[test]
fn nothing_is_asked_for_that_was_not_announced() {
    for (text, _) in TREES {
        let expression = checked(text, Place::Filter);
        let watched = Watched { announced: expression.reads(), record: record() };
        assert_eq!(expression.evaluate(&watched), expression.evaluate(&record()), "{text}");
    }
}
