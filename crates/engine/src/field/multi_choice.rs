//! Multi-choice: some of the names that the definition lists, always in its order and once each,
//! so that two people who choose the same write the same value.

use super::choice::{by_name, by_word, label, names};
use super::{FieldType, Names, Slip, Style, mend};
use model::definition::{Choices, FieldKind};
use model::{Language, Name, Value};
use serde_json::{Value as Json, json};
use std::sync::Arc;

const EN: &str = "write a list of names of choices, as in [\"a\", \"b\"]";
const ZH: &str = "请填写选项名称的列表，例如 [\"a\", \"b\"]";

/// `multi_choice`.
pub struct MultiChoice;

impl FieldType for MultiChoice {
    fn read(&self, kind: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        let FieldKind::MultiChoice(choices) = kind else { return Err(mend::misplaced()) };
        let Json::Array(list) = json else { return Err(mend::shape(json, EN, ZH)) };
        let name = |json: &Json| match json {
            Json::String(text) => by_name(choices, text).cloned(),
            other => Err(mend::shape(other, EN, ZH)),
        };
        let chosen: Vec<Name> = list.iter().map(name).collect::<Result<_, _>>()?;
        Ok(in_order(choices, &chosen))
    }

    fn read_text(&self, kind: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        let FieldKind::MultiChoice(choices) = kind else { return Err(mend::misplaced()) };
        split(choices, text).map(|chosen| in_order(choices, &chosen))
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        let Value::Texts(chosen) = value else { return Json::Null };
        Json::Array(chosen.iter().map(|name| Json::from(name.as_ref())).collect())
    }

    fn text(&self, kind: &FieldKind, value: &Value, style: &Style) -> String {
        let (FieldKind::MultiChoice(choices), Value::Texts(chosen)) = (kind, value) else {
            return String::new();
        };
        let labels: Vec<&str> = chosen.iter().map(|name| label(choices, name, style)).collect();
        labels.join(if style.language == Language::ZH { "；" } else { "; " })
    }

    fn schema(&self, kind: &FieldKind, _: bool) -> Json {
        let FieldKind::MultiChoice(choices) = kind else { return Json::Null };
        let item = json!({ "type": "string", "enum": names(choices) });
        json!({ "type": "array", "items": item, "uniqueItems": true })
    }
}

/// A label may hold a comma itself, so the whole text is tried first, then stronger separators
/// before weaker ones; the slip is about the finest parts.
fn split(choices: &Choices, text: &str) -> Result<Vec<Name>, Slip> {
    const STRONG: [char; 4] = [';', '；', '\n', '|'];
    const ALL: [char; 7] = [';', '；', '\n', '|', ',', '，', '、'];
    let words = |separators: &[char]| -> Result<Vec<Name>, Slip> {
        let parts = text.split(separators).filter(|part| !part.trim().is_empty());
        parts.map(|part| by_word(choices, part).cloned()).collect()
    };
    words(&[]).or_else(|_| words(&STRONG)).or_else(|_| words(&ALL))
}

fn in_order(choices: &Choices, chosen: &[Name]) -> Value {
    let kept = choices.0.keys().filter(|name| chosen.contains(name));
    let kept: Vec<Arc<str>> = kept.map(|name| name.as_str().into()).collect();
    if kept.is_empty() { Value::Unset } else { Value::Texts(kept.into()) }
}
