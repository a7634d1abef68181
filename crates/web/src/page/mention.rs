//! People offered while somebody types `@`, and what is said of those who will not be told.

use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::route::Parameter;
use axum::http::StatusCode;
use maud::html;
use model::Language;

/// What was typed after the `@`.
pub const QUERY: &[Parameter] = &[Parameter::text("q", 100, "What was typed.")];

/// People offered at once.
const OFFERED: usize = 8;

pub fn offer(call: &Call) -> Result<Answer> {
    // Only on a record that the asker may read.
    call.session.target(call.record_type(), call.record())?;
    let words = call.query.text("q").unwrap_or("").trim();
    let found = match words.is_empty() {
        true => Vec::new(),
        false => call.session.logins_like(words, OFFERED)?,
    };
    Ok(html_answer(
        StatusCode::OK,
        html! {
            @for (at, (login, name)) in found.iter().enumerate() {
                li role="option" id=(format!("named-{at}")) data-login=(login)
                    aria-selected=(if at == 0 { "true" } else { "false" }) {
                    b { "@" (login) } " " (name)
                }
            }
        },
    ))
}

impl Page<'_> {
    /// Nothing where everybody who is named may read what was said.
    pub(super) fn not_told(&self, logins: &[String], internal: bool) -> String {
        if logins.is_empty() {
            return String::new();
        }
        let names: Vec<String> = logins.iter().map(|login| format!("@{login}")).collect();
        match (self.language() == Language::ZH, internal) {
            (true, false) => format!("。{} 无权查看此记录，不会收到通知", names.join("、")),
            (true, true) => format!("。{} 无权查看内部备注，不会收到通知", names.join("、")),
            (false, false) => {
                format!(". Not told, because they may not read this record: {}", names.join(", "))
            }
            (false, true) => {
                format!(
                    ". Not told, because they may not read internal notes: {}",
                    names.join(", ")
                )
            }
        }
    }
}
