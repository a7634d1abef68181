//! A first mapping: which column fills which field, by the names of fields, their labels in every
//! language and the texts that stand in the first rows.

use super::load::read;
use super::sketch::{ColumnPlan, Sketch};
use jiff::fmt::strtime;
use model::definition::{Choices, Field, FieldKind, RecordType};
use model::{Label, Model, Name};
use std::collections::BTreeSet;

/// A column of the file with the texts of its first rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    pub name: String,
    pub texts: Vec<String>,
}

/// A guess below this is none.
const LIKELY: u32 = 40;

/// The most texts of a column that are translated one by one.
const TRANSLATED: usize = 50;

/// Texts that stand for nothing in files of many makers.
const NOTHING: [&str; 8] = ["-", "--", "?", "n/a", "N/A", "NULL", "null", "无"];

/// How dates are written, the usual first.
pub const FORMATS: [&str; 16] = [
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y",
    "%m/%d/%Y %H:%M",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d-%m-%Y %H:%M",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M",
];

/// Whether a file may fill the field.
pub fn is_fillable(field: &Field) -> bool {
    let is_file = matches!(field.kind, FieldKind::Attachment { .. });
    field.computed.is_none() && !field.set_by_workflow && !is_file
}

/// The first mapping of these columns. `zone` is that of the reader, `may` says which fields they
/// may fill.
pub fn guess(
    model: &Model,
    definition: &RecordType,
    columns: &[Seen],
    zone: &str,
    may: &dyn Fn(&Field) -> bool,
) -> Sketch {
    let fields: Vec<&Field> =
        definition.fields.values().filter(|field| is_fillable(field) && may(field)).collect();
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        for (place, field) in fields.iter().enumerate() {
            pairs.push((likeness(column, field), at, place));
        }
    }
    // The likeliest first; of equal ones the order of the file and of the form.
    pairs.sort_by_key(|(score, at, place)| (std::cmp::Reverse(*score), *at, *place));
    let (mut taken, mut filled) = (BTreeSet::new(), BTreeSet::new());
    let mut chosen = Vec::new();
    for (score, at, place) in pairs {
        if score < LIKELY || taken.contains(&at) || filled.contains(&place) {
            continue;
        }
        taken.insert(at);
        filled.insert(place);
        chosen.push((at, place));
    }
    chosen.sort_unstable();
    let pair = |(at, place): (usize, usize)| Some((columns.get(at)?, *fields.get(place)?));
    let chosen: Vec<(&Seen, &Field)> = chosen.into_iter().filter_map(pair).collect();
    let is_dated = |(_, field): &(&Seen, &Field)| matches!(field.kind, FieldKind::Datetime);
    Sketch {
        record: definition.name.to_string(),
        key: key(definition, &chosen),
        missing: missing(columns),
        zone: if chosen.iter().any(is_dated) { zone.to_string() } else { String::new() },
        columns: chosen.iter().map(|(column, field)| plan(model, column, field)).collect(),
        ..Sketch::default()
    }
}

/// What is said of a column that fills a field.
pub fn plan(model: &Model, column: &Seen, field: &Field) -> ColumnPlan {
    let mut plan = ColumnPlan {
        column: column.name.clone(),
        field: field.name.to_string(),
        ..ColumnPlan::default()
    };
    match &field.kind {
        FieldKind::Choice(choices) => plan.choices = translated(choices, &field.kind, column),
        FieldKind::Date | FieldKind::Datetime => plan.format = format(&field.kind, column),
        FieldKind::Reference { to } => plan.matches = matching(model, to, column),
        _ => {}
    }
    plan
}

/// How alike a column and a field are; 100 where they are called alike.
fn likeness(column: &Seen, field: &Field) -> u32 {
    let named = named_alike(&column.name, &field.name, &field.label);
    let texts: Vec<&String> = column.texts.iter().filter(|text| !is_nothing(text)).collect();
    if texts.is_empty() {
        return named;
    }
    let readable = texts.iter().filter(|text| reads(field, text)).count();
    let share = u32::try_from(readable * 100 / texts.len()).unwrap_or(0);
    match &field.kind {
        // What stands there tells: an address of mail is nothing else.
        FieldKind::Email | FieldKind::Url | FieldKind::Choice(_) if share >= 80 => named + 45,
        FieldKind::Email | FieldKind::Url => named * share / 100,
        FieldKind::Choice(_) | FieldKind::Reference { .. } => named,
        _ if share < 50 => named / 2,
        _ => named,
    }
}

fn reads(field: &Field, text: &str) -> bool {
    match &field.kind {
        FieldKind::Choice(choices) => choice(choices, &field.kind, text).is_some(),
        FieldKind::Date | FieldKind::Datetime => {
            read(&field.kind, text).is_ok() || FORMATS.iter().any(|f| is_written(f, text))
        }
        kind => read(kind, text).is_ok(),
    }
}

fn named_alike(column: &str, name: &Name, label: &Label) -> u32 {
    let column = plain(column);
    let mut best = 0;
    for text in std::iter::once(name.as_str()).chain(label.texts().map(|(_, text)| text)) {
        let text = plain(text);
        let short = column.chars().count().min(text.chars().count());
        let wide = !column.is_ascii() || !text.is_ascii();
        best = best.max(match () {
            () if column.is_empty() || text.is_empty() => 0,
            () if column == text => 100,
            () if short < if wide { 2 } else { 3 } => 0,
            () if column.contains(&text) || text.contains(&column) => 60,
            () => 0,
        });
    }
    best
}

/// Letters and digits alone, small.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_nothing(text: &str) -> bool {
    text.trim().is_empty() || NOTHING.contains(&text.trim())
}

/// Of the texts that stand for nothing, those that are there.
fn missing(columns: &[Seen]) -> Vec<String> {
    let stands = |word: &&&str| columns.iter().any(|c| c.texts.iter().any(|t| t.trim() == **word));
    NOTHING.iter().filter(stands).map(ToString::to_string).collect()
}

/// The field that tells records apart: one that is unique, the title, or a text no two rows share.
fn key(definition: &RecordType, chosen: &[(&Seen, &Field)]) -> Vec<String> {
    let apart = |column: &Seen| {
        let all: BTreeSet<&str> = column.texts.iter().map(|text| text.trim()).collect();
        all.len() == column.texts.len() && !all.contains("")
    };
    let unique = chosen.iter().find(|(column, field)| field.unique && apart(column));
    let title = chosen.iter().find(|(column, f)| f.name == definition.title && apart(column));
    let is_text = |field: &Field| matches!(field.kind, FieldKind::Text { .. } | FieldKind::Email);
    let other = chosen.iter().find(|(column, field)| is_text(field) && apart(column));
    let titled = chosen.iter().find(|(_, field)| field.name == definition.title);
    let found = unique.or(title).or(other).or(titled);
    found.map(|(_, field)| field.name.to_string()).into_iter().collect()
}

/// The choices that texts stand for which are no name or label of one; those that nobody can guess
/// stand for nothing yet.
pub fn translated(choices: &Choices, kind: &FieldKind, column: &Seen) -> Vec<(String, String)> {
    let texts = column.texts.iter().map(|text| text.trim());
    let texts: BTreeSet<&str> =
        texts.filter(|text| !is_nothing(text) && read(kind, text).is_err()).collect();
    let one = |text: &str| {
        let name = choice(choices, kind, text);
        (text.to_string(), name.map(ToString::to_string).unwrap_or_default())
    };
    texts.into_iter().take(TRANSLATED).map(one).collect()
}

/// The one choice that a text can mean: its name or label, the beginning of one, or one that the
/// text holds beside other words, as in "1 - High".
fn choice<'c>(choices: &'c Choices, kind: &FieldKind, text: &str) -> Option<&'c Name> {
    if let Ok(value) = read(kind, text) {
        return choices.0.keys().find(|name| Some(name.as_str()) == value.as_text());
    }
    let text = plain(text);
    let said = |name: &Name, label: &Label| -> Vec<String> {
        let labels = label.texts().map(|(_, text)| plain(text));
        std::iter::once(plain(name.as_str())).chain(labels).collect()
    };
    let begins = |said: &str| !text.is_empty() && said.starts_with(&text);
    let holds = |said: &str| {
        let is_word = said.chars().count() > 2 || (!said.is_empty() && !said.is_ascii());
        is_word && text.contains(said)
    };
    let tests: [&dyn Fn(&str) -> bool; 3] = [&|said| said == text, &begins, &holds];
    for test in tests {
        let fits = |(name, label): &(&Name, &Label)| said(name, label).iter().any(|s| test(s));
        let mut found = choices.0.iter().filter(fits).map(|(name, _)| name);
        match (found.next(), found.next()) {
            (Some(one), None) => return Some(one),
            (None, _) => {}
            _ => return None,
        }
    }
    None
}

/// How the dates of a column are written; empty where they are read as they are.
fn format(kind: &FieldKind, column: &Seen) -> String {
    let texts: Vec<&String> = column.texts.iter().filter(|text| !is_nothing(text)).collect();
    if texts.is_empty() || texts.iter().all(|text| read(kind, text).is_ok()) {
        return String::new();
    }
    let fits = |format: &&&str| texts.iter().all(|text| is_written(format, text));
    FORMATS.iter().find(fits).map(ToString::to_string).unwrap_or_default()
}

fn is_written(format: &str, text: &str) -> bool {
    let parsed = strtime::parse(format, text.trim());
    parsed.is_ok_and(|parsed| parsed.to_datetime().is_ok() || parsed.to_date().is_ok())
}

/// The field of the other record that holds such texts; empty for its title.
fn matching(model: &Model, to: &Name, column: &Seen) -> String {
    let is_mail = !column.texts.is_empty() && column.texts.iter().all(|text| text.contains('@'));
    let found = model.record_type(to).filter(|_| is_mail);
    let mail = found.and_then(|found| {
        found.fields.values().find(|field| matches!(field.kind, FieldKind::Email))
    });
    mail.map(|field| field.name.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
