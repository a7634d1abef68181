//! Random conditions over tickets, as people would type them: every kind of field, own, over a
//! reference and over links, with every operator that goes with it.

use proptest::prelude::*;

type Text = BoxedStrategy<String>;

fn one_of(texts: &'static [&'static str]) -> Text {
    proptest::sample::select(texts).prop_map(String::from).boxed()
}

/// A condition, up to four levels of `and`, `or`, `not` deep.
pub fn condition() -> Text {
    simple()
        .prop_recursive(4, 12, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|a| format!("not ({a})")),
                prop::collection::vec(inner.clone(), 2..4).prop_map(|all| joined(&all, "and")),
                prop::collection::vec(inner.clone(), 2..4).prop_map(|all| joined(&all, "or")),
                (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) == ({b})")),
            ]
        })
        .boxed()
}

fn joined(all: &[String], word: &str) -> String {
    let all: Vec<String> = all.iter().map(|one| format!("({one})")).collect();
    all.join(&format!(" {word} "))
}

fn simple() -> Text {
    prop_oneof![
        2 => numbers(),
        2 => decimals(),
        2 => amounts(),
        2 => instants(),
        2 => dates(),
        2 => durations(),
        2 => choices(),
        2 => texts(),
        3 => references(),
        3 => links(),
        2 => several(),
        2 => one_of(&["urgent", "billed", "service.active", "parent.urgent", "urgent == billed",
                      "urgent == true", "billed == false", "urgent != service.active",
                      "true in affects.active", "urgent in [billed, false]", "true", "false"]),
        2 => set(),
    ]
    .boxed()
}

const SIGNS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];

/// Two of a kind compared, one looked for among several, or in a link's fields.
fn compared(one: Text, literal: Text, over_links: &'static [&'static str]) -> Text {
    let any = prop_oneof![3 => one.clone(), 2 => literal.clone()].boxed();
    let list = prop::collection::vec(any.clone(), 1..4).prop_map(|all| all.join(", "));
    let signed = (one.clone(), one_of(SIGNS), any.clone());
    let mirrored = (literal, one_of(SIGNS), one.clone());
    prop_oneof![
        4 => signed.prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        1 => mirrored.prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        2 => (one, one_of(&["in", "not in"]), list)
            .prop_map(|(a, word, all)| format!("{a} {word} [{all}]")),
        1 => (any, one_of(over_links)).prop_map(|(a, b)| format!("{a} in {b}")),
    ]
    .boxed()
}

fn numbers() -> Text {
    let field = one_of(&[
        "steps",
        "visits",
        "number",
        "version",
        "service.users",
        "parent.steps",
        "requester.salary",
        "count(affects)",
        "count(related)",
        "count(ticket.related)",
        "count(person.watches)",
        "query.number",
    ]);
    let literal = one_of(&["-1", "0", "1", "2", "9223372036854775807"]);
    let sum = (field.clone(), one_of(&["+", "-"]), prop_oneof![field.clone(), literal.clone()]);
    let sum = sum.prop_map(|(a, sign, b)| format!("{a} {sign} {b}"));
    let one = prop_oneof![3 => field, 1 => sum].boxed();
    compared(one, literal, &["affects.users", "related.steps", "ticket.related.visits"])
}

fn decimals() -> Text {
    let field = one_of(&["ratio", "effort", "service.weight", "parent.ratio", "steps"]);
    let literal = one_of(&["0", "0.1", "-0.02", "0.20", "1.5", "7"]);
    let sum = (one_of(&["ratio", "effort"]), one_of(&["+", "-"]), field.clone());
    let sum = sum.prop_map(|(a, sign, b)| format!("{a} {sign} {b}"));
    let one = prop_oneof![2 => one_of(&["ratio", "parent.ratio"]), 1 => sum].boxed();
    let other = prop_oneof![field, literal].boxed();
    let over: &[&str] = &["related.ratio"];
    let signed = (one.clone(), one_of(SIGNS), other).prop_map(|(a, s, b)| format!("{a} {s} {b}"));
    let within = (one_of(&["ratio", "parent.ratio", "0.01", "steps"]), one_of(over));
    prop_oneof![
        4 => signed,
        1 => within.prop_map(|(a, b)| format!("{a} in {b}")),
        1 => one.prop_map(|a| format!("{a} in [0.01, effort, steps, 2]")),
    ]
    .boxed()
}

fn amounts() -> Text {
    let field = one_of(&["cost", "price", "service.budget", "parent.cost"]);
    let literal = one_of(&["'CNY 0.01'", "'EUR 0.01'", "'CNY -0.02'", "'EUR 0'"]);
    compared(field, literal, &["affects.budget", "related.price"])
}

fn instants() -> Text {
    let field = one_of(&["due", "begun", "created_at", "service.opened", "parent.due"]);
    let literal =
        one_of(&["now()", "query.instant", "datetime('2026-03-02T00:00:00Z')", "now() - 2d"]);
    let sum = (field.clone(), one_of(&["+", "-"]), one_of(&["1d", "2d", "spent", "15m"]));
    let sum = sum.prop_map(|(a, sign, b)| format!("{a} {sign} {b}"));
    let one = prop_oneof![3 => field, 1 => sum].boxed();
    compared(one, literal, &["affects.opened", "related.due"])
}

fn dates() -> Text {
    let field = one_of(&["wanted_on", "begun_on", "service.since", "parent.wanted_on"]);
    let literal = one_of(&["today()", "date('2026-03-02')", "today() - 1d"]);
    let sum = (field.clone(), one_of(&["+ 1d", "- 1d", "+ 2w"]));
    let sum = sum.prop_map(|(a, more)| format!("{a} {more}"));
    let one = prop_oneof![3 => field, 1 => sum].boxed();
    compared(one, literal, &["affects.since", "related.begun_on"])
}

fn durations() -> Text {
    let field = one_of(&["spent", "planned", "service.window", "parent.spent"]);
    let literal = one_of(&["1d", "0m", "2d", "now() - created_at"]);
    let sum = one_of(&[
        "spent + planned",
        "spent - planned",
        "due - begun",
        "due - created_at",
        "wanted_on - begun_on",
        "now() - due",
        "spent + 1d",
        "today() - wanted_on",
    ]);
    compared(prop_oneof![2 => field, 1 => sum].boxed(), literal, &["affects.window"])
}

fn choices() -> Text {
    let field = one_of(&[
        "level",
        "impact",
        "risk",
        "service.level",
        "requester.level",
        "parent.impact",
        "matrix('risk', level, impact)",
        "matrix('risk', impact, service.level)",
    ]);
    let literal = one_of(&["'low'", "'medium'", "'high'"]);
    let levels = compared(field, literal, &["affects.level", "related.risk"]);
    let states = one_of(&[
        "state == 'fresh'",
        "state != 'closed'",
        "state in ['fresh', 'active']",
        "state > 'fresh'",
        "parent.state <= 'active'",
        "'closed' in related.state",
        "state in ticket.related.state",
        "type == 'bug'",
        "type != 'ticket'",
    ]);
    prop_oneof![3 => levels, 1 => states].boxed()
}

fn texts() -> Text {
    let field = one_of(&["subject", "detail", "parent.subject", "service.code"]);
    let literal = one_of(&["'mail'", "'变更'", "'it''s \"|%_'", "'none'"]);
    let any = prop_oneof![field.clone(), literal.clone()];
    let signed = (field.clone(), one_of(&["==", "!="]), any.clone());
    let list = (
        field,
        one_of(&[
            "in ['mail', 'a', detail]",
            "not in ['变更']",
            "in related.detail",
            "in affects.code",
        ]),
    );
    let local = (one_of(&["label", "service.name"]), one_of(&["==", "!="]), any);
    prop_oneof![
        2 => signed.prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        1 => list.prop_map(|(a, b)| format!("{a} {b}")),
        1 => local.prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        1 => literal.prop_map(|a| format!("{a} in related.subject")),
    ]
    .boxed()
}

fn references() -> Text {
    one_of(&[
        "requester == me",
        "requester != me",
        "me == created_by",
        "service.owner == me",
        "service in me.services",
        "service not in me.services",
        "requester == me.manager",
        "requester == created_by",
        "requester != service.owner",
        "parent.requester == requester",
        "service == parent.service",
        "requester in [created_by, me, service.owner]",
        "me.level == level",
        "level < me.level",
        "steps > me.salary",
        "'agent' in me.roles",
        "me in service.supporters",
        "requester in service.supporters",
        "service.supporters is set",
        "requester.services is set",
        "service in requester.services",
        "parent.affects is set",
        "parent.parent == parent",
        "requester.manager == me",
        "requester in query.nothing",
        "requester == query.nothing",
        "parent.related is empty",
    ])
}

fn links() -> Text {
    one_of(&[
        "affects is set",
        "related is empty",
        "ticket.related is set",
        "person.watches is set",
        "service in affects",
        "service not in affects",
        "parent in related",
        "me in person.watches",
        "requester in person.watches",
        "me in affects.owner",
        "requester in affects.supporters",
        "me in affects.supporters",
        "affects.supporters is set",
        "related.affects is set",
        "service in related.affects",
        "service in ticket.related.service",
        "affects.owner is set",
        "related.parent is set",
        "requester in person.watches.manager",
        "count(affects) > 0",
        "count(related) == 0",
        "count(affects) >= 1",
        "count(ticket.related) < 1",
        "count(affects) + count(related) > 2",
        "service in person.watches.services",
        "created_by in ticket.related.requester",
        "count(affects) != 0",
        "count(related) <= 0",
    ])
}

fn several() -> Text {
    one_of(&[
        "'red' in tags",
        "'blue' not in tags",
        "tags == ['red', 'green']",
        "tags != ['blue']",
        "tags is set",
        "'green' in service.tags",
        "service.tags == ['green', 'red']",
        "tags == service.tags",
        "tags != parent.tags",
    ])
}

fn set() -> Text {
    let field = one_of(&[
        "subject",
        "detail",
        "label",
        "requester",
        "service",
        "parent",
        "level",
        "tags",
        "urgent",
        "steps",
        "ratio",
        "cost",
        "wanted_on",
        "due",
        "spent",
        "files",
        "service.name",
        "service.budget",
        "parent.files",
        "parent.tags",
        "requester.level",
        "related.cost",
        "related.label",
        "affects.tags",
        "affects.name",
        "related.files",
        "steps + visits",
        "due - begun",
        "wanted_on + 1d",
        "matrix('risk', level, impact)",
        "related.urgent",
    ]);
    (field, one_of(&["is set", "is not set", "is empty", "== unset", "!= unset"]))
        .prop_map(|(a, b)| format!("{a} {b}"))
        .boxed()
}
