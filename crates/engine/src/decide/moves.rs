//! The moves from here: each transition out of the present state, whether the person may perform
//! it now, and if not, why not and the way out.

use super::approval::{Ballot, standings};
use super::transition::{open, transition};
use super::{Case, RuleAnswers};
use crate::facts::Known;
use crate::record::Record;
use crate::refusal::{Error, Refusal, Standing};
use model::definition::{Note, Transition};
use model::{Label, Name};

/// One transition as it stands for this person and record.
#[derive(Debug, Clone)]
pub struct Move {
    pub name: Name,
    pub label: Label,
    pub to: Name,
    /// Fields asked for, filled or not.
    pub needs: Vec<Name>,
    pub note_required: bool,
    pub approvals: Vec<Standing>,
    /// Why it cannot be performed as the record stands; none where it is open.
    pub refusal: Option<Refusal>,
}

/// Every transition that leaves the present state, those the person's roles do not perform
/// included (so that they see who could).
pub fn moves(
    case: &Case,
    before: &Record,
    known: &Known,
    answers: &RuleAnswers,
    ballot: &Ballot,
) -> Vec<Move> {
    let here = |t: &&Transition| before.state.as_ref().is_some_and(|s| t.from.contains(s));
    let leaving = case.definition.transitions.values().filter(here);
    leaving.map(|t| judge(case, before, known, t, answers, ballot)).collect()
}

fn judge(
    case: &Case,
    before: &Record,
    known: &Known,
    found: &Transition,
    answers: &RuleAnswers,
    ballot: &Ballot,
) -> Move {
    // The note is asked for in the dialog, so its absence does not close a move.
    let note = (found.note == Note::Required).then_some("-");
    let tried = open(case, before, &found.name).and_then(|_| {
        transition(case, before, before.clone(), known, (found, note), answers, ballot)
    });
    let refusal = match tried {
        Err(Error::Refused(refusal)) => Some(*refusal),
        _ => None,
    };
    Move {
        name: found.name.clone(),
        label: found.label.clone(),
        to: found.to.clone(),
        needs: found.needs.clone(),
        note_required: found.note == Note::Required,
        approvals: standings(case, found, before, known, ballot),
        refusal,
    }
}
