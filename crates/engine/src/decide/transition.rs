//! A transition: from, by, when, values, needs, note, rules, approvals, in the order in which a
//! person can act on a refusal.

use super::approval::{Ballot, missing};
use super::{Case, RuleAnswers, fields};
use crate::change::Change;
use crate::facts::Known;
use crate::record::Record;
use crate::refusal::{Act, Refusal, Result};
use crate::rights::Deed;
use model::definition::{Note, Transition};
use model::{Label, Name, Value};
use std::collections::BTreeSet;

/// Finds the transition and checks that the person may perform it, and from here.
///
/// # Errors
/// `NotAllowed`, `NoSuchMove`.
pub fn open<'c>(case: &'c Case, before: &Record, name: &str) -> Result<&'c Transition> {
    let Some(found) = case.definition.transitions.get(name) else {
        return Err(no_such_move(case, before, name, None).into());
    };
    let by = roles(case, before);
    if case.rights.is_some() && !found.by.iter().any(|role| by.contains(role)) {
        return Err(Refusal::NotAllowed { act: Act::Transition }.into());
    }
    if !before.state.as_ref().is_some_and(|state| found.from.contains(state)) {
        return Err(no_such_move(case, before, name, Some(found.label.clone())).into());
    }
    Ok(found)
}

fn roles(case: &Case, record: &Record) -> BTreeSet<Name> {
    let view = case.view(record, case.known);
    case.rights.map(|rights| rights.roles(&view)).unwrap_or_default()
}

fn no_such_move(case: &Case, before: &Record, name: &str, shown: Option<Label>) -> Refusal {
    let by = roles(case, before);
    let open = case.definition.transitions.values().filter(|transition| {
        let from_here = before.state.as_ref().is_some_and(|s| transition.from.contains(s));
        from_here && transition.by.iter().any(|role| by.contains(role))
    });
    let open = open.map(|transition| transition.label.clone()).collect();
    let state = before.state_of(case.definition).map(|s| s.label.clone()).unwrap_or_default();
    let english = shown.map(|label| label.text(case.actor.language).to_string());
    Refusal::NoSuchMove { transition: english.unwrap_or_else(|| name.to_string()), state, open }
}

/// The record with the values given along with the transition.
///
/// # Errors
/// `Invalid`; `NotAllowed` for a field that is neither asked for nor open for editing.
pub fn draft(
    case: &Case,
    before: &Record,
    transition: &Transition,
    values: &[(Name, Value)],
) -> Result<Record> {
    let mut record = before.clone();
    fields::put(case.definition, &mut record, values)?;
    let beside: Vec<&Name> = values
        .iter()
        .filter(|(name, value)| !transition.needs.contains(name) && before.field(name) != *value)
        .map(|(name, _)| name)
        .collect();
    if !beside.is_empty() {
        case.demand(Deed::Write, Act::Edit, before)?;
        if case.rights.is_some() {
            fields::demand_editable(case, before, beside.into_iter())?;
        }
    }
    Ok(record)
}

/// Decides the transition of `before`, whose draft carries the values given. `known` holds the
/// facts around the draft, `answers` those of rules written in Rust, `ballot` the votes.
///
/// # Errors
/// In this order: `NotOffered`, `Needs`, `NeedsNote`, `RuleBroken`, `ApprovalMissing`.
pub fn transition(
    case: &Case,
    before: &Record,
    draft: Record,
    known: &Known,
    (transition, note): (&Transition, Option<&str>),
    answers: &RuleAnswers,
    ballot: &Ballot,
) -> Result<Change> {
    let mut record = draft;
    fields::compute(case, &mut record, known);
    demand_offered(case, transition, &record, known)?;
    demand_needs(case, transition, &record)?;
    if transition.note == Note::Required && note.is_none_or(|note| note.trim().is_empty()) {
        return Err(Refusal::NeedsNote.into());
    }
    let named = transition.rules.iter().filter_map(|name| case.definition.rules.get(name));
    fields::demand_rules(case, named, &record, known, answers)?;
    let standings = missing(case, transition, &record, known, ballot);
    if !standings.is_empty() {
        return Err(Refusal::ApprovalMissing(standings).into());
    }
    let mut change = carry_out(case, before, record, known, transition);
    fields::demand_required(case.definition, &change.after)?;
    fields::demand_standing_rules(case, &change.after, known, answers)?;
    change.tell("note", note.map_or(Value::Unset, Value::text));
    Ok(change)
}

/// What the transition does to a draft, nothing demanded any more.
pub fn carry_out(
    case: &Case,
    before: &Record,
    mut draft: Record,
    known: &Known,
    transition: &Transition,
) -> Change {
    set(case, transition, &mut draft, known);
    draft.state = Some(transition.to.clone());
    let mut change = Change::of(before, "transition", case.now);
    change.after = draft;
    change.transition = Some(transition.name.clone());
    change
}

fn set(case: &Case, transition: &Transition, record: &mut Record, known: &Known) {
    // All expressions read the record as it was before the first is set, so order means nothing.
    let values: Vec<(Name, Value)> = transition
        .set
        .iter()
        .map(|(name, expression)| (name.clone(), expression.evaluate(&case.view(record, known))))
        .collect();
    values.into_iter().for_each(|(name, value)| record.set(&name, value));
    fields::compute(case, record, known);
}

fn demand_offered(
    case: &Case,
    transition: &Transition,
    record: &Record,
    known: &Known,
) -> Result<()> {
    let Some(when) = &transition.when else { return Ok(()) };
    if when.holds(&case.view(record, known)) {
        return Ok(());
    }
    let words = crate::words::of(case.model, case.definition, when, case.actor.language);
    Err(Refusal::NotOffered { transition: transition.label.clone(), because: words }.into())
}

fn demand_needs(case: &Case, transition: &Transition, record: &Record) -> Result<()> {
    let missing = transition.needs.iter().filter(|field| !record.field(field).is_set());
    let fields: Vec<(Name, Label)> = missing
        .filter_map(|field| case.definition.fields.get(field))
        .map(|field| (field.name.clone(), field.label.clone()))
        .collect();
    if fields.is_empty() { Ok(()) } else { Err(Refusal::Needs { fields }.into()) }
}
