//! A record in memory: its fixed parts and the values of its fields, as one version of it stood.

use crate::field::Card;
use model::definition::{RecordType, State};
use model::{Key, Name, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One version of a record. Fields that are not set are not in `values`.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub key: Key,
    pub id: Uuid,
    pub record_type: Name,
    pub number: Option<i64>,
    pub state: Option<Name>,
    pub version: i64,
    pub created_at: i64,
    pub created_by: Option<Key>,
    pub changed_at: i64,
    pub changed_by: Option<Key>,
    /// The instant this version began to stand.
    pub valid_from: i64,
    pub withdrawn_at: Option<i64>,
    pub values: BTreeMap<Name, Value>,
}

impl Record {
    /// A field, declared or built in; unset where it is not known. `key` is for rights: no
    /// definition and no filter can name it.
    pub fn field(&self, name: &str) -> Value {
        match name {
            "key" => Value::Reference(self.key),
            "number" => self.number.map_or(Value::Unset, Value::Integer),
            "state" => self.state.as_ref().map_or(Value::Unset, |s| Value::text(s)),
            "version" => Value::Integer(self.version),
            "created_at" => Value::Instant(self.created_at),
            "created_by" => self.created_by.map_or(Value::Unset, Value::Reference),
            "changed_at" => Value::Instant(self.changed_at),
            "changed_by" => self.changed_by.map_or(Value::Unset, Value::Reference),
            "type" => Value::text(&self.record_type),
            own => self.values.get(own).cloned().unwrap_or_default(),
        }
    }

    pub fn set(&mut self, name: &Name, value: Value) {
        if value.is_set() {
            self.values.insert(name.clone(), value);
        } else {
            self.values.remove(name);
        }
    }

    pub fn state_of<'a>(&self, definition: &'a RecordType) -> Option<&'a State> {
        definition.states.get(self.state.as_deref()?)
    }

    /// The number as people write it, `INC-000042`; empty where the type has none.
    pub fn formatted_number(&self, definition: &RecordType) -> String {
        formatted(definition, self.number)
    }

    pub fn card(&self, definition: &RecordType, language: model::Language) -> Card {
        Card {
            key: self.key,
            id: self.id.to_string(),
            record_type: self.record_type.to_string(),
            number: self.formatted_number(definition),
            title: title_in(&title(definition, self), language).to_string(),
            withdrawn: self.withdrawn_at.is_some(),
        }
    }
}

/// A number in the format of the record type.
pub fn formatted(definition: &RecordType, number: Option<i64>) -> String {
    match (&definition.number, number) {
        (Some(format), Some(number)) => {
            let width = format.digits;
            format!("{}{number:0width$}{}", format.prefix, format.suffix)
        }
        _ => String::new(),
    }
}

/// The number in a text such as `INC-000042`, where it is of the type's format.
pub fn parse_number(definition: &RecordType, text: &str) -> Option<i64> {
    let format = definition.number.as_ref()?;
    let digits = text.strip_prefix(&*format.prefix)?.strip_suffix(&*format.suffix)?;
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// What stands between the languages of a title in the spine.
const BETWEEN: char = '\u{1f}';

/// The title that the spine keeps of a record that is withdrawn: it is told no more, and no text
/// that anybody writes has it, as control characters are refused.
pub const WITHDRAWN: &str = "\u{18}";

/// The title as the spine keeps it, with whether the record is withdrawn.
pub fn spine_title(definition: &RecordType, record: &Record) -> String {
    match record.withdrawn_at {
        Some(_) => WITHDRAWN.to_string(),
        None => title(definition, record),
    }
}

/// The title of the record: the text, or each language's text behind its tag.
pub fn title(definition: &RecordType, record: &Record) -> String {
    match record.field(&definition.title) {
        Value::Text(text) => text.to_string(),
        Value::LocalText(texts) => {
            texts.iter().map(|(tag, text)| format!("{BETWEEN}{tag}{text}")).collect()
        }
        _ => String::new(),
    }
}

/// The title in a language; English, then any, where it has none in it.
pub fn title_in(stored: &str, language: model::Language) -> &str {
    let Some(texts) = stored.strip_prefix(BETWEEN) else { return stored };
    let find = |tag: &str| texts.split(BETWEEN).find_map(|text| text.strip_prefix(tag));
    find(language.as_str())
        .or_else(|| find("en"))
        .or_else(|| texts.split(BETWEEN).next().and_then(|text| text.get(2..)))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::title_in;
    use model::Language;

    #[test]
    fn a_title_is_read_in_the_language_that_is_there() {
        let both = "\u{1f}enMail\u{1f}zh邮件";
        assert_eq!(title_in(both, Language::ZH), "邮件");
        assert_eq!(title_in(both, Language::EN), "Mail");
        assert_eq!(title_in("\u{1f}zh邮件", Language::EN), "邮件");
        assert_eq!(title_in("plain", Language::ZH), "plain");
    }
}
