//! Watching a record: being told of what happens to it.

use super::{perform, target};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::Result;
use engine::Command;
use engine::refusal::Refusal;
use model::Key;
use serde_json::Value as Json;

pub fn begin(call: &Call) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let person = members.any("person");
    members.end()?;
    target(call)?;
    let person = who(call, person)?;
    perform(call, Command::Watch { person })
}

pub fn end(call: &Call) -> Result<Answer> {
    let person = call.query.text("person").map(Json::from);
    target(call)?;
    let person = who(call, person)?;
    perform(call, Command::Unwatch { person })?;
    Ok(Answer::nothing())
}

/// The person named, or the one who asks.
fn who(call: &Call, named: Option<Json>) -> Result<Key> {
    match (named, call.session.actor().person) {
        (Some(named), _) => Ok(call.session.person("person", &named)?),
        (None, Some(me)) => Ok(me),
        (None, None) => Err(Refusal::field(
            "person",
            "Your account belongs to no person; name one.",
            "您的账号没有对应人员，请指定人员。",
        )
        .into()),
    }
}
