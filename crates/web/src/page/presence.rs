//! Who else has the record open: faces in the bar, and who is typing. The page says that its reader
//! is there, and is answered with the others.

use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::show::mark::initials;
use axum::http::StatusCode;
use engine::presence::{Doing, Present};
use maud::{Markup, html};
use model::Language;

/// Faces that are shown.
const FACES: usize = 5;

pub fn here(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let doing = match form.text("doing") {
        Some("typing") => Doing::Typing,
        Some("leaving") => Doing::Leaving,
        _ => Doing::Reading,
    };
    let others = call.session.at_record(call.record_type(), call.record(), doing)?;
    Ok(html_answer(StatusCode::OK, page.present(&others)))
}

impl Page<'_> {
    /// Where the script puts the others; empty without it. Nobody is seen who views as a role.
    pub(super) fn presence(&self, address: &str) -> Markup {
        if self.session().actor().viewing.is_some() {
            return html! {};
        }
        html! {
            div.faces #here data-here=(format!("{address}/here")) role="group"
                aria-label=(self.t("Also here", "同时在看")) {}
        }
    }

    fn present(&self, others: &[Present]) -> Markup {
        let name = |one: &Present| one.person["title"].as_str().unwrap_or("").to_string();
        let typing: Vec<String> = others.iter().filter(|one| one.typing).map(name).collect();
        let said = match (typing.len(), self.language() == Language::ZH) {
            (0, _) => String::new(),
            (_, true) => format!("{} 正在输入", typing.join("、")),
            (1, false) => format!("{} is typing", typing.join("")),
            (_, false) => format!("{} are typing", typing.join(", ")),
        };
        html! {
            @for one in others.iter().take(FACES) {
                span.face-i role="img" aria-label=(name(one)) title=(name(one))
                    .is-typing[one.typing] { (initials(&name(one))) }
            }
            @if others.len() > FACES { span { "+" (others.len() - FACES) } }
            @if !said.is_empty() { span.typing { (said) } }
        }
    }
}
