//! Links from one record to another: begun and ended one by one.

use super::{order, perform, target};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::{Problem, Result};
use engine::refusal::Refusal;
use engine::{Command, Error};
use serde_json::Value as Json;

pub fn begin(call: &Call) -> Result<Answer> {
    demand_link(call)?;
    let mut members = Members::of(call.object()?);
    let to = members.any("to");
    let to = members.required("to", to);
    members.end()?;
    let to = to.unwrap_or_default();
    let (link, to) = call.session.far_end(call.record_type(), call.part("link"), &to)?;
    perform(call, Command::Link { link, to })
}

pub fn end(call: &Call) -> Result<Answer> {
    demand_link(call)?;
    let (definition, key) = target(call)?;
    let to = Json::from(call.part("to"));
    let found = call.session.far_end(&definition.name, call.part("link"), &to);
    let (link, to) = found.map_err(|error| match error {
        // Named in the address, so it is the address that leads nowhere.
        Error::Refused(refusal) if matches!(*refusal, Refusal::Invalid(_)) => Problem::missing(),
        other => other.into(),
    })?;
    order(call, &definition, key, Command::Unlink { link, to })?;
    Ok(Answer::nothing())
}

/// A link is part of the address: one that is not there is an address that leads nowhere.
fn demand_link(call: &Call) -> Result<()> {
    let (definition, _) = target(call)?;
    match definition.links.contains_key(call.part("link")) {
        true => Ok(()),
        false => Err(Problem::missing()),
    }
}
