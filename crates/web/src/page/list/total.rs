//! How many records a list has. Where they do not all stand on the page, they are counted once it
//! is there: nobody waits for a number.

use super::{asked, question};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Page, html_answer};
use crate::problem::Result;
use crate::show::value::grouped;
use axum::http::StatusCode;
use engine::{Count, Listed, Question};
use maud::{Markup, html};
use model::Language;

/// How far the records of a list are counted.
const COUNTED: usize = 1_000;

/// The total of the list that the address names, as the end of what its foot says.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let asked = asked(&page)?;
    let counted = Question { count: Some(COUNTED), ..question(&page, &asked) };
    let said = match call.session.count(&counted) {
        Ok(count) => page.in_all(count),
        // The list itself says what is wrong with it.
        Err(engine::Error::Refused(_)) => String::new(),
        Err(fault) => return Err(fault.into()),
    };
    Ok(html_answer(StatusCode::OK, html! { (said) }))
}

impl Page<'_> {
    /// How many records stand here, in words.
    pub(super) fn shown(&self, listed: &Listed) -> String {
        match (listed.records.len(), self.language() == Language::ZH) {
            (shown, true) => format!("显示 {shown} 条"),
            (shown, false) => format!("{shown} shown"),
        }
    }

    /// What stands at the foot of the list: how many records are here, of how many.
    pub(super) fn how_many(&self, listed: &Listed) -> Markup {
        let total = self.with_at("/total", &[]);
        let is_whole = listed.previous.is_none() && listed.next.is_none();
        html! {
            span {
                (self.shown(listed))
                @if is_whole {
                    (self.in_all(Count::Exactly(listed.records.len())))
                } @else {
                    span hx-get=(total) hx-trigger="load delay:100ms" {}
                }
            }
        }
    }

    fn in_all(&self, count: Count) -> String {
        let grouped = |total: usize| grouped(&total.to_string());
        match (count, self.language() == Language::ZH) {
            (Count::Exactly(total), true) => format!("，共 {} 条", grouped(total)),
            (Count::AtLeast(total), true) => format!("，共 {} 条以上", grouped(total)),
            (Count::Exactly(total), false) => format!(", {} in all", grouped(total)),
            (Count::AtLeast(total), false) => format!(", more than {} in all", grouped(total)),
        }
    }
}
