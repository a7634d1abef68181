//! `movement(record_key, field, at, entry_key, value)`: one narrow row for each change of a
//! tracked field (state, team, assignee, priority), which clocks and process mining read instead
//! of unpacking history. `value` is the text of the field's cell; none where it became unset.

use super::reading::{Reading, places};
use crate::cell::Cell;
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;

/// One change of one field. `at`: microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    pub record_key: Key,
    pub field: Arc<str>,
    pub at: i64,
    pub entry_key: i64,
    pub value: Option<Arc<str>>,
}

/// Writes them, in the unit of their entry; in one statement, since most entries have several.
pub fn insert(unit: &mut Unit, movements: &[Movement]) {
    let row = |movement: &Movement| {
        vec![
            movement.record_key.0.into(),
            (&*movement.field).into(),
            movement.at.into(),
            movement.entry_key.into(),
            movement.value.as_deref().into(),
        ]
    };
    let columns = ["record_key", "field", "at", "entry_key", "value"];
    unit.insert_rows("movement", &columns, movements.iter().map(row));
}

/// The movements of these records, by record and in the order of time; of one field, or of all.
///
/// # Errors
/// [`Failure`].
pub fn of(read: &dyn Read, records: &[Key], field: Option<&str>) -> Result<Vec<Movement>, Failure> {
    let mut found = Vec::new();
    for some in records.chunks(500) {
        let mut cells: Vec<Cell> = some.iter().map(|key| key.0.into()).collect();
        let mut sql = format!(
            "SELECT \"record_key\", \"field\", \"at\", \"entry_key\", \"value\" \
             FROM \"movement\" WHERE \"record_key\" IN ({})",
            places(some.len())
        );
        if let Some(field) = field {
            cells.push(field.into());
            sql += &format!(" AND \"field\" = ?{}", cells.len());
        }
        sql += " ORDER BY \"record_key\", \"at\", \"entry_key\"";
        for row in read.rows(&sql, &cells)? {
            found.push(movement(&mut Reading::new(row))?);
        }
    }
    Ok(found)
}

fn movement(row: &mut Reading) -> Result<Movement, Failure> {
    Ok(Movement {
        record_key: Key(row.integer()?),
        field: row.text()?,
        at: row.integer()?,
        entry_key: row.integer()?,
        value: row.some_text(),
    })
}
