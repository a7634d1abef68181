//! Search over all record types.

use super::{cursor, from_cursor};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Problem, Result, Said, Slip};
use engine::Wanted;
use serde_json::json;

pub fn search(call: &Call) -> Result<Answer> {
    let wanted = Wanted {
        words: call.query.owned("q").unwrap_or_default(),
        types: types(call)?,
        before: from_cursor(call, "cursor")?,
        limit: call.query.size("limit").unwrap_or(20),
    };
    let hits = call.session.search(&wanted)?;
    Answer::json(&json!({ "records": hits.hits, "next": hits.next.map(cursor) }))
}

/// The record types a query names; one that the person may not see is one that does not exist.
pub fn types(call: &Call) -> Result<Vec<String>> {
    let types = call.query.list("types");
    let catalogue = call.session.engine().catalogue();
    let is_known =
        |name: &String| catalogue.record_type(name).is_some() && call.session.may_see_type(name);
    match types.iter().find(|name| !is_known(name)) {
        None => Ok(types),
        Some(unknown) => {
            let short: String = unknown.chars().take(64).collect();
            let said = Said::new(
                format!("There is no record type \"{short}\"; see /api/v1/record_types."),
                format!("没有记录类型“{short}”，参见 /api/v1/record_types。"),
            );
            Err(Problem::parameters(vec![Slip::parameter("types", said)]))
        }
    }
}
