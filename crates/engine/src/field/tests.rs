//! What the tests of all field types share: a small world of records and kinds. Each kind's own
//! table is tested in its file.

mod examples;
mod properties;

use super::{Card, Names, Slip};
use model::definition::{Choices, FieldKind};
use model::{Key, Label, Language, Name};
use std::sync::Arc;

/// Three records: key 12 is numbered, key 13 too and withdrawn, key 7 has a title only; no other
/// may be seen.
pub struct World;

impl Names for World {
    fn find(&self, _: &str, text: &str) -> Result<Option<Key>, Slip> {
        match text {
            "CHG-000012" | "00000000-0000-7000-8000-000000000012" => Ok(Some(Key(12))),
            "Li Wei" | "00000000-0000-7000-8000-000000000007" => Ok(Some(Key(7))),
            "CHG-000013" => Ok(Some(Key(13))),
            "twins" => {
                Err(Slip::new("Two records fit; give the number.", "有两条记录符合，请填写编号。"))
            }
            _ => Ok(None),
        }
    }

    fn card(&self, key: Key) -> Option<Card> {
        let (number, title) = match key.0 {
            12 => ("CHG-000012", "Replace the core switch"),
            7 => ("", "Li Wei"),
            13 => ("CHG-000013", ""),
            _ => return None,
        };
        Some(Card {
            key,
            id: format!("00000000-0000-7000-8000-{:012}", key.0),
            record_type: "thing".into(),
            number: number.into(),
            title: title.into(),
            withdrawn: title.is_empty(),
        })
    }
}

/// Low, medium and high, with labels in both languages.
pub fn levels() -> Arc<Choices> {
    let level = |name: &str, en: &str, zh: &str| {
        let label = Label::new([(Language::EN, en.into()), (Language::ZH, zh.into())]);
        (Name::new(name).unwrap(), label)
    };
    let levels = [
        level("low", "Low", "低"),
        level("medium", "Medium, usual", "中"),
        level("high", "High", "高"),
    ];
    Arc::new(Choices(levels.into_iter().collect()))
}

/// Every kind once, as the examples of docs/json.md name them.
pub fn kinds() -> Vec<(&'static str, FieldKind)> {
    vec![
        ("text", FieldKind::Text { max: 20 }),
        ("local_text", FieldKind::LocalText { max: 20 }),
        ("markdown", FieldKind::Markdown { max: 20 }),
        ("choice", FieldKind::Choice(levels())),
        ("multi_choice", FieldKind::MultiChoice(levels())),
        ("yes_no", FieldKind::YesNo),
        ("integer", FieldKind::Integer { min: Some(0), max: Some(100) }),
        ("decimal", FieldKind::Decimal { places: 2, min: Some(0), max: None }),
        ("money", FieldKind::Money),
        ("date", FieldKind::Date),
        ("datetime", FieldKind::Datetime),
        ("duration", FieldKind::Duration),
        ("reference", FieldKind::Reference { to: Name::new("thing").unwrap() }),
        ("attachment", FieldKind::Attachment { many: false }),
        ("email", FieldKind::Email),
        ("url", FieldKind::Url),
    ]
}
