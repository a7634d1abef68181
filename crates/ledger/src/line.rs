//! The lines of an export: written from entries and checkpoints, and read back strictly. An
//! export is JSON lines in UTF-8, each ended by a newline:
//!
//! ```text
//! {"kind":"ledger","format":1,"origin":"example.com/ledger"}
//! {"kind":"entry","position":0,"leaf":HASH,"header":{...},"fields":[...]}
//! {"kind":"checkpoint","note":"example.com/ledger\n1\n..."}
//! {"kind":"end","entries":1,"checkpoints":1}
//! ```
//!
//! First the head; entries by rising position from 0; a checkpoint where its size is reached,
//! behind the entry at `size - 1`; last the end. The leaf is the hash sealed at the time. The
//! header has `entry`, `record`, `record_type`, `record_number`, `record_version`, `kind`,
//! `transition`, `at`, `recorded_at`, `actor`, `actor_label`, `definition_version`, in this
//! order, absent values as null. An open field has `name`, `salt`, `old`, `new`; an erased one
//! `name`, `commitment`. Hashes and salts are hexadecimal, values base64 or null, ids UUIDs.
//!
//! A line has one form: compact JSON with members in this order. Any other, even of the same
//! meaning, is refused when read, so that nothing rides along that is not verified. What a line
//! means for the ledger is not judged here but in `verify`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::body::{Body, Field};
use crate::entry::Header;
use crate::hash::Hash;
use crate::id::Id;

/// The number of the form that is written and read here.
pub const FORMAT: u32 = 1;

/// A line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Head { origin: String },
    Entry { position: u64, leaf: Hash, header: Box<Header>, body: Body },
    Checkpoint { note: String },
    End { entries: u64, checkpoints: u64 },
}

/// Why a line cannot be read, or written; in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError(pub String);

impl fmt::Display for LineError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for LineError {}

impl Line {
    /// The line as text, without the newline that ends it.
    pub fn write(&self) -> Result<String, LineError> {
        match self {
            Line::Entry { position, leaf, header, body } => {
                write_entry(*position, leaf, header, body)
            }
            Line::Head { origin } => {
                to_json(&Wire::Ledger { format: FORMAT, origin: origin.clone() })
            }
            Line::Checkpoint { note } => to_json(&Wire::Checkpoint { note: note.clone() }),
            Line::End { entries, checkpoints } => {
                to_json(&Wire::End { entries: *entries, checkpoints: *checkpoints })
            }
        }
    }

    /// Reads a line, given without its newline.
    pub fn read(text: &str) -> Result<Line, LineError> {
        let wire: Wire = serde_json::from_str(text).map_err(not_json)?;
        if to_json(&wire)? != text {
            return Err(LineError("not in the one form of a line".into()));
        }
        match wire {
            Wire::Ledger { format: FORMAT, origin } => Ok(Line::Head { origin }),
            Wire::Ledger { format, .. } => Err(LineError(format!("unknown format {format}"))),
            Wire::Checkpoint { note } => Ok(Line::Checkpoint { note }),
            Wire::End { entries, checkpoints } => Ok(Line::End { entries, checkpoints }),
            Wire::Entry { position, leaf, header, fields } => Ok(Line::Entry {
                position,
                leaf: Hash::from_hex(&leaf).ok_or(wrong("leaf"))?,
                header: Box::new(read_header(*header)?),
                body: read_fields(fields)?,
            }),
        }
    }
}

/// An entry's line from borrowed parts; the same as [`Line::write`] of [`Line::Entry`].
pub fn write_entry(
    position: u64,
    leaf: &Hash,
    header: &Header,
    body: &Body,
) -> Result<String, LineError> {
    to_json(&Wire::Entry {
        position,
        leaf: leaf.to_string(),
        header: Box::new(wire_header(header)),
        fields: body.fields().iter().map(wire_field).collect(),
    })
}

/// Position and sealed leaf hash of an entry's line whose rest cannot be read, so that the tree
/// can go on behind it.
pub fn salvage(text: &str) -> Option<(u64, Hash)> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let leaf = Hash::from_hex(value.get("leaf")?.as_str()?)?;
    Some((value.get("position")?.as_u64()?, leaf))
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Wire {
    Ledger { format: u32, origin: String },
    Entry { position: u64, leaf: String, header: Box<WireHeader>, fields: Vec<WireField> },
    Checkpoint { note: String },
    End { entries: u64, checkpoints: u64 },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireHeader {
    entry: String,
    record: String,
    record_type: String,
    record_number: Option<i64>,
    record_version: i64,
    kind: String,
    transition: Option<String>,
    at: i64,
    recorded_at: i64,
    actor: Option<String>,
    actor_label: String,
    definition_version: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum WireField {
    Open { name: String, salt: String, old: Option<String>, new: Option<String> },
    Erased { name: String, commitment: String },
}

fn to_json(wire: &Wire) -> Result<String, LineError> {
    serde_json::to_string(wire).map_err(not_json)
}

fn not_json(error: serde_json::Error) -> LineError {
    LineError(format!("not a line of an export: {error}"))
}

fn wrong(part: &str) -> LineError {
    LineError(format!("{part} is not in its written form"))
}

fn wire_header(header: &Header) -> WireHeader {
    WireHeader {
        entry: header.entry.to_string(),
        record: header.record.to_string(),
        record_type: header.record_type.clone(),
        record_number: header.record_number,
        record_version: header.record_version,
        kind: header.kind.clone(),
        transition: header.transition.clone(),
        at: header.at,
        recorded_at: header.recorded_at,
        actor: header.actor.map(|actor| actor.to_string()),
        actor_label: header.actor_label.clone(),
        definition_version: header.definition_version,
    }
}

fn read_header(wire: WireHeader) -> Result<Header, LineError> {
    let id = |text: &str, part: &str| Id::parse(text).ok_or(wrong(part));
    Ok(Header {
        entry: id(&wire.entry, "entry")?,
        record: id(&wire.record, "record")?,
        record_type: wire.record_type,
        record_number: wire.record_number,
        record_version: wire.record_version,
        kind: wire.kind,
        transition: wire.transition,
        at: wire.at,
        recorded_at: wire.recorded_at,
        actor: wire.actor.map(|actor| id(&actor, "actor")).transpose()?,
        actor_label: wire.actor_label,
        definition_version: wire.definition_version,
    })
}

fn wire_field(field: &Field) -> WireField {
    let value = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| STANDARD.encode(bytes));
    let name = field.name().to_string();
    match field {
        Field::Erased { commitment, .. } => {
            WireField::Erased { name, commitment: commitment.to_string() }
        }
        Field::Open { salt, old, new, .. } => {
            WireField::Open { name, salt: hex::encode(salt), old: value(old), new: value(new) }
        }
    }
}

fn read_fields(wires: Vec<WireField>) -> Result<Body, LineError> {
    let fields: Vec<Field> = wires.into_iter().map(read_field).collect::<Result<_, _>>()?;
    let body = Body::new(fields.clone()).map_err(|error| LineError(error.to_string()))?;
    if body.fields() != fields {
        return Err(LineError("the fields are not in order of name".into()));
    }
    Ok(body)
}

fn read_field(wire: WireField) -> Result<Field, LineError> {
    match wire {
        WireField::Erased { name, commitment } => {
            let commitment = Hash::from_hex(&commitment).ok_or(wrong("commitment"))?;
            Ok(Field::Erased { name, commitment })
        }
        WireField::Open { name, salt, old, new } => {
            Ok(Field::Open { name, salt: read_salt(&salt)?, old: value(old)?, new: value(new)? })
        }
    }
}

fn read_salt(text: &str) -> Result<[u8; 16], LineError> {
    let mut salt = [0u8; 16];
    hex::decode_to_slice(text, &mut salt).map_err(|_| wrong("salt"))?;
    if hex::encode(salt) == text { Ok(salt) } else { Err(wrong("salt")) }
}

fn value(text: Option<String>) -> Result<Option<Vec<u8>>, LineError> {
    text.map(|text| STANDARD.decode(text).map_err(|_| wrong("value"))).transpose()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn entry() -> Line {
        let open = Field::Open {
            name: "title".into(),
            salt: [0xab; 16],
            old: None,
            new: Some("打印机 \"x\"".into()),
        };
        let erased = Field::Erased { name: "caller".into(), commitment: Hash([9; 32]) };
        let header = Header {
            entry: Id([1; 16]),
            record: Id([2; 16]),
            record_type: "incident".into(),
            record_number: None,
            record_version: 1,
            kind: "create".into(),
            transition: None,
            at: -1,
            recorded_at: i64::MAX,
            actor: Some(Id([3; 16])),
            actor_label: "Zoë\n\u{1}".into(),
            definition_version: 1,
        };
        let body = Body::new(vec![open, erased]).unwrap();
        Line::Entry { position: 7, leaf: Hash([8; 32]), header: Box::new(header), body }
    }

    #[test]
    fn lines_return() {
        let head = Line::Head { origin: "example.com/ledger".into() };
        assert_eq!(
            head.write().unwrap(),
            r#"{"kind":"ledger","format":1,"origin":"example.com/ledger"}"#
        );
        let note = Line::Checkpoint { note: "a\n0\nroot\n\n— a b\n".into() };
        for line in [head, entry(), note, Line::End { entries: 3, checkpoints: 1 }] {
            let text = line.write().unwrap();
            assert!(!text.contains('\n'));
            assert_eq!(Line::read(&text), Ok(line));
        }
    }

    #[test]
    fn every_other_form_is_refused() {
        let text = entry().write().unwrap();
        for (from, to) in [
            ("{\"kind\"", "{ \"kind\""),
            ("\"position\":7", "\"position\":7.0"),
            ("\"position\":7", "\"position\":\"7\""),
            ("\"position\":7", "\"position\":7,\"position\":7"),
            ("\"position\":7", "\"position\":7,\"note\":1"),
            ("abab", "ABAB"),
            ("abab", "ab"),
            ("0101-", "01-01"),
            ("0808", "080g"),
            ("0909", "09"),
            ("\"old\":null,", ""),
            ("\"record_number\":null,", ""),
            ("caller", "zzz"),
            ("caller", "title"),
            ("ë", "\\u00eb"),
            ("\"kind\":\"entry\"", "\"kind\":\"other\""),
            ("}]}", "}]} "),
        ] {
            let wrong = text.replacen(from, to, 1);
            assert_ne!(wrong, text, "{from}");
            assert!(Line::read(&wrong).is_err(), "{wrong}");
        }
        let later = r#"{"kind":"ledger","format":2,"origin":"a"}"#;
        assert_eq!(Line::read(later), Err(LineError("unknown format 2".into())));
    }

    #[test]
    fn what_is_left_of_a_line_is_salvaged() {
        let text = entry().write().unwrap();
        let damaged = text.replace("\"at\":-1", "\"at\":\"\"");
        assert!(Line::read(&damaged).is_err());
        assert_eq!(salvage(&damaged), Some((7, Hash([8; 32]))));
        assert_eq!(salvage(&text.replace("0808", "080g")), None);
        assert_eq!(salvage(&text[1..]), None);
        assert_eq!(salvage(&Line::End { entries: 3, checkpoints: 1 }.write().unwrap()), None);
    }
}
