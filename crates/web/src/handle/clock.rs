//! The clocks of a record: how long it may take, how long it has taken, and why.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use serde_json::json;

pub fn list(call: &Call) -> Result<Answer> {
    let clocks = call.session.clocks(call.record_type(), call.record())?;
    Answer::json(&json!({ "clocks": clocks }))
}
