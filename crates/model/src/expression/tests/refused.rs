//! Text to slips: each with its place, id and hint.

use super::super::example::{example, shared};
use super::super::{Kind, Place, check, chinese};

/// The slips as `part of the text | id | hint`.
fn slips(text: &str, place: Place, expected: Option<&Kind>) -> Vec<String> {
    let Err(slips) = check(text, "change", place, expected, shared()) else {
        panic!("{text}: accepted");
    };
    for said in slips.iter().flat_map(|slip| slip.hint.iter().chain([&slip.message])) {
        let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(chinese(said).contains(is_chinese), "not in Chinese: {said}");
    }
    let shown = slips.iter().map(|slip| {
        let hint = slip.hint.clone().unwrap_or_default();
        format!("{} | {} | {hint}", &text[slip.start..slip.end], slip.id)
    });
    shown.collect()
}

/// A text, the part that is wrong with the id, and the hint, where there is one.
const NAMES: &str = "
sumary is set
    sumary | expression-unknown-name
    did you mean `summary`?
kind == 'emergancy'
    'emergancy' | expression-unknown-choice
    did you mean `emergency`?
kind == '紧急变更'
    '紧急变更' | expression-unknown-choice
    write the name: `'emergency'`
kind == '其他'
    '其他' | expression-unknown-choice
    known: standard, normal, emergency
risk in ['medium', 'hihg']
    'hihg' | expression-unknown-choice
    did you mean `high`?
kind == normal
    normal | expression-unknown-name
    a choice is in quotes: `'normal'`
service.ownr == me
    ownr | expression-unknown-name
    did you mean `owner`?
affects.ownrs is set
    ownrs | expression-unknown-name
    did you mean `owners`?
me.role is set
    role | expression-unknown-name
    did you mean `roles`?
'auditr' in me.roles
    'auditr' | expression-unknown-role
    did you mean `auditor`?
incident.caused is set
    incident | expression-unknown-name
    known: summary, reason, public_name, kind, model, requester, service, major_impact,
    outage, backout_tested, impact, likelihood, …
service.owner.site is set
    service.owner.site | expression-too-many-steps
me.services.owner is set
    me.services.owner | expression-too-many-steps
a.b.c.d is set
    a.b.c.d | expression-too-many-steps
summary.owner is set
    summary.owner | expression-wrong-kind
    it has no parts
incident.caused_by.sumary is set
    sumary | expression-unknown-name
    did you mean `summary`?
cont(affects) > 0
    cont | expression-unknown-function
    did you mean `count`?
matrix('risc', impact, impact) is set
    'risc' | expression-unknown-matrix
";

const KINDS: &str = "
planned_start < today()
    today() | expression-wrong-kind
    write `now()` beside an instant
due_date < now()
    now() | expression-wrong-kind
    write `today()` beside a date
due_date < created_at
    created_at | expression-wrong-kind
    a date has no time of day: a date compares with `today()`, an instant with `now()`
grace > 15
    15 | expression-wrong-kind
    give a unit: `15m`, `4h`, `3d`
now() - 15 > created_at
    15 | expression-wrong-kind
    give a unit: `15m`, `4h`, `3d`
cost > 100
    100 | expression-wrong-kind
    name the currency: `'CNY 100.00'`
cost > '100'
    '100' | expression-bad-money
    write it as `'CNY 100.00'`
effort == '5'
    '5' | expression-wrong-kind
    write it without quotes
summary == 5
    5 | expression-wrong-kind
    write it in quotes
outage == 'true'
    'true' | expression-wrong-kind
    write `true` or `false`
kind == summary
    summary | expression-wrong-kind
    only a text in quotes can be a choice
kind == risk
    risk | expression-wrong-kind
    the two have different choices
requester == service
    service | expression-wrong-kind
due_date == '2026-02-30'
    '2026-02-30' | expression-bad-date
    write it as `'2026-03-01'`
created_at > '2026-03-01'
    '2026-03-01' | expression-bad-date
    write it as `'2026-03-01T09:00:00Z'` or `'2026-03-01T17:00:00+08:00'`
affects == service
    affects | expression-wrong-kind
    it holds several: write `value in field`, or `is set`
tags == 'network'
    tags | expression-wrong-kind
    it holds several: write `value in field`, or `is set`
files == reason
    files | expression-wrong-kind
    use `is set`
summary < 'b'
    summary < 'b' | expression-no-order
    use `==`, `!=` or `in`
outage > false
    outage > false | expression-no-order
    use `==`, `!=` or `in`
effort < unset
    effort < unset | expression-no-order
    write `is set` or `is not set`
kind in ['normal', unset]
    unset | expression-wrong-kind
    `in` never holds for what is not set; add `or x is not set`
unset in tags
    unset | expression-wrong-kind
    one value stands before `in`: `me in affects.owners`
affects in me.services
    affects | expression-wrong-kind
    one value stands before `in`: `me in affects.owners`
requester in affects
    requester | expression-wrong-kind
kind in summary
    summary | expression-wrong-kind
    a list, a link or a field of several choices stands after `in`
kind and outage
    kind | expression-wrong-kind
    write a comparison, or `is set` after it
not affects
    affects | expression-wrong-kind
    write `is set` after it
due_date + 4h > today()
    4h | expression-wrong-kind
    for example `3d` or `2w`
due_date + grace > today()
    grace | expression-wrong-kind
    for example `3d` or `2w`
now() + created_at > now()
    created_at | expression-wrong-kind
    only a duration can be added: `+ 15m`
query.x + 'x' == reason
    'x' | expression-wrong-kind
reason - query.x == reason
    reason | expression-wrong-kind
kind + 4h == now()
    4h | expression-wrong-kind
summary + 'x' == 'y'
    summary + 'x' | expression-wrong-kind
'2026-03-01T09:00:00Z' - 15m < now()
    '2026-03-01T09:00:00Z' | expression-wrong-kind
    write `datetime('2026-03-01T09:00:00Z')` or `date('2026-03-01')`
cost + cost > 'CNY 1'
    cost | expression-not-here
    add amounts in a `computed` field and compare that
effort + 9223372036854775807 - unset > 1
    effort + 9223372036854775807 - unset | expression-wrong-kind
effort > 9223372036854775807 + 1
    9223372036854775807 + 1 | expression-bad-number
ratio > 9223372036854775807
    9223372036854775807 | expression-bad-number
count(summary) > 0
    summary | expression-arguments
    links of the record itself, and links of others to it as `record_type.link`
count('x') > 0
    'x' | expression-arguments
    write `count(link)`
now(1) > created_at
    now(1) | expression-arguments
    write `now()`
date(summary) > today()
    summary | expression-arguments
matrix('risk', kind, impact) is set
    kind | expression-wrong-kind
    the two have different choices
search(summary)
    summary | expression-arguments
    write `search('words')`
[1, 2]
    [1, 2] | expression-wrong-kind
    a list stands to the right of `in`
[1, 'a'] == effort
    'a' | expression-wrong-kind
    write it without quotes
";

/// Checks each case: a line that is not indented, and what is said of it.
fn run(cases: &str) -> usize {
    let mut count = 0;
    let mut lines = cases.lines().filter(|line| !line.is_empty()).peekable();
    while let Some(text) = lines.next() {
        let mut said = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with(' ')) {
            said.push(line.trim());
        }
        let expected = format!("{} | {}", said[0], said[1..].join(" "));
        assert_eq!(slips(text, Place::Filter, None), [expected], "{text}");
        count += 1;
    }
    count
}

#[test]
fn names_and_choices_are_known() {
    assert_eq!(run(NAMES), 18);
}

#[test]
fn kinds_go_together() {
    assert_eq!(run(KINDS), 48);
}

#[test]
fn some_things_stand_only_in_some_places() {
    use Place::{Condition, Filter, Right, Value};
    // the text, where it stands, the id where it is refused
    let cases = [
        ("requester == me", vec![Right, Filter, Value], "expression-not-here"),
        ("service in me.services", vec![Right, Filter, Value], "expression-not-here"),
        ("search('支付')", vec![Filter], "expression-not-here"),
        ("planned_start > query.from", vec![Filter], "expression-not-here"),
        ("public_name == 'x'", vec![Filter], "expression-wrong-kind"),
        // a record by its name: looked up by whoever runs the filter
        ("requester == 'Li'", vec![Filter], "expression-wrong-kind"),
        ("cost + cost == cost", vec![Value], "expression-not-here"),
        ("now() > created_at", vec![Condition, Right, Filter, Value], ""),
        ("public_name is set", vec![Condition, Right, Filter, Value], ""),
    ];
    for (text, allowed, id) in cases {
        for place in [Condition, Right, Filter, Value] {
            match check(text, "change", place, None, shared()) {
                Ok(_) => assert!(allowed.contains(&place), "{text} in {place:?}"),
                Err(slips) => {
                    assert!(!allowed.contains(&place), "{text} in {place:?}: {slips:?}");
                    assert!(slips.iter().all(|slip| slip.id == id), "{text}: {slips:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_expected_is_demanded() {
    let reference = |to: &str| Kind::Reference(super::super::example::name(to));
    let cases = [
        (
            "summary",
            Kind::YesNo,
            "summary | expression-wrong-kind | write a comparison, or `is set` after it",
        ),
        ("1.25", Kind::Decimal(1), "1.25 | expression-wrong-kind | at most 1 decimal places"),
        ("1.5", Kind::Integer, "1.5 | expression-wrong-kind | at most 0 decimal places"),
        ("me", reference("service"), "me | expression-wrong-kind | "),
        ("now()", Kind::Date, "now() | expression-wrong-kind | write `today()` beside a date"),
        ("effort >", Kind::YesNo, " | expression-syntax | "),
    ];
    for (text, kind, expected) in cases {
        assert_eq!(slips(text, Place::Value, Some(&kind)), [expected], "{text}");
    }
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_the_text() {
    let text = "knd == 'x' and risk in ['hihg', 'lwo'] and due_date < now() or effort = '3";
    let found = slips(text, Place::Condition, None);
    let expected = [
        "knd | expression-unknown-name | did you mean `kind`?",
        "'hihg' | expression-unknown-choice | did you mean `high`?",
        "'lwo' | expression-unknown-choice | did you mean `low`?",
        "now() | expression-wrong-kind | write `today()` beside a date",
        "= | expression-bad-character | write `==`",
        "'3 | expression-wrong-kind | write it without quotes",
        "'3 | expression-open-text | end it with `'`; a quote inside a text is written `''`",
    ];
    let mut sorted = found.clone();
    sorted.sort();
    let mut wanted = expected.map(str::to_string).to_vec();
    wanted.sort();
    assert_eq!(sorted, wanted);
    assert_eq!(found[0], expected[0]);
}

#[test]
fn a_model_without_people_has_no_me() {
    let mut model = example();
    model.bindings.purposes.clear();
    let found = check("requester == me", "change", Place::Right, None, &model);
    let ids: Vec<_> = found.err().unwrap_or_default().iter().map(|slip| slip.id).collect();
    assert_eq!(ids, ["expression-no-person"]);
}
