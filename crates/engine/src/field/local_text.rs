//! Text per language: what each reader sees in their own. A text without a language is refused
//! rather than taken for English: nobody would notice the wrong guess.

use super::{FieldType, Names, Slip, Style, mend, prose};
use model::definition::FieldKind;
use model::{Language, Value, value};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

const EN: &str = "write a text for each language, as in {\"en\": \"Network\", \"zh\": \"网络\"}";
const ZH: &str = "请按语言填写，例如 {\"en\": \"Network\", \"zh\": \"网络\"}";

/// `local_text`.
pub struct LocalText;

impl FieldType for LocalText {
    fn read(&self, kind: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        match json {
            Json::Object(object) => texts(object, max(kind)),
            other => Err(mend::shape(other, EN, ZH)),
        }
    }

    fn read_text(&self, kind: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        match serde_json::from_str(text) {
            Ok(Json::Object(object)) => texts(&object, max(kind)),
            _ => Err(mend::shape(&Json::from(text), EN, ZH)),
        }
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        let Value::LocalText(texts) = value else { return Json::Null };
        let entry = |(language, text): &(Language, Arc<str>)| {
            (language.as_str().to_string(), Json::from(text.as_ref()))
        };
        Json::Object(texts.iter().map(entry).collect())
    }

    fn text(&self, _: &FieldKind, value: &Value, style: &Style) -> String {
        let Value::LocalText(texts) = value else { return String::new() };
        let exact = |wanted| texts.iter().find(|(language, _)| *language == wanted);
        let found = exact(style.language).or_else(|| exact(Language::EN)).or(texts.first());
        found.map_or(String::new(), |(_, text)| text.to_string())
    }

    fn schema(&self, kind: &FieldKind, _: bool) -> Json {
        json!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z]{2}$" },
            "additionalProperties": { "type": "string", "maxLength": max(kind) },
        })
    }
}

/// One text a language, empty ones left out; unset where none is left.
fn texts(object: &Map<String, Json>, max: usize) -> Result<Value, Slip> {
    let mut texts: Vec<(Language, Arc<str>)> = Vec::new();
    for (tag, json) in object {
        let language = Language::new(tag).ok_or_else(|| no_language(tag))?;
        let text = match json {
            Json::Null => continue,
            Json::String(text) => prose::clean(text, max).map_err(|slip| within(tag, slip))?,
            other => return Err(within(tag, mend::shape(other, "write a text", "请写成文本"))),
        };
        if !text.is_empty() {
            texts.push((language, text.into()));
        }
    }
    texts.sort();
    let texts: value::LocalText = texts.into();
    Ok(if texts.is_empty() { Value::Unset } else { Value::LocalText(texts) })
}

fn no_language(tag: &str) -> Slip {
    let en = "is not a language; use two small letters such as en or zh";
    mend::unfit(tag, en, "不是语言代码，请使用 en、zh 等两个小写字母")
}

fn within(tag: &str, slip: Slip) -> Slip {
    Slip::new(format!("{tag}: {}", slip.en), format!("{tag}：{}", slip.zh))
}

fn max(kind: &FieldKind) -> usize {
    match kind {
        FieldKind::LocalText { max } => *max,
        _ => usize::MAX,
    }
}
