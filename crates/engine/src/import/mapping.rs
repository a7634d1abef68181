//! What a mapping file says, checked: which columns fill which fields of which record type, and
//! whether a row is a record or an event in the life of one. Made by `load` alone.

use crate::file::Reading;
use model::definition::FieldKind;
use model::{Name, Value};
use std::collections::HashMap;

/// A checked mapping.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub record_type: Name,
    pub reading: Reading,
    /// Texts that stand for nothing; blank cells always do.
    pub missing: Vec<String>,
    /// The fields that say, together, which record a row is about.
    pub key: Vec<Name>,
    pub fields: Vec<Taken>,
    pub links: Vec<TakenLink>,
    pub replay: Option<Replay>,
    /// How many sources there are, those inside of others too; their ids count from 0.
    pub sources: usize,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// A field and where its value comes from.
#[derive(Debug, Clone)]
pub struct Taken {
    pub field: Name,
    pub kind: FieldKind,
    pub from: Source,
}

/// A link and where its far end comes from.
#[derive(Debug, Clone)]
pub struct TakenLink {
    /// As it is stored, `TYPE.LINK` of the declaring type.
    pub name: String,
    /// As history calls it: the link's own name.
    pub told: Name,
    /// The record that is imported is the far end.
    pub inverse: bool,
    pub many: bool,
    pub from: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub struct Source {
    pub id: usize,
    pub columns: Vec<String>,
    /// What stands between the texts of several columns.
    pub join: String,
    /// Nothing is taken unless each column holds something.
    pub whole: bool,
    /// The value where nothing stands.
    pub otherwise: Value,
    pub how: How,
}

/// How a text becomes a value.
#[derive(Debug, Clone)]
pub enum How {
    Constant(Value),
    /// As the field's type reads it.
    Typed,
    /// A point in time written like this, in this zone.
    Moment {
        format: String,
        zone: jiff::tz::TimeZone,
    },
    /// A value for each text, and one for all others if there is one.
    Choices {
        map: HashMap<String, Value>,
        default: Option<Value>,
    },
    /// Only these texts; others are nothing.
    Only(Vec<String>),
    Reference(Reference),
}

/// Another record, found by a field of its own.
#[derive(Debug, Clone)]
pub struct Reference {
    pub to: Name,
    pub field: ByField,
    /// What a record that is not there is created with, beside the field it is found by.
    pub create: Option<Vec<Taken>>,
}

/// A field by name and kind.
#[derive(Debug, Clone)]
pub struct ByField {
    pub name: Name,
    pub kind: FieldKind,
}

/// Rows are events of records.
#[derive(Debug, Clone)]
pub struct Replay {
    /// When an event happened.
    pub at: Source,
    /// Who did it.
    pub actor: Option<Source>,
    /// When a record began, where that is before its first row.
    pub begins: Option<Name>,
    pub finals: Vec<Final>,
}

/// Fields whose last value stands on every row: they are taken once the record has come to it.
#[derive(Debug, Clone)]
pub struct Final {
    pub states: Vec<Name>,
    /// The field that says since when they hold.
    pub at: Option<Name>,
    pub fields: Vec<Name>,
}
