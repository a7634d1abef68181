//! Values of steps as the JSON that a client would send, by the kind of the field.

use super::play::Play;
use super::step::Raw;
use jiff::tz::TimeZone;
use model::definition::{FieldKind, RecordType};
use serde_json::{Map, Value as Json, json};

/// Fields (and links) of a step as JSON.
pub fn object(play: &Play, definition: &RecordType, fields: &[(String, Raw)]) -> Map<String, Json> {
    let value = |(name, raw): &(String, Raw)| {
        let kind = definition.fields.get(name.as_str()).map(|field| &field.kind);
        (name.clone(), json_of(play, kind, raw))
    };
    fields.iter().map(value).collect()
}

fn json_of(play: &Play, kind: Option<&FieldKind>, raw: &Raw) -> Json {
    match raw {
        Raw::List(all) => all.iter().map(|one| json_of(play, kind, one)).collect(),
        Raw::Quoted(text) => quoted(play, kind, text),
        Raw::Bare(text) if text == "unset" => Json::Null,
        Raw::Bare(text) => bare(play, kind, text),
    }
}

fn quoted(play: &Play, kind: Option<&FieldKind>, text: &str) -> Json {
    match kind {
        Some(FieldKind::LocalText { .. }) => json!({ "en": text }),
        Some(FieldKind::Reference { .. }) => reference(play, text),
        _ => json!(text),
    }
}

fn bare(play: &Play, kind: Option<&FieldKind>, text: &str) -> Json {
    match kind {
        Some(FieldKind::YesNo) => json!(text == "true"),
        Some(FieldKind::Integer { .. }) => serde_json::from_str(text).unwrap_or(json!(text)),
        Some(FieldKind::Datetime) => json!(instant(play, text)),
        Some(FieldKind::Date) => json!(date(play, text)),
        // A link, or a field that is none: a name that is known is a record.
        Some(FieldKind::Reference { .. }) | None => reference(play, text),
        _ => json!(text),
    }
}

fn reference(play: &Play, text: &str) -> Json {
    match play.world.known(text) {
        Some(known) => json!(known.id),
        None => json!(text),
    }
}

fn instant(play: &Play, text: &str) -> String {
    let at = match text.strip_prefix('+') {
        Some(length) => play.world.engine.now() + duration(length),
        None => local(text, &play.zone).unwrap_or_else(|| panic!("{text} is no time")),
    };
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()
}

fn date(play: &Play, text: &str) -> String {
    let Some(length) = text.strip_prefix('+') else { return text.into() };
    let at = play.world.engine.now() + duration(length);
    let at = jiff::Timestamp::from_microsecond(at).unwrap().to_zoned(play.zone.clone());
    at.date().to_string()
}

/// `2026-03-06 16:00` in a zone, in microseconds.
pub fn local(text: &str, zone: &TimeZone) -> Option<i64> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    let zoned = local.to_zoned(zone.clone()).ok()?;
    Some(zoned.timestamp().as_microsecond())
}

/// `2d2h` in microseconds.
pub fn duration(text: &str) -> i64 {
    let (mut total, mut number) = (0, 0);
    for letter in text.chars() {
        let seconds = match letter {
            '0'..='9' => {
                number = number * 10 + i64::from(letter.to_digit(10).unwrap());
                continue;
            }
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => panic!("{text} is no length of time"),
        };
        total += number * seconds * 1_000_000;
        number = 0;
    }
    total
}

#[test]
fn lengths_of_time() {
    let hour = 3_600_000_000;
    assert_eq!(duration("2d2h"), 50 * hour);
    assert_eq!(duration("0m"), 0);
    assert_eq!(duration("1h30m"), hour + hour / 2);
}
