//! Comments: what people say on a record, to everybody who reads it or among themselves.

use super::{NOTE, created_brief, order, target};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::Result;
use engine::Command;
use serde_json::{Map, Value as Json, json};

/// How many pages of history one page of comments looks through.
const LOOKED_THROUGH: usize = 20;

/// Comments, newest first. They are entries of the history, which is where they are taken from; a
/// page may therefore hold fewer than asked for and still have one after it.
pub fn list(call: &Call) -> Result<Answer> {
    let limit = call.query.size("limit").unwrap_or(50);
    let mut before = call.query.owned("cursor");
    let mut comments = Vec::new();
    for _ in 0..LOOKED_THROUGH {
        let wanted = limit - comments.len();
        let past = super::past::page(call, before.as_deref(), wanted)?;
        comments.extend(past.entries.iter().filter_map(shown));
        before = past.next;
        if before.is_none() || comments.len() >= limit {
            break;
        }
    }
    Answer::json(&json!({ "comments": comments, "next": before }))
}

/// An entry of history as a comment, where it is one.
fn shown(entry: &Map<String, Json>) -> Option<Json> {
    // Internal ones are called notes.
    let kind = entry.get("kind").and_then(Json::as_str)?;
    if !["comment", "note"].contains(&kind) {
        return None;
    }
    let member = |name: &str| entry.get(name).cloned().unwrap_or_default();
    Some(json!({
        "entry": member("entry"),
        "at": member("at"),
        "actor": member("actor"),
        "person": member("person"),
        "internal": member("internal"),
        "text": member("comment"),
    }))
}

pub fn add(call: &Call) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let text = members.text("text", NOTE);
    let text = members.required("text", text);
    let internal = members.yes("internal").unwrap_or(false);
    members.end()?;
    let (definition, key) = target(call)?;
    let command = Command::Comment { text: text.unwrap_or_default(), internal };
    let written = order(call, &definition, key, command)?;
    created_brief(call, &written)
}
