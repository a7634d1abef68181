//! Cursors: the place of a row in a list, as text that a browser carries. It holds what the list
//! was sorted by, as the reader saw it, so it tells them nothing new; and a mark of the list, so
//! that it is refused by any other. It is no secret and no right: whoever writes one by hand reads
//! the rows after a place of their own choice, within their own rights.

use super::sort::OrderTerm;
use super::{Select, Unread};
use crate::cell::Cell;
use crate::layout::ColumnKind;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use model::Key;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The place of a row: the values of the terms, then the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub cells: Vec<Cell>,
    pub key: Key,
}

/// The mark of a list: another type, filter, sort or day is another list.
pub(super) fn mark(select: &Select) -> String {
    let shape = format!(
        "{} {:?} {:?} {:?} {}",
        select.record_type.name, select.filters, select.sort, select.as_of, select.withdrawn
    );
    let hash = Sha256::digest(shape.as_bytes());
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn write(mark: &str, place: &Position) -> String {
    let mut parts = vec![Json::from(mark), Json::from(place.key.0)];
    parts.extend(place.cells.iter().map(json));
    BASE64.encode(Json::Array(parts).to_string())
}

/// # Errors
/// [`Unread::Cursor`] where it is not a cursor of this list.
pub(super) fn read(text: &str, mark: &str, terms: &[OrderTerm]) -> Result<Position, Unread> {
    position(text, mark, terms).ok_or(Unread::Cursor)
}

fn position(text: &str, mark: &str, terms: &[OrderTerm]) -> Option<Position> {
    let bytes = BASE64.decode(text).ok()?;
    let parts: Vec<Json> = serde_json::from_slice(&bytes).ok()?;
    let [of, key, values @ ..] = parts.as_slice() else { return None };
    if of.as_str()? != mark || values.len() != terms.len() {
        return None;
    }
    let cells = values.iter().zip(terms).map(|(value, term)| cell(value, term));
    Some(Position { cells: cells.collect::<Option<_>>()?, key: Key(key.as_i64()?) })
}

fn json(cell: &Cell) -> Json {
    match cell {
        Cell::Null | Cell::Blob(_) => Json::Null,
        Cell::Bool(yes) => Json::from(*yes),
        Cell::Integer(number) => Json::from(*number),
        Cell::Text(text) => Json::from(&**text),
    }
}

/// Only what the term can be: anything else would stop the statement.
fn cell(value: &Json, term: &OrderTerm) -> Option<Cell> {
    match (value, term.kind) {
        (Json::Null, _) => term.nullable.then_some(Cell::Null),
        (Json::Bool(yes), ColumnKind::Boolean) => Some(Cell::Bool(*yes)),
        (Json::Number(number), ColumnKind::Integer) => number.as_i64().map(Cell::Integer),
        (Json::String(text), ColumnKind::Text) if !text.contains('\0') => Some(Cell::from(&**text)),
        _ => None,
    }
}
