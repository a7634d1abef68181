//! The workflow as a graph: states that are reached and left, rules and approvals that are used,
//! roles that can see what they act on.

use super::initial;
use crate::grammar::CATEGORIES;
use crate::load::draft::{Draft, TypeDraft};
use crate::name::Name;
use crate::problem::Report;
use crate::problem::message::What;
use crate::tree::{Entry, Node};
use std::collections::BTreeSet;

/// Checks what the record type declares itself, over all that extend it: a state of a root may be
/// reached by a transition that only a subtype has.
pub(super) fn check(draft: &Draft<'_>, of: &TypeDraft<'_>, report: &mut Report) {
    begins(draft, of, report);
    let members = members(draft, of);
    let flows: Vec<Flow<'_>> = members.iter().map(|name| Flow::new(draft, name)).collect();
    for state in of.own("state") {
        reached(state, &flows, report);
        left(state, &flows, report);
    }
    used(of, &flows, report);
    for transition in of.own("transition") {
        can_read(draft, &members, transition, "perform this", report);
    }
    for approval in of.own("approval") {
        can_read(draft, &members, approval, "grant this", report);
    }
}

/// The record types of the family of which there can be records; all where there are none.
fn members(draft: &Draft<'_>, of: &TypeDraft<'_>) -> Vec<Name> {
    let concrete = |name: &&Name| draft.types.get(*name).is_some_and(|of| !of.is_abstract());
    let found: Vec<Name> = of.family.iter().filter(concrete).cloned().collect();
    if found.is_empty() { of.family.clone() } else { found }
}

/// The states and transitions of one record type, inherited ones among them.
struct Flow<'a> {
    /// None where it cannot be read: then nothing is said of states that are not reached.
    initial: Option<&'a str>,
    transitions: Vec<&'a Entry>,
    reached: BTreeSet<&'a str>,
    /// Rules that hold at every write.
    always: Vec<&'a str>,
}

impl<'a> Flow<'a> {
    fn new(draft: &Draft<'a>, of: &str) -> Flow<'a> {
        let only = |kind| draft.all(of, kind).into_iter().map(|(_, entry)| entry);
        let states: BTreeSet<&str> = only("state").map(|state| state.key.as_str()).collect();
        let transitions: Vec<&Entry> = only("transition").collect();
        let always = only("rule").filter(|rule| rule.is("always"));
        let initial = initial(draft, of).and_then(|initial| initial.node.as_text());
        let initial = initial.filter(|initial| states.contains(initial));
        let reached = reach(initial, &states, &transitions);
        Flow {
            initial,
            reached,
            always: always.map(|rule| rule.key.as_str()).collect(),
            transitions,
        }
    }

    /// Whether a transition names something under a key.
    fn names(&self, key: &str, name: &str) -> bool {
        self.transitions.iter().any(|transition| texts(transition, key).contains(&name))
    }
}

/// The states a record can come into. A transition whose `from` cannot be read counts as leading
/// from everywhere, so that one mistake is not told twice.
fn reach<'a>(
    initial: Option<&'a str>,
    states: &BTreeSet<&'a str>,
    transitions: &[&'a Entry],
) -> BTreeSet<&'a str> {
    let mut reached: BTreeSet<&str> = initial.into_iter().collect();
    loop {
        let before = reached.len();
        for transition in transitions {
            let from = texts(transition, "from");
            let open = from.is_empty() || from.iter().any(|state| !states.contains(state));
            if open || from.iter().any(|state| reached.contains(state)) {
                reached.extend(texts(transition, "to"));
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The texts of a key, of a list or of one value.
fn texts<'a>(table: &'a Entry, key: &str) -> Vec<&'a str> {
    let Some(entry) = table.node.get(key) else { return Vec::new() };
    let one = std::iter::once(&entry.node);
    one.chain(entry.node.items()).filter_map(Node::as_text).collect()
}

fn begins(draft: &Draft<'_>, of: &TypeDraft<'_>, report: &mut Report) {
    let states: Vec<&str> = of.states.0.keys().map(Name::as_str).collect();
    let Some(initial) = initial(draft, of.name()) else {
        if !states.is_empty() && !of.is_abstract() {
            report.no_initial_state(of.definition.name_span, of.name());
        }
        return;
    };
    let own = of.record().and_then(|record| record.get("state")).is_some();
    if let (true, Some(text)) = (own, initial.node.as_text())
        && !states.contains(&text)
    {
        report.unknown(initial.node.span, What::State, text, &states);
    }
}

fn reached(state: &Entry, flows: &[Flow<'_>], report: &mut Report) {
    let name = state.key.as_str();
    if flows.iter().any(|flow| flow.initial.is_none() || flow.reached.contains(name)) {
        return;
    }
    match flows.iter().find(|flow| flow.names("to", name)).and_then(|flow| flow.initial) {
        Some(initial) => report.island(state.key_span, name, initial),
        None => report.unreachable_state(state.key_span, name),
    }
}

fn left(state: &Entry, flows: &[Flow<'_>], report: &mut Report) {
    let category = state.text("category").unwrap_or_default();
    let goes_on = CATEGORIES[..4].contains(&category);
    if goes_on && !flows.iter().any(|flow| flow.names("from", &state.key)) {
        report.dead_end(state.key_span, &state.key);
    }
}

fn used(of: &TypeDraft<'_>, flows: &[Flow<'_>], report: &mut Report) {
    for rule in of.own("rule") {
        let name = rule.key.as_str();
        let used = |flow: &Flow<'_>| flow.always.contains(&name) || flow.names("rules", name);
        if !flows.iter().any(used) {
            report.unused_rule(rule.key_span, name);
        }
    }
    for approval in of.own("approval") {
        if !flows.iter().any(|flow| flow.names("approve", &approval.key)) {
            report.unused_approval(approval.key_span, &approval.key);
        }
    }
}

/// Who acts on a record must be able to see it.
fn can_read(draft: &Draft<'_>, members: &[Name], table: &Entry, does: &str, report: &mut Report) {
    let Some(by) = table.node.get("by") else { return };
    for item in by.node.items() {
        let Some(role) = item.as_text().filter(|role| draft.roles.0.contains_key(*role)) else {
            continue;
        };
        if !members.iter().all(|of| reads(draft, of, role)) {
            report.role_cannot_read(item.span, role, does);
        }
    }
}

/// Whether the role, or everybody on all records, may read records of the type.
fn reads(draft: &Draft<'_>, of: &str, role: &str) -> bool {
    let everybody: BTreeSet<&str> = draft
        .all(of, "role")
        .into_iter()
        .filter(|(_, role)| role.is("everybody") && role.node.get("for").is_none())
        .map(|(_, role)| role.key.as_str())
        .collect();
    draft.all(of, "permission").into_iter().any(|(_, permission)| {
        let counts = permission.key == role || everybody.contains(permission.key.as_str());
        counts && permission.node.get("read").is_some()
    })
}
