//! What the asker was told of, and that they have read it.

use super::{cursor, from_cursor};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::{Problem, Result, Said, Slip};
use serde_json::json;
use uuid::Uuid;

pub fn list(call: &Call) -> Result<Answer> {
    let limit = call.query.size("limit").unwrap_or(50);
    let found = call.session.notices(call.query.yes("unread"), before(call)?, limit)?;
    Answer::json(&json!({
        "notifications": found.notices,
        "next": found.next.map(cursor),
    }))
}

/// Those that are named, or all where none are.
pub fn read(call: &Call) -> Result<Answer> {
    let object = call.object()?;
    let is_named = object.contains_key("entries");
    let mut members = Members::of(object);
    let texts = match is_named {
        // `null` is not "all": who sends it meant to name some.
        true => {
            let given = members.texts("entries");
            members.required("entries", given)
        }
        false => None,
    };
    members.end()?;
    let entries = texts.map(|texts| entry_ids(&texts)).transpose()?;
    call.session.read_notices(entries.as_deref())?;
    Ok(Answer::nothing())
}

/// The place to go on from.
pub fn before(call: &Call) -> Result<Option<i64>> {
    from_cursor(call, "cursor")
}

/// Ids of entries as they were told.
///
/// # Errors
/// `invalid` for what is no id.
pub fn entry_ids(texts: &[String]) -> Result<Vec<Uuid>> {
    let ids = texts.iter().map(|text| Uuid::try_parse(text));
    let wrong = || {
        let said = Said::new("Write the ids of entries.", "请填写通知条目的标识。");
        Problem::fields(vec![Slip::field("entries", said)])
    };
    ids.collect::<std::result::Result<Vec<_>, _>>().map_err(|_| wrong())
}
