//! Choice: one of the names that the definition lists. Programs write the name, people may write
//! the label in any language; several choices of one field are `multi_choice`.

use super::{FieldType, Names, Slip, Style, mend};
use model::definition::{Choices, FieldKind};
use model::{Name, Value};
use serde_json::{Value as Json, json};

/// The most choices that a slip lists.
const LISTED: usize = 20;

/// `choice`.
pub struct Choice;

impl FieldType for Choice {
    fn read(&self, kind: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        let FieldKind::Choice(choices) = kind else { return Err(mend::misplaced()) };
        let Json::String(text) = json else {
            return Err(mend::shape(json, "write the name of one choice", "请填写一个选项的名称"));
        };
        by_name(choices, text).map(|name| Value::text(name))
    }

    fn read_text(&self, kind: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        let FieldKind::Choice(choices) = kind else { return Err(mend::misplaced()) };
        by_word(choices, text).map(|name| Value::text(name))
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        value.as_text().map_or(Json::Null, Json::from)
    }

    fn text(&self, kind: &FieldKind, value: &Value, style: &Style) -> String {
        let name = value.as_text().unwrap_or("");
        match kind {
            FieldKind::Choice(choices) => label(choices, name, style).to_string(),
            _ => name.to_string(),
        }
    }

    fn schema(&self, kind: &FieldKind, _: bool) -> Json {
        let FieldKind::Choice(choices) = kind else { return Json::Null };
        json!({ "type": "string", "enum": names(choices) })
    }
}

pub fn names(choices: &Choices) -> Vec<&str> {
    choices.0.keys().map(Name::as_str).collect()
}

/// What people read; the name itself where the definition has dropped the choice since.
pub fn label<'a>(choices: &'a Choices, name: &'a str, style: &Style) -> &'a str {
    choices.0.get(name).map_or(name, |label| label.text(style.language))
}

/// The choice of that name.
///
/// # Errors
/// The names there are; the right one, where a label was given.
pub fn by_name<'a>(choices: &'a Choices, text: &str) -> Result<&'a Name, Slip> {
    if let Some((name, _)) = choices.0.get_key_value(text) {
        return Ok(name);
    }
    match labelled(choices, text).as_slice() {
        [name] => Err(mend::unfit(
            text,
            &format!("is a label; write the name \"{name}\""),
            &format!("是显示名称，请填写选项名称“{name}”"),
        )),
        _ => Err(none(choices, text)),
    }
}

/// The choice of that name, or of that label in any language.
///
/// # Errors
/// The names there are, or those that share the label.
pub fn by_word<'a>(choices: &'a Choices, text: &str) -> Result<&'a Name, Slip> {
    let text = text.trim();
    if let Some((name, _)) = choices.0.get_key_value(text) {
        return Ok(name);
    }
    match labelled(choices, text).as_slice() {
        [name] => Ok(name),
        [] => Err(none(choices, text)),
        several => {
            let names: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
            Err(mend::unfit(
                text,
                &format!("is the label of several choices; write one of {}", names.join(", ")),
                &format!("对应多个选项，请填写其中一个名称：{}", names.join("、")),
            ))
        }
    }
}

fn labelled<'a>(choices: &'a Choices, text: &str) -> Vec<&'a Name> {
    let wanted = text.trim().to_lowercase();
    let fits = |(name, label): (&'a Name, &'a model::Label)| {
        let mut texts = label.texts();
        let fits = name.as_str() == wanted || texts.any(|(_, t)| t.to_lowercase() == wanted);
        fits.then_some(name)
    };
    choices.0.iter().filter_map(fits).collect()
}

fn none(choices: &Choices, text: &str) -> Slip {
    let more = choices.0.len() > LISTED;
    let en: Vec<&str> = names(choices).into_iter().take(LISTED).collect();
    let zh = choices.0.iter().take(LISTED);
    let zh: Vec<String> =
        zh.map(|(name, label)| format!("{name}（{}）", label.text(model::Language::ZH))).collect();
    mend::unfit(
        text,
        &format!("is not a choice; use one of {}{}", en.join(", "), if more { ", …" } else { "" }),
        &format!("不是可选项，请使用：{}{}", zh.join("、"), if more { "……" } else { "" }),
    )
}
