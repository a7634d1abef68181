//! Markdown: prose with mark-up, kept as written; making HTML of it, safely, is the web's.

use super::{FieldType, Names, Slip, Style, mend, prose};
use model::Value;
use model::definition::FieldKind;
use serde_json::{Value as Json, json};

/// `markdown`.
pub struct Markdown;

impl FieldType for Markdown {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        let Json::String(text) = json else {
            let zh = "请写成带引号的 Markdown 文本";
            return Err(mend::shape(json, "write a Markdown text in quotes", zh));
        };
        self.read_text(kind, text, names)
    }

    fn read_text(&self, kind: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        prose::clean(text, max(kind)).map(|kept| Value::text(&kept))
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        value.as_text().map_or(Json::Null, Json::from)
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        value.as_text().unwrap_or("").to_string()
    }

    fn schema(&self, kind: &FieldKind, _: bool) -> Json {
        json!({ "type": "string", "maxLength": max(kind), "contentMediaType": "text/markdown" })
    }
}

fn max(kind: &FieldKind) -> usize {
    match kind {
        FieldKind::Markdown { max } => *max,
        _ => usize::MAX,
    }
}
