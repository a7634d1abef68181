//! Approvals: given, refused, handed on.

use super::{changed, order, target};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::Result;
use engine::Command;
use model::Name;

pub fn approve(call: &Call) -> Result<Answer> {
    vote(call, true)
}

pub fn reject(call: &Call) -> Result<Answer> {
    vote(call, false)
}

fn vote(call: &Call, approve: bool) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let approval = approval(&mut members);
    let note = members.text("note", super::NOTE);
    members.end()?;
    let (definition, key) = target(call)?;
    let command = Command::Vote { approval, approve, note };
    let written = order(call, &definition, key, command)?;
    changed(call, &written)
}

/// The name of an approval, where the client says which.
fn approval(members: &mut Members) -> Option<Name> {
    let text = members.text("approval", Name::MAX)?;
    let name = Name::new(&text);
    if name.is_none() {
        members.slip("approval", "This is no name of an approval.", "这不是审批的名称。");
    }
    name
}

pub fn delegate(call: &Call) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let approval = approval(&mut members);
    let to = members.any("to");
    let to = members.required("to", to);
    members.end()?;
    let (definition, key) = target(call)?;
    let to = call.session.person("to", &to.unwrap_or_default())?;
    let command = Command::Delegate { approval, to };
    let written = order(call, &definition, key, command)?;
    changed(call, &written)
}
