//! Text: one piece of prose without mark-up. Not text per language, not Markdown: what the web
//! makes of them differs, the characters they may hold do not.

use super::{FieldType, Names, Slip, Style, mend, prose};
use model::Value;
use model::definition::FieldKind;
use serde_json::{Value as Json, json};

/// `text`.
pub struct Text;

impl FieldType for Text {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        match json {
            Json::String(text) => self.read_text(kind, text, names),
            other => Err(mend::shape(other, "write a text in quotes", "请写成带引号的文本")),
        }
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
        json!({ "type": "string", "maxLength": max(kind) })
    }
}

fn max(kind: &FieldKind) -> usize {
    match kind {
        FieldKind::Text { max } => *max,
        _ => usize::MAX,
    }
}
