//! Values as outcomes show them: choices and numbers bare, texts in quotes, records by the name or
//! number they are called by, instants in the zone of the world.

use super::play::Play;
use model::definition::{FieldKind, RecordType};
use serde_json::Value as Json;

/// A record as others name it: its number, or else its title.
pub fn card(json: &Json) -> String {
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_string();
    let number = text("number");
    if number.is_empty() { text("title") } else { number }
}

/// A record by the name it was given, or else as others name it.
pub fn record(play: &Play, json: &Json) -> String {
    let given = json["id"].as_str().and_then(|id| play.world.called(id));
    given.unwrap_or_else(|| card(json))
}

pub fn records(play: &Play, all: &[Json]) -> String {
    let names: Vec<String> = all.iter().map(|one| record(play, one)).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}

/// A field, declared or built in.
pub fn field(play: &Play, definition: &RecordType, name: &str, json: &Json) -> String {
    let kind = definition.fields.get(name).map(|field| &field.kind);
    match (kind, json) {
        (_, Json::Null) => "unset".into(),
        (_, Json::Array(all)) => {
            all.iter().map(|one| field(play, definition, name, one)).collect::<Vec<_>>().join(", ")
        }
        (Some(FieldKind::Reference { .. }), json) => record(play, json),
        (Some(FieldKind::Datetime), Json::String(text)) => instant(play, text),
        (Some(FieldKind::LocalText { .. }), json) => {
            format!("\"{}\"", json["en"].as_str().unwrap())
        }
        (Some(FieldKind::Text { .. } | FieldKind::Markdown { .. }), Json::String(text)) => {
            format!("\"{text}\"")
        }
        (_, Json::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

fn instant(play: &Play, text: &str) -> String {
    let at: jiff::Timestamp = text.parse().unwrap();
    moment(play, at.as_microsecond())
}

pub fn moment(play: &Play, at: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at).unwrap().to_zoned(play.zone.clone());
    at.strftime("%Y-%m-%d %H:%M").to_string()
}
