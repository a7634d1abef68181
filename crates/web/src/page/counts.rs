//! How much each list of a record type holds, asked for once the page stands: a list is not late
//! because others are counted.

use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::route::Parameter;
use crate::show::value::grouped;
use axum::http::StatusCode;
use engine::saved_view::Shown;
use engine::{Count, Error, Question};
use model::definition::RecordType;

pub const QUERY: &[Parameter] = &[
    Parameter::text("list", 64, "The list that is open."),
    Parameter::text("view", 36, "The kept view that is open."),
];

/// How far each is counted.
const COUNTED: usize = 1_000;
/// How many are counted; the others stand without a number.
const LISTS: usize = 24;

/// The lists and views of the side, with their counts.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let definition = page.asked_type()?;
    let shown = page.lists_of(&definition);
    let mut counts = Vec::new();
    for one in shown.iter().take(LISTS) {
        counts.push(page.counted_list(&definition, &one.shown)?);
    }
    Ok(html_answer(StatusCode::OK, page.side_lists(&definition, &shown, &counts)))
}

impl Page<'_> {
    /// The count of a list in few signs; none where it cannot be counted, as with a filter over a
    /// field that is gone.
    fn counted_list(&self, definition: &RecordType, shown: &Shown) -> Result<Option<String>> {
        let list = shown.list.as_deref().and_then(|name| definition.lists.get(name));
        let declared = list.and_then(|list| list.filter.as_ref());
        let filters: Vec<String> = declared
            .map(|filter| format!("({})", filter.source))
            .into_iter()
            .chain(shown.filter.as_ref().map(|filter| format!("({filter})")))
            .collect();
        let question = Question {
            record_type: definition.name.to_string(),
            filter: Some(filters.join(" and ")).filter(|filter| !filter.is_empty()),
            search: shown.search.clone(),
            count: Some(COUNTED),
            ..Question::default()
        };
        match self.session().count(&question) {
            Ok(Count::Exactly(count)) => Ok(Some(grouped(&count.to_string()))),
            Ok(Count::AtLeast(count)) => Ok(Some(format!("{}+", grouped(&count.to_string())))),
            Err(Error::Refused(_)) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }
}
