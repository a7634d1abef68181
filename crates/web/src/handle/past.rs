//! The history of one record.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Problem, Result};
use serde_json::{Map, Value as Json, json};

/// A page of entries, newest first, and the cursor of the page after it.
pub struct Page {
    pub entries: Vec<Map<String, Json>>,
    pub next: Option<String>,
}

pub fn list(call: &Call) -> Result<Answer> {
    let limit = call.query.size("limit").unwrap_or(50);
    let page = page(call, call.query.text("cursor"), limit)?;
    Answer::json(&json!({ "entries": page.entries, "next": page.next }))
}

pub fn page(call: &Call, cursor: Option<&str>, limit: usize) -> Result<Page> {
    let before = cursor.map(place).transpose()?;
    let past = call.session.history(call.record_type(), call.record(), before, limit)?;
    Ok(Page { entries: past.entries, next: past.next.map(written) })
}

/// Entries are in the order of versions, then of writing.
pub(crate) fn written((version, key): (i64, i64)) -> String {
    format!("{version:x}-{key:x}")
}

pub(crate) fn place(text: &str) -> Result<(i64, i64)> {
    let number = |text: &str| i64::from_str_radix(text, 16).ok().filter(|number| *number >= 0);
    let parts = text.split_once('-').and_then(|(a, b)| Some((number(a)?, number(b)?)));
    parts.ok_or_else(|| Problem::parameters(vec![super::bad_cursor("cursor")]))
}
