//! Values of fields as people read them: from the JSON that a session showed, by the kind of the
//! field. The forms of the JSON stand in docs/json.md.

use crate::percent;
use crate::show::mark;
use crate::show::prose;
use crate::show::time::Watch;
use maud::{Markup, html};
use model::Language;
use model::definition::{Choices, FieldKind};
use serde_json::Value as Json;

/// What values are shown with.
#[derive(Debug, Clone)]
pub struct Out<'a> {
    pub watch: &'a Watch,
    /// What stands before every address.
    pub prefix: &'a str,
}

impl Out<'_> {
    fn language(&self) -> Language {
        self.watch.language
    }

    /// The address of a record that a reference shows.
    pub fn address(&self, card: &Json) -> Option<String> {
        let text = |name: &str| card.get(name).and_then(Json::as_str);
        let name = text("number").filter(|number| !number.is_empty()).or_else(|| text("id"))?;
        Some(format!("{}/{}/{}", self.prefix, text("type")?, percent::encode(name)))
    }

    /// A record by its title, as a link to it; a withdrawn one has none.
    pub fn card(&self, card: &Json) -> Markup {
        let text = |name: &str| card.get(name).and_then(Json::as_str).unwrap_or("");
        if card.get("withdrawn").is_some() {
            let word = if self.language() == Language::ZH { "已撤回" } else { "withdrawn" };
            return html! { span.muted { (text("number")) " " (word) } };
        }
        let title = if text("title").is_empty() { text("number") } else { text("title") };
        match self.address(card) {
            Some(address) => html! { a href=(address) { (title) } },
            None => html! { (title) },
        }
    }

    /// The value of a field of a list: one line, no paragraphs.
    pub fn cell(&self, kind: &FieldKind, json: &Json) -> Markup {
        match (kind, json) {
            (_, Json::Null) => html! {},
            (FieldKind::Markdown { .. }, Json::String(text)) => {
                let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
                html! { (line.chars().take(200).collect::<String>()) }
            }
            (FieldKind::Reference { .. }, card) => {
                let title = card.get("title").and_then(Json::as_str).unwrap_or("");
                html! { (title) }
            }
            _ => self.value(kind, json),
        }
    }

    /// The value of a field in full.
    pub fn value(&self, kind: &FieldKind, json: &Json) -> Markup {
        let zh = self.language() == Language::ZH;
        match (kind, json) {
            (_, Json::Null) => {
                html! { span.none { (if zh { "未填" } else { "not set" }) } }
            }
            (FieldKind::Markdown { .. }, Json::String(text)) => prose::markdown(text),
            (FieldKind::Choice(choices), Json::String(name)) => {
                html! { (self.choice(choices, name)) }
            }
            (FieldKind::MultiChoice(choices), Json::Array(names)) => {
                let labels = names.iter().filter_map(Json::as_str);
                let labels: Vec<&str> = labels.map(|name| self.choice(choices, name)).collect();
                html! { (labels.join(if zh { "；" } else { ", " })) }
            }
            (FieldKind::YesNo, Json::Bool(yes)) => html! { (yes_no(*yes, self.language())) },
            (FieldKind::Integer { .. }, Json::Number(number)) => {
                html! { span.num { (grouped(&number.to_string())) } }
            }
            (FieldKind::Decimal { .. }, Json::String(number)) => {
                html! { span.num { (grouped(number)) } }
            }
            (FieldKind::Money, Json::Object(money)) => {
                let text = |name: &str| money.get(name).and_then(Json::as_str).unwrap_or("");
                html! { span.num { (grouped(text("amount"))) " " (text("currency")) } }
            }
            (FieldKind::Date, Json::String(day)) => self.watch.day(day),
            (FieldKind::Datetime, Json::String(at)) => self.watch.instant(at),
            (FieldKind::Duration, Json::String(length)) => {
                html! { (self.watch.duration(length)) }
            }
            (FieldKind::Reference { .. }, card) => self.card(card),
            (FieldKind::LocalText { .. }, Json::Object(texts)) => {
                html! { (in_language(texts, self.language())) }
            }
            (FieldKind::Email, Json::String(address)) => {
                html! { a href=(format!("mailto:{address}")) { (address) } }
            }
            (FieldKind::Url, Json::String(address)) => {
                html! { a href=(address) rel="noreferrer" { (address) } }
            }
            (FieldKind::Attachment { .. }, Json::Array(files)) => html! {
                span.btns { @for file in files { (self.file(None, file)) } }
            },
            (_, Json::String(text)) => html! { (text) },
            (_, other) => html! { (other.to_string()) },
        }
    }

    /// A file of a record by its name and size, to be saved where the record is named.
    pub fn file(&self, record: Option<&str>, file: &Json) -> Markup {
        let text = |name: &str| file.get(name).and_then(Json::as_str).unwrap_or("");
        let bytes = file.get("bytes").and_then(Json::as_u64).unwrap_or(0);
        let address = record.map(|record| format!("{record}/attachments/{}", text("sha256")));
        html! {
            @if let Some(address) = address {
                a.file href=(address) hx-boost="false" {
                    (mark::icon("paperclip")) (text("name")) " " span { (size(bytes)) }
                }
            } @else {
                span.file { (mark::icon("paperclip")) (text("name")) " " span { (size(bytes)) } }
            }
        }
    }

    fn choice<'c>(&self, choices: &'c Choices, name: &'c str) -> &'c str {
        choices.0.get(name).map_or(name, |label| label.text(self.language()))
    }
}

/// Yes and no in words.
pub fn yes_no(yes: bool, language: Language) -> &'static str {
    match (yes, language == Language::ZH) {
        (true, true) => "是",
        (false, true) => "否",
        (true, false) => "Yes",
        (false, false) => "No",
    }
}

/// A text per language in the reader's, else in any.
pub fn in_language(texts: &serde_json::Map<String, Json>, language: Language) -> String {
    let found = texts.get(language.as_str()).or_else(|| texts.get("en"));
    let found = found.or_else(|| texts.values().next()).and_then(Json::as_str);
    found.unwrap_or("").to_string()
}

/// Thousands apart by a thin space: `6 204.50`.
pub fn grouped(number: &str) -> String {
    let (whole, rest) = match number.find('.') {
        Some(point) => number.split_at(point),
        None => (number, ""),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut out = String::with_capacity(number.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(digit);
    }
    format!("{sign}{out}{rest}")
}

/// Bytes as people say them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..=999 => format!("{bytes} B"),
        1_000..=999_999 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped() {
        for (number, shown) in [
            ("6", "6"),
            ("1204", "1\u{2009}204"),
            ("-6204.50", "-6\u{2009}204.50"),
            ("1234567", "1\u{2009}234\u{2009}567"),
        ] {
            assert_eq!(grouped(number), shown);
        }
        assert_eq!(
            (size(12), size(48_200), size(2_500_000)),
            ("12 B".into(), "48 kB".into(), "2.5 MB".into())
        );
    }
}
