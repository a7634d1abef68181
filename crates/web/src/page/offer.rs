//! Records offered while somebody types the name of one: for a field that refers to a record, and
//! for a link. The answer is a list that the browser shows below the field.

use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use axum::http::StatusCode;
use engine::Wanted;
use maud::{Markup, html};
use serde_json::Value as Json;

/// What a link asks: which link, and what was typed of its far end.
pub const QUERY: &[Parameter] = &[
    Parameter::text("link", 64, "The link.").needed(),
    Parameter::text("to", 500, "What was typed."),
];

/// Records offered at once.
const OFFERED: usize = 12;

/// Records of a type by what they hold.
pub fn records(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let words = call.query.text("q").unwrap_or("");
    let options = page.options(call.record_type(), words)?;
    Ok(html_answer(StatusCode::OK, html! { datalist { (options) } }))
}

/// Records that a link may lead to.
pub fn far_ends(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let (definition, _) = call.session.target(call.record_type(), call.record())?;
    let link = definition.links.get(call.query.text("link").unwrap_or(""));
    let to = link.map(|link| link.to.to_string()).ok_or_else(Problem::missing)?;
    let options = page.options(&to, call.query.text("to").unwrap_or(""))?;
    Ok(html_answer(StatusCode::OK, html! { datalist #link-found { (options) } }))
}

impl Page<'_> {
    /// Each by its number, or by its title where it has none.
    fn options(&self, record_type: &str, words: &str) -> Result<Markup> {
        if words.trim().is_empty() {
            return Ok(html! {});
        }
        let wanted = Wanted {
            words: words.to_string(),
            types: vec![record_type.to_string()],
            before: None,
            limit: OFFERED,
        };
        let hits = self.session().search(&wanted)?.hits;
        let text = |hit: &serde_json::Map<String, Json>, name: &str| {
            hit.get(name).and_then(Json::as_str).unwrap_or("").to_string()
        };
        Ok(html! {
            @for hit in &hits {
                @let (number, title) = (text(hit, "number"), text(hit, "title"));
                @if number.is_empty() { option value=(title) {} } @else {
                    option value=(number) { (title) }
                }
            }
        })
    }
}
