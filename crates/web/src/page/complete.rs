//! Completion of an expression while it is typed: fields by their names or labels, and after a
//! comparison the values that a field can have.

use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::route::Parameter;
use axum::http::StatusCode;
use maud::html;
use model::definition::{FieldKind, RecordType};

pub const QUERY: &[Parameter] =
    &[Parameter::text("before", 8192, "What stands before the cursor.")];

/// How many are offered.
const OFFERED: usize = 8;

/// What may stand where the cursor is.
#[derive(Debug, PartialEq, Eq)]
enum Wanted<'t> {
    /// A field whose name or label holds these letters.
    Field(&'t str),
    /// A value of this field that holds these letters.
    Value(&'t str, &'t str),
}

/// One completion: the text that replaces what was begun, and what it means.
struct Offer {
    text: String,
    label: String,
}

pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let definition = page.asked_type()?;
    let wanted = wanted(call.query.text("before").unwrap_or(""));
    let (begun, mut offers) = match wanted {
        Wanted::Field(begun) => (begun, page.fields_like(&definition, begun)),
        Wanted::Value(field, begun) => (begun, page.values_like(&definition, field, begun)),
    };
    offers.truncate(OFFERED);
    let length = begun.encode_utf16().count();
    Ok(html_answer(
        StatusCode::OK,
        html! {
            ul #completions .over.menu role="listbox" data-begun=(length)
                aria-label=(page.t("Completions", "补全")) {
                @for (place, offer) in offers.iter().enumerate() {
                    li role="option" id=(format!("completion-{place}")) data-text=(offer.text) {
                        span.mono { (offer.text) } " " span.second { (offer.label) }
                    }
                }
            }
        },
    ))
}

/// What is being typed at the end of this text.
fn wanted(before: &str) -> Wanted<'_> {
    let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let inside = before.matches('\'').count() % 2 == 1;
    let (head, begun) = match inside {
        true => before.rsplit_once('\'').unwrap_or(("", before)),
        false => before.split_at(before.trim_end_matches(of_name).len()),
    };
    match compared(head).filter(|field| !field.is_empty()) {
        Some(field) => {
            let quoted = &before[before.len() - begun.len() - usize::from(inside)..];
            Wanted::Value(field, quoted)
        }
        None if inside => Wanted::Value("", begun),
        None => Wanted::Field(begun),
    }
}

/// The field whose comparison ends here: `state == `, `kind in ('a', `.
fn compared(head: &str) -> Option<&str> {
    let head = head.trim_end();
    let operand = ["==", "!="].iter().find_map(|sign| head.strip_suffix(sign));
    let operand = operand.or_else(|| {
        let (before, list) = head.rsplit_once(" in ")?;
        (list.trim_start().starts_with('(') && !list.contains(')')).then_some(before)
    })?;
    let operand = operand.trim_end();
    let start = operand.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    Some(&operand[start..])
}

impl Page<'_> {
    fn fields_like(&self, definition: &RecordType, begun: &str) -> Vec<Offer> {
        let mut offers: Vec<Offer> = self
            .columns_there_are(definition)
            .into_iter()
            .map(|name| Offer { label: self.column_label(definition, &name), text: name })
            .filter(|offer| holds(offer, begun))
            .collect();
        offers.sort_by_key(|offer| !offer.text.starts_with(begun));
        offers
    }

    fn values_like(&self, definition: &RecordType, field: &str, begun: &str) -> Vec<Offer> {
        let language = self.language();
        let value = |name: &model::Name, label: &model::Label| Offer {
            text: format!("'{name}'"),
            label: label.text(language).to_string(),
        };
        let found = definition.fields.get(field);
        let found = found.filter(|_| self.session().may_see_field(definition, field));
        let offers: Vec<Offer> = match found.map(|field| &field.kind) {
            Some(FieldKind::Choice(choices) | FieldKind::MultiChoice(choices)) => {
                choices.0.iter().map(|(name, label)| value(name, label)).collect()
            }
            Some(FieldKind::YesNo) => ["true", "false"]
                .map(|word| Offer { text: word.into(), label: String::new() })
                .into(),
            Some(FieldKind::Reference { .. }) => {
                vec![Offer { text: "me".into(), label: self.t("who asks", "当前用户").into() }]
            }
            None if field == "state" => {
                definition.states.values().map(|state| value(&state.name, &state.label)).collect()
            }
            _ => Vec::new(),
        };
        let begun = begun.trim_start_matches('\'');
        offers.into_iter().filter(|offer| holds(offer, begun)).collect()
    }
}

fn holds(offer: &Offer, begun: &str) -> bool {
    let begun = begun.to_lowercase();
    offer.text.contains(&begun) || offer.label.to_lowercase().contains(&begun)
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    #[test]
    fn what_stands_before_the_cursor_says_what_is_wanted() {
        for (before, expected) in [
            ("", Wanted::Field("")),
            ("pri", Wanted::Field("pri")),
            ("state == 'new' and pri", Wanted::Field("pri")),
            ("state == ", Wanted::Value("state", "")),
            ("state == 'ne", Wanted::Value("state", "'ne")),
            ("not (kind != go", Wanted::Value("kind", "go")),
            ("kind in ('goods', 'se", Wanted::Value("kind", "'se")),
            ("kind in ('goods') and ur", Wanted::Field("ur")),
            ("状", Wanted::Field("状")),
        ] {
            assert_eq!(wanted(before), expected, "{before}");
        }
    }
}
