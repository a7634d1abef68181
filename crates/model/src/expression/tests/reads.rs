//! What an expression asks for, and that it asks for nothing else.

use super::super::example::checked;
use super::super::{LinkEnd, Place, Reads};

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
