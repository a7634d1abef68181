//! Field types: how a value of each kind is read from JSON or text, checked, and shown again.
//! One file a kind; the registry is [`of`]. How it is stored is the store's concern; how all
//! this reads from outside stands in docs/json.md, whose examples are a test.

mod attachment;
mod choice;
mod date;
mod datetime;
mod decimal;
mod digits;
mod duration;
mod email;
mod integer;
mod local_text;
mod markdown;
mod mend;
mod money;
mod multi_choice;
mod prose;
mod reference;
mod text;
mod url;
mod yes_no;

#[cfg(test)]
mod tests;

use model::definition::FieldKind;
use model::{Key, Language, Value};
use serde_json::{Value as Json, json};

/// Why a value cannot be taken, and the mend, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub en: String,
    pub zh: String,
}

impl Slip {
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Slip {
        Slip { en: en.into(), zh: zh.into() }
    }

    pub fn text(&self, language: Language) -> &str {
        if language == Language::ZH { &self.zh } else { &self.en }
    }
}

/// What is known of records that values name: asked while reading and showing.
pub trait Names {
    /// The record of the type (or a subtype) that the text names: by number (`CHG-000012`), by
    /// UUID, or by its title or a unique field where just one has it. `Ok(None)` where there is
    /// none that the asker may read.
    ///
    /// # Errors
    /// A slip where the text fits several.
    fn find(&self, to: &str, text: &str) -> Result<Option<Key>, Slip>;

    /// How a record is named to the asker; `None` where they may not read it.
    fn card(&self, key: Key) -> Option<Card>;
}

/// A record as others name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub key: Key,
    /// UUID as text.
    pub id: String,
    pub record_type: String,
    /// As formatted, e.g. `CHG-000012`; empty where the type has no numbers.
    pub number: String,
    /// In the asker's language; empty where the record is withdrawn.
    pub title: String,
    /// What it was about is told no more.
    pub withdrawn: bool,
}

impl Card {
    /// `{"id", "type", "number", "title"}`, and `withdrawn` where it is.
    pub fn to_json(&self) -> Json {
        let mut shown = json!({
            "id": self.id, "type": self.record_type, "number": self.number, "title": self.title,
        });
        if self.withdrawn {
            shown["withdrawn"] = true.into();
        }
        shown
    }
}

/// How values are shown as text: in which language and time zone.
pub struct Style<'a> {
    pub language: Language,
    pub zone: &'a jiff::tz::TimeZone,
    pub names: &'a dyn Names,
}

/// One kind of field. The [`FieldKind`] given to each method is of that kind.
pub trait FieldType: Sync {
    /// From JSON, as docs/json.md fixes it; JSON `null` never comes here.
    ///
    /// # Errors
    /// Why it cannot be taken.
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip>;

    /// From the text of a CSV cell or a command line; empty text never comes here. Choices by
    /// name or label.
    ///
    /// # Errors
    /// Why it cannot be taken.
    fn read_text(&self, kind: &FieldKind, text: &str, names: &dyn Names) -> Result<Value, Slip>;

    /// As JSON; an unset value never comes here.
    fn show(&self, kind: &FieldKind, value: &Value, names: &dyn Names) -> Json;

    /// As text for people: exports, mail, print.
    fn text(&self, kind: &FieldKind, value: &Value, style: &Style) -> String;

    /// The JSON Schema of what `read` takes (`writing`) or `show` gives, `null` not included.
    fn schema(&self, kind: &FieldKind, writing: bool) -> Json;
}

/// The field type of a kind: a new kind is a file and a line here.
pub fn of(kind: &FieldKind) -> &'static dyn FieldType {
    match kind {
        FieldKind::Text { .. } => &text::Text,
        FieldKind::LocalText { .. } => &local_text::LocalText,
        FieldKind::Markdown { .. } => &markdown::Markdown,
        FieldKind::Choice(_) => &choice::Choice,
        FieldKind::MultiChoice(_) => &multi_choice::MultiChoice,
        FieldKind::YesNo => &yes_no::YesNo,
        FieldKind::Integer { .. } => &integer::Integer,
        FieldKind::Decimal { .. } => &decimal::Decimal,
        FieldKind::Money => &money::Money,
        FieldKind::Date => &date::Date,
        FieldKind::Datetime => &datetime::Datetime,
        FieldKind::Duration => &duration::Duration,
        FieldKind::Reference { .. } => &reference::Reference,
        FieldKind::Attachment { .. } => &attachment::Attachment,
        FieldKind::Email => &email::Email,
        FieldKind::Url => &url::Url,
    }
}

/// A value from JSON; `null`, `""`, `[]` and `{}` are unset for every kind.
///
/// # Errors
/// Why it cannot be taken.
pub fn read(kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
    let empty = match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    };
    if empty { Ok(Value::Unset) } else { of(kind).read(kind, json, names) }
}

/// A value from the text of a cell or a command line; nothing but blanks is unset.
///
/// # Errors
/// Why it cannot be taken.
pub fn read_text(kind: &FieldKind, text: &str, names: &dyn Names) -> Result<Value, Slip> {
    if text.trim().is_empty() { Ok(Value::Unset) } else { of(kind).read_text(kind, text, names) }
}

/// A value as JSON; unset is `null`.
pub fn show(kind: &FieldKind, value: &Value, names: &dyn Names) -> Json {
    if value.is_set() { of(kind).show(kind, value, names) } else { Json::Null }
}

/// A value as text for people; unset is empty.
pub fn text(kind: &FieldKind, value: &Value, style: &Style) -> String {
    if value.is_set() { of(kind).text(kind, value, style) } else { String::new() }
}

/// The JSON Schema of what is taken (`writing`) or shown, `null` included.
pub fn schema(kind: &FieldKind, writing: bool) -> Json {
    serde_json::json!({ "anyOf": [of(kind).schema(kind, writing), { "type": "null" }] })
}

/// A decimal number with all its places, as every kind of answer writes it: `12.50`.
pub fn decimal_text(number: model::value::Decimal) -> String {
    digits::show(number.units, number.places)
}

/// A date and time without an offset, as sheets hold them, as an instant of the zone that `read`
/// takes; none where the text has an offset already or is no time. Of a local time that a change
/// of the clocks repeats or skips, the one by the offset before the change is meant.
pub fn in_zone(text: &str, zone: &jiff::tz::TimeZone) -> Option<String> {
    let text = text.trim();
    if text.parse::<jiff::Timestamp>().is_ok() {
        return None;
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    zone.to_ambiguous_zoned(local).compatible().ok().map(|at| at.timestamp().to_string())
}
