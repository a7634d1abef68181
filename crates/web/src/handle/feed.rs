//! The feed of changes, for programs that follow along: resumable, at least once, in order for each
//! record, only what the asker may read.

use super::search::types;
use super::{cursor, from_cursor};
use crate::answer::{self, Answer, Content};
use crate::call::Call;
use crate::problem::Result;
use axum::http::StatusCode;
use serde_json::json;

pub fn changes(call: &Call) -> Result<Answer> {
    let from = from_cursor(call, "after")?.unwrap_or(0);
    let limit = call.query.size("limit").unwrap_or(100);
    let types = types(call)?;
    let found = call.session.changes(from, limit, &types)?;
    let empty = found.changes.is_empty();
    let bytes = answer::to_bytes(&json!({
        "changes": found.changes,
        "next": cursor(found.next),
    }))?;
    let waits = empty && call.query.number("wait").unwrap_or(0) > 0;
    let content = match waits {
        true => Content::Wait(bytes),
        false => Content::Bytes { media_type: answer::JSON, bytes },
    };
    Ok(Answer { status: StatusCode::OK, headers: Vec::new(), content })
}
