//! What a field holds: from `type` and the keys that belong to it.

use super::draft::{Draft, label};
use crate::definition::{Choices, FieldKind};
use crate::grammar::{FieldType, MARKDOWN_MAX, PLACES, TEXT_MAX, TYPE_KEYS, field_type};
use crate::name::Name;
use crate::problem::Report;
use crate::tree::{Entry, Value};
use std::sync::Arc;

/// The largest `max` of a text and of a markdown text.
const LONGEST_TEXT: i64 = 4_000;
const LONGEST_MARKDOWN: i64 = 1_000_000;

/// The kind of a field; none where it cannot be read, which [`check`] tells.
pub(crate) fn read(field: &Entry, draft: &Draft<'_>) -> Option<FieldKind> {
    let max = |default: usize| length(field).unwrap_or(default);
    Some(match field.text("type")? {
        "text" => FieldKind::Text { max: max(TEXT_MAX) },
        "local_text" => FieldKind::LocalText { max: max(TEXT_MAX) },
        "markdown" => FieldKind::Markdown { max: max(MARKDOWN_MAX) },
        "choice" => FieldKind::Choice(choices(field, draft)?),
        "multi_choice" => FieldKind::MultiChoice(choices(field, draft)?),
        "yes_no" => FieldKind::YesNo,
        "integer" => {
            FieldKind::Integer { min: bound(field, "min", 0), max: bound(field, "max", 0) }
        }
        "decimal" => {
            let places = places(field);
            let (min, max) = (bound(field, "min", places), bound(field, "max", places));
            FieldKind::Decimal { places, min, max }
        }
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "datetime" => FieldKind::Datetime,
        "duration" => FieldKind::Duration,
        "reference" => FieldKind::Reference { to: Name::new(field.text("to")?)? },
        "person" => FieldKind::Reference { to: draft.person.clone()? },
        "attachment" => FieldKind::Attachment { many: field.is("many") },
        "email" => FieldKind::Email,
        "url" => FieldKind::Url,
        _ => return None,
    })
}

/// Tells what is wrong with the keys that belong to the type.
pub(crate) fn check(field: &Entry, draft: &Draft<'_>, report: &mut Report) {
    let Some(kind) = field.text("type").and_then(field_type) else { return };
    for key in TYPE_KEYS {
        match field.node.get(key) {
            Some(entry) if !kind.keys.contains(&key) => {
                report.key_not_for_type(entry.key_span, key, kind.name);
            }
            None if kind.must.contains(&key) => {
                let example = if key == "to" { "\"service\"" } else { "" };
                report.missing_key(field.key_span, &format!("field `{}`", field.key), key, example);
            }
            _ => {}
        }
    }
    if kind.name == "person" && draft.person.is_none() {
        let span = field.node.get("type").map_or(field.key_span, |entry| entry.node.span);
        report.no_person_type(span);
    }
    check_choices(field, kind, report);
    check_bounds(field, kind, report);
}

fn check_choices(field: &Entry, kind: &FieldType, report: &mut Report) {
    let Some(choices) = field.node.get("choices") else { return };
    if !kind.keys.contains(&"choices") {
        return;
    }
    if choices.node.as_text().is_some() && kind.name == "choice" {
        report.wrong_type(choices.node.span, "choices", "a table of choices for one choice");
    }
    if choices.node.is_table() && choices.node.entries().is_empty() {
        report.no_choices(choices.key_span, &field.key);
    }
}

fn check_bounds(field: &Entry, kind: &FieldType, report: &mut Report) {
    let limit = match kind.name {
        "text" | "local_text" => Some(LONGEST_TEXT),
        "markdown" => Some(LONGEST_MARKDOWN),
        _ => None,
    };
    let Some(limit) = limit else { return check_numbers(field, kind, report) };
    let Some(max) = field.node.get("max") else { return };
    match max.node.value {
        Value::Integer(length) if (1..=limit).contains(&length) => {}
        Value::Integer(_) => report.out_of_range(max.node.span, "max", 1, limit),
        _ => report.wrong_type(max.node.span, "max", "an integer"),
    }
}

fn check_numbers(field: &Entry, kind: &FieldType, report: &mut Report) {
    if !kind.keys.contains(&"min") {
        return;
    }
    let places = if kind.name == "decimal" { places(field) } else { 0 };
    for key in ["min", "max"] {
        if let Some(entry) = field.node.get(key)
            && bound(field, key, places).is_none()
            && matches!(entry.node.value, Value::Integer(_) | Value::Decimal(_))
        {
            let expected = format!("a number with at most {places} decimal places");
            report.wrong_type(entry.node.span, key, &expected);
        }
    }
    if let (Some(min), Some(max)) = (bound(field, "min", places), bound(field, "max", places))
        && min > max
        && let Some(entry) = field.node.get("max")
    {
        report.upside_down(entry.node.span);
    }
}

fn length(field: &Entry) -> Option<usize> {
    let length = field.node.get("max")?.node.as_integer()?;
    usize::try_from(length).ok()
}

fn places(field: &Entry) -> u8 {
    let places = field.node.get("places").and_then(|entry| entry.node.as_integer());
    places.and_then(|places| u8::try_from(places).ok()).filter(|p| *p <= 9).unwrap_or(PLACES)
}

fn choices(field: &Entry, draft: &Draft<'_>) -> Option<Arc<Choices>> {
    let node = &field.node.get("choices")?.node;
    if node.as_text() == Some("roles") {
        return Some(draft.roles.clone());
    }
    let choice = |entry: &Entry| Some((Name::new(&entry.key)?, label(Some(entry))));
    Some(Arc::new(Choices(node.entries().iter().filter_map(choice).collect())))
}

/// A limit in units of the last decimal place; none where it is none or has more places.
fn bound(field: &Entry, key: &str, places: u8) -> Option<i64> {
    match &field.node.get(key)?.node.value {
        Value::Integer(integer) => integer.checked_mul(10_i64.checked_pow(places.into())?),
        Value::Decimal(text) => scaled(text, places),
        _ => None,
    }
}

/// | text | places | answer |
/// | --- | --- | --- |
/// | `1.5` | 2 | 150 |
/// | `-0.5` | 1 | -5 |
/// | `1.25` | 1 | none |
/// | `1e3`, `nan` | any | none |
fn scaled(text: &str, places: u8) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let places = usize::from(places);
    if part.len() > places || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn decimals_are_scaled() {
        let cases = [("1.5", 2, Some(150)), ("-0.5", 1, Some(-5)), ("1.25", 1, None)];
        for (text, places, answer) in cases {
            assert_eq!(scaled(text, places), answer, "{text}");
        }
        assert_eq!(scaled("1e3", 2), None);
        assert_eq!(scaled("nan", 2), None);
    }
}
