//! Where the fields of a record type live: tables and columns, derived from the definitions and
//! from nothing else. The one place that knows how a field becomes columns.

use crate::cell::Cell;
use crate::database::unit::insert_text;
use model::definition::{Choices, Field, FieldKind, Model, RecordType};
use model::{Language, Name};
use std::sync::Arc;

/// The columns each table of records begins with, in this order.
pub const FIXED: [(&str, ColumnKind); 11] = [
    ("key", ColumnKind::Integer),
    ("type", ColumnKind::Text),
    ("number", ColumnKind::Integer),
    ("state", ColumnKind::Text),
    ("version", ColumnKind::Integer),
    ("created_at", ColumnKind::Integer),
    ("created_by", ColumnKind::Integer),
    ("changed_at", ColumnKind::Integer),
    ("changed_by", ColumnKind::Integer),
    ("valid_from", ColumnKind::Integer),
    ("withdrawn_at", ColumnKind::Integer),
];

/// What a column holds in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Integer,
    Boolean,
    Text,
}

/// How one field is stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    YesNo,
    /// integer, date, instant, duration, reference: the number itself
    Integer(IntegerKind),
    /// scaled by ten to the power of the places
    Decimal(u8),
    /// two columns: minor units, currency
    Money,
    Text,
    /// the name of the choice; sorted by rank
    Choice(Arc<Choices>),
    /// `|a|b|`, in rank order
    MultiChoice(Arc<Choices>),
    /// a column a language
    LocalText(Vec<Language>),
    /// a JSON list
    Attachments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntegerKind {
    Integer,
    Date,
    Instant,
    Duration,
    Reference,
}

/// A field with its columns, in the order of the table.
#[derive(Debug, Clone)]
pub struct Stored {
    pub field: Name,
    pub shape: Shape,
    pub columns: Vec<(String, ColumnKind)>,
}

/// The table of one inheritance root: the fields of all record types in it.
#[derive(Debug, Clone)]
pub struct Table {
    pub root: Name,
    pub fields: Vec<Stored>,
    /// The statement that adds a row, with a place for each of [`Table::columns`].
    pub insert: Arc<str>,
}

impl Table {
    pub fn field(&self, name: &str) -> Option<&Stored> {
        self.fields.iter().find(|stored| stored.field == name)
    }

    /// Every column with its kind, fixed ones first.
    pub fn columns(&self) -> impl Iterator<Item = (&str, ColumnKind)> {
        let own = self.fields.iter().flat_map(|stored| &stored.columns);
        FIXED.iter().copied().chain(own.map(|(name, kind)| (name.as_str(), *kind)))
    }
}

/// The table that holds the records of this type and its whole family.
pub fn table(model: &Model, record_type: &RecordType) -> Table {
    let root = record_type.root().clone();
    let family = model.record_type(&root).map(|root| root.family.clone()).unwrap_or_default();
    let mut fields: Vec<Stored> = Vec::new();
    for member in family.iter().filter_map(|name| model.record_type(name)) {
        for field in member.fields.values() {
            if !fields.iter().any(|stored| stored.field == field.name) {
                fields.push(stored(field));
            }
        }
    }
    let mut table = Table { root, fields, insert: "".into() };
    let columns: Vec<(&str, Cell)> = table.columns().map(|(name, _)| (name, Cell::Null)).collect();
    table.insert = insert_text(&table.root, &columns).into();
    table
}

/// How one field is stored.
pub fn stored(field: &Field) -> Stored {
    let shape = shape(&field.kind);
    let columns = columns(&field.name, &shape);
    Stored { field: field.name.clone(), shape, columns }
}

fn shape(kind: &FieldKind) -> Shape {
    use FieldKind as F;
    match kind {
        F::Text { .. } | F::Markdown { .. } | F::Email | F::Url => Shape::Text,
        F::LocalText { .. } => Shape::LocalText(Language::REQUIRED.to_vec()),
        F::Choice(choices) => Shape::Choice(choices.clone()),
        F::MultiChoice(choices) => Shape::MultiChoice(choices.clone()),
        F::YesNo => Shape::YesNo,
        F::Integer { .. } => Shape::Integer(IntegerKind::Integer),
        F::Decimal { places, .. } => Shape::Decimal(*places),
        F::Money => Shape::Money,
        F::Date => Shape::Integer(IntegerKind::Date),
        F::Datetime => Shape::Integer(IntegerKind::Instant),
        F::Duration => Shape::Integer(IntegerKind::Duration),
        F::Reference { .. } => Shape::Integer(IntegerKind::Reference),
        F::Attachment { .. } => Shape::Attachments,
    }
}

fn columns(name: &Name, shape: &Shape) -> Vec<(String, ColumnKind)> {
    let one = |kind| vec![(name.to_string(), kind)];
    match shape {
        Shape::YesNo => one(ColumnKind::Boolean),
        Shape::Integer(_) | Shape::Decimal(_) => one(ColumnKind::Integer),
        Shape::Text | Shape::Choice(_) | Shape::MultiChoice(_) | Shape::Attachments => {
            one(ColumnKind::Text)
        }
        Shape::Money => vec![
            (name.to_string(), ColumnKind::Integer),
            (format!("{name}__currency"), ColumnKind::Text),
        ],
        Shape::LocalText(languages) => {
            languages.iter().map(|l| (format!("{name}__{l}"), ColumnKind::Text)).collect()
        }
    }
}
