//! Integer: a whole number of 64 bits between the bounds of the definition.

use super::{FieldType, Names, Slip, Style, digits, mend};
use model::Value;
use model::definition::FieldKind;
use serde_json::{Map, Value as Json};

/// `integer`.
pub struct Integer;

impl FieldType for Integer {
    fn read(&self, kind: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        let Json::Number(number) = json else {
            let zh = "请填写不带引号的整数，例如 12";
            return Err(mend::shape(json, "write a whole number without quotes, as in 12", zh));
        };
        let read = digits::from_json(number, 0);
        bounded(kind, read.map_err(|bad| digits::slip(bad, &number.to_string(), 0))?)
    }

    fn read_text(&self, kind: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        bounded(kind, digits::units(text, 0).map_err(|bad| digits::slip(bad, text, 0))?)
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        match value {
            Value::Integer(number) => Json::from(*number),
            _ => Json::Null,
        }
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        match value {
            Value::Integer(number) => number.to_string(),
            _ => String::new(),
        }
    }

    fn schema(&self, kind: &FieldKind, _: bool) -> Json {
        let mut schema = Map::new();
        schema.insert("type".into(), "integer".into());
        schema.insert("format".into(), "int64".into());
        let (min, max) = bounds(kind);
        min.map(|min| schema.insert("minimum".into(), min.into()));
        max.map(|max| schema.insert("maximum".into(), max.into()));
        Json::Object(schema)
    }
}

fn bounded(kind: &FieldKind, number: i64) -> Result<Value, Slip> {
    let (min, max) = bounds(kind);
    digits::within(number, min, max, 0).map(Value::Integer)
}

fn bounds(kind: &FieldKind) -> (Option<i64>, Option<i64>) {
    match kind {
        FieldKind::Integer { min, max } => (*min, *max),
        _ => (None, None),
    }
}
