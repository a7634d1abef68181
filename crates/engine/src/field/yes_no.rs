//! Yes or no: `true` and `false` for programs, words in both languages for people. Not set is a
//! third answer, which a choice of two would hide.

use super::{FieldType, Names, Slip, Style, mend};
use model::definition::FieldKind;
use model::{Language, Value};
use serde_json::{Value as Json, json};

/// `yes_no`.
pub struct YesNo;

impl FieldType for YesNo {
    fn read(&self, _: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        match json {
            Json::Bool(yes) => Ok(Value::YesNo(*yes)),
            other => Err(mend::shape(other, "write true or false", "请填写 true 或 false")),
        }
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        match text.trim().to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" | "是" => Ok(Value::YesNo(true)),
            "no" | "n" | "false" | "0" | "否" => Ok(Value::YesNo(false)),
            _ => Err(mend::unfit(
                text,
                "is neither yes nor no; write one of them",
                "请填写“是”或“否”",
            )),
        }
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        match value {
            Value::YesNo(yes) => Json::Bool(*yes),
            _ => Json::Null,
        }
    }

    fn text(&self, _: &FieldKind, value: &Value, style: &Style) -> String {
        let zh = style.language == Language::ZH;
        let word = match value {
            Value::YesNo(true) => {
                if zh {
                    "是"
                } else {
                    "Yes"
                }
            }
            Value::YesNo(false) => {
                if zh {
                    "否"
                } else {
                    "No"
                }
            }
            _ => "",
        };
        word.to_string()
    }

    fn schema(&self, _: &FieldKind, _: bool) -> Json {
        json!({ "type": "boolean" })
    }
}
