//! Moves from state to state: which are open, and performing one.

use super::record::demand_base_exists;
use super::{changed, order, target};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::{Problem, Result, Slip};
use crate::refused;
use engine::{Command, Input, Move};
use model::definition::RecordType;
use serde_json::{Value as Json, json};

pub fn list(call: &Call) -> Result<Answer> {
    let (definition, _) = target(call)?;
    let moves = call.session.moves(call.record_type(), call.record())?;
    let each: Vec<Json> = moves.iter().map(|one| shown(call, &definition, one)).collect();
    Answer::json(&json!({ "transitions": each }))
}

/// A transition as it stands for this person, with the reason where it is closed.
fn shown(call: &Call, definition: &RecordType, one: &Move) -> Json {
    let language = call.language();
    let refusal = one.refusal.as_ref().map(|refusal| {
        let problem = refused::problem(refusal);
        json!({
            "code": problem.code,
            "detail": problem.said.text(language),
            "details": { "en": problem.said.en, "zh": problem.said.zh },
        })
    });
    let by = definition.transitions.get(&one.name).map(|transition| &transition.by);
    let roles: Vec<&str> = by.into_iter().flatten().map(|role| role.as_str()).collect();
    json!({
        "name": one.name.as_str(),
        "label": refused::label(&one.label),
        "to": one.to.as_str(),
        "open": refusal.is_none(),
        "refusal": refusal,
        "needs": one.needs.iter().map(|field| field.as_str()).collect::<Vec<_>>(),
        "note_required": one.note_required,
        "approvals": one.approvals.iter().map(refused::standing).collect::<Vec<_>>(),
        "by": roles,
    })
}

pub fn perform(call: &Call) -> Result<Answer> {
    let (definition, key) = target(call)?;
    let name = call.name("transition")?;
    if !definition.transitions.contains_key(&name) {
        return Err(Problem::missing());
    }
    let mut members = Members::of(call.object()?);
    demand_base_exists(call)?;
    let note = members.text("note", super::NOTE);
    let mut fields = members.rest();
    members.end()?;
    fields.shift_remove("links");
    let Input { values, links } = call.session.input(&definition.name, &fields)?;
    if let Some((link, _)) = links.first() {
        let said = crate::problem::Said::new(
            "Links are changed one by one, not by a transition.",
            "关联须逐条修改，不能通过流程操作修改。",
        );
        return Err(Problem::fields(vec![Slip::field(link, said)]));
    }
    let written = order(call, &definition, key, Command::Transition { name, values, note })?;
    changed(call, &written)
}
