//! Decimal: a number of the places that the definition declares, kept exactly. In JSON a text,
//! because a JSON number passes through binary fractions in most programs.
//!
//! The bounds of the definition are in units of its places, as the value is.

use super::{FieldType, Names, Slip, Style, digits, mend};
use model::definition::FieldKind;
use model::{Value, value};
use serde_json::{Value as Json, json};

/// `decimal`.
pub struct Decimal;

impl FieldType for Decimal {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        let places = places(kind);
        match json {
            Json::String(text) => self.read_text(kind, text, names),
            Json::Number(number) => {
                let read = digits::from_json(number, places);
                let slip = |bad| digits::slip(bad, &number.to_string(), places);
                bounded(kind, read.map_err(slip)?)
            }
            other => {
                let en = "write a number in quotes, as in \"12.50\"";
                Err(mend::shape(other, en, "请填写带引号的数字，例如 \"12.50\""))
            }
        }
    }

    fn read_text(&self, kind: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        if text.trim().is_empty() {
            return Ok(Value::Unset);
        }
        let places = places(kind);
        let read = digits::units(text, places);
        bounded(kind, read.map_err(|bad| digits::slip(bad, text, places))?)
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        match value {
            Value::Decimal(number) => digits::show(number.units, number.places).into(),
            _ => Json::Null,
        }
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        match value {
            Value::Decimal(number) => digits::show(number.units, number.places),
            _ => String::new(),
        }
    }

    fn schema(&self, kind: &FieldKind, writing: bool) -> Json {
        let pattern = match places(kind) {
            0 => "^-?[0-9]+$".to_string(),
            places => format!("^-?[0-9]+(\\.[0-9]{{1,{places}}})?$"),
        };
        let text = json!({ "type": "string", "pattern": pattern });
        if writing { json!({ "anyOf": [text, { "type": "number" }] }) } else { text }
    }
}

fn bounded(kind: &FieldKind, units: i64) -> Result<Value, Slip> {
    let (min, max) = match kind {
        FieldKind::Decimal { min, max, .. } => (*min, *max),
        _ => (None, None),
    };
    let places = places(kind);
    let units = digits::within(units, min, max, places)?;
    Ok(Value::Decimal(value::Decimal { units, places }))
}

fn places(kind: &FieldKind) -> u8 {
    match kind {
        FieldKind::Decimal { places, .. } => *places,
        _ => 0,
    }
}
