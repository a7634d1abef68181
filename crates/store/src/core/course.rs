//! The course of records: each entry of their history in order, with what a tracked field was from
//! it on. Read for the discovery of processes; what happened in between is in `history`.

use super::reading::{Reading, places};
use crate::cell::Cell;
use crate::database::{Failure, Read};
use model::Key;
use std::sync::Arc;

/// One entry: whether the field changed with it, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub record_key: Key,
    pub at: i64,
    pub changed: bool,
    pub value: Option<Arc<str>>,
}

/// The entries of these records that everybody who reads the record may see, by record and in
/// their order.
///
/// # Errors
/// [`Failure`].
pub fn of(read: &dyn Read, records: &[Key], field: &str) -> Result<Vec<Step>, Failure> {
    let mut found = Vec::new();
    for some in records.chunks(500) {
        let mut cells: Vec<Cell> = some.iter().map(|key| key.0.into()).collect();
        let among = places(some.len());
        cells.push(field.into());
        let field = cells.len();
        let sql = format!(
            "SELECT h.\"record_key\", h.\"at\", m.\"entry_key\", m.\"value\" FROM \"history\" h \
             LEFT JOIN \"movement\" m ON m.\"record_key\" = h.\"record_key\" \
             AND m.\"entry_key\" = h.\"key\" AND m.\"field\" = ?{field} \
             WHERE h.\"record_key\" IN ({among}) AND NOT h.\"internal\" \
             ORDER BY h.\"record_key\", h.\"version\", h.\"key\""
        );
        for row in read.rows(&sql, &cells)? {
            let mut row = Reading::new(row);
            found.push(Step {
                record_key: Key(row.integer()?),
                at: row.integer()?,
                changed: row.some_integer().is_some(),
                value: row.some_text(),
            });
        }
    }
    Ok(found)
}
