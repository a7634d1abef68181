//! Reference: one record of another type, a person too. Names are resolved with the asker's
//! rights: a record that they may not read is one that does not exist.

use super::{FieldType, Names, Slip, Style, mend};
use model::definition::FieldKind;
use model::{Key, Language, Value};
use serde_json::{Map, Value as Json, json};

const EN: &str = "name one record by its number or id, as in \"ABC-000012\" or {\"id\": \"...\"}";
const ZH: &str = "请用编号或 id 指明一条记录，例如 \"ABC-000012\" 或 {\"id\": \"...\"}";

/// `reference` and `person`.
pub struct Reference;

impl FieldType for Reference {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        match json {
            Json::String(text) => self.read_text(kind, text, names),
            Json::Object(object) => self.read_text(kind, named(object)?, names),
            other => Err(mend::shape(other, EN, ZH)),
        }
    }

    fn read_text(&self, kind: &FieldKind, text: &str, names: &dyn Names) -> Result<Value, Slip> {
        let FieldKind::Reference { to } = kind else { return Err(mend::misplaced()) };
        let wanted = text.trim();
        if wanted.is_empty() {
            return Ok(Value::Unset);
        }
        names.find(to, wanted)?.map(Value::Reference).ok_or_else(|| {
            let en = "names no record that you may see; give its number or its id";
            mend::unfit(wanted, en, "没有对应您可以查看的记录，请填写其编号或 id")
        })
    }

    fn show(&self, _: &FieldKind, value: &Value, names: &dyn Names) -> Json {
        match value {
            Value::Reference(key) => card(*key, names),
            Value::References(keys) => keys.iter().map(|key| card(*key, names)).collect(),
            _ => Json::Null,
        }
    }

    fn text(&self, _: &FieldKind, value: &Value, style: &Style) -> String {
        match value {
            Value::Reference(key) => title(*key, style),
            Value::References(keys) => {
                let titles: Vec<String> = keys.iter().map(|key| title(*key, style)).collect();
                titles.join("; ")
            }
            _ => String::new(),
        }
    }

    fn schema(&self, _: &FieldKind, writing: bool) -> Json {
        let text = json!({ "type": "string" });
        let number = json!({ "type": ["string", "null"] });
        let withdrawn = json!({ "type": "boolean" });
        let properties = json!({
            "id": text, "type": text, "number": number, "title": text, "withdrawn": withdrawn,
        });
        if !writing {
            let required = ["id", "type", "number", "title"];
            return json!({ "type": "object", "properties": properties, "required": required });
        }
        let either = json!([{ "required": ["id"] }, { "required": ["number"] }]);
        let object = json!({ "type": "object", "properties": properties, "anyOf": either });
        json!({ "anyOf": [text, object] })
    }
}

/// The id or the number that an object names its record by; what is shown may be sent back.
fn named(object: &Map<String, Json>) -> Result<&str, Slip> {
    let text = |key: &str| object.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
    text("id").or_else(|| text("number")).ok_or_else(|| {
        Slip::new(format!("The object names no record; {EN}."), format!("该对象未指明记录；{ZH}。"))
    })
}

/// Another record as it is named; one that is withdrawn by its number alone, with a mark.
fn card(key: Key, names: &dyn Names) -> Json {
    let Some(card) = names.card(key) else { return Json::Null };
    let number = if card.number.is_empty() { Json::Null } else { card.number.into() };
    let mut shown = json!({
        "id": card.id, "type": card.record_type, "number": number, "title": card.title,
    });
    if card.withdrawn {
        shown["withdrawn"] = true.into();
    }
    shown
}

fn title(key: Key, style: &Style) -> String {
    let Some(card) = style.names.card(key) else { return String::new() };
    let title = match (card.withdrawn, style.language) {
        (false, _) => &*card.title,
        (true, Language::ZH) => "（已撤回）",
        (true, _) => "(withdrawn)",
    };
    format!("{} {title}", card.number).trim().to_string()
}
