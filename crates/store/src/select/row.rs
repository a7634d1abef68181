//! Rows of a list: which cells are asked for, and the record they make.

use super::cursor::Position;
use super::statement::Frame;
use super::{Record, Unread};
use crate::cell::{Cell, Row};
use crate::codec;
use crate::database::Failure;
use crate::layout::Stored;
use crate::sql::{self, Fragment, Ground, Scalar, Term, Unanswerable};
use model::{Key, Name};

/// A record with its place in the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub place: Position,
    pub record: Record,
}

const FIXED: [&str; 5] = ["key", "type", "number", "version", "state"];

/// What every row begins with.
pub(super) fn fixed(ground: &Ground) -> Vec<Fragment> {
    FIXED.iter().map(|column| ground.column(column)).collect()
}

/// A wanted field with the expressions of its cells; NULL where the reader may not see it.
///
/// # Errors
/// Where the record type has no such field.
pub(super) fn column(
    ground: &Ground,
    name: &Name,
) -> Result<(Stored, Vec<Fragment>), Unanswerable> {
    let term = sql::own(ground, name)?;
    let stored = sql::stored(ground.record_type, name)
        .ok_or_else(|| Unanswerable(format!("no field `{name}`")))?;
    let cells = cells(term, stored.columns.len());
    Ok((stored, cells))
}

/// The cells of a field, masked.
pub(super) fn cells(term: Term, count: usize) -> Vec<Fragment> {
    let mask = |sql, guard: &Option<Fragment>| {
        Scalar { sql, guard: guard.clone(), holds: sql::Holds::Text }.masked()
    };
    match term {
        Term::Known(_) => vec![Fragment::raw("NULL"); count],
        Term::One(scalar) => vec![scalar.masked()],
        Term::Money { minor, currency, guard } => {
            vec![mask(minor, &guard), mask(currency, &guard)]
        }
        Term::Several { sql, guard } | Term::Opaque { sql, guard } => vec![mask(sql, &guard)],
        Term::Local { texts, guard } => texts.into_iter().map(|sql| mask(sql, &guard)).collect(),
    }
}

/// The record of a row.
///
/// # Errors
/// A fault where the row is not what the definitions say.
pub(super) fn read(frame: &Frame, row: Row) -> Result<Placed, Unread> {
    let broken = || Failure::Fault("broken row in a list".to_string());
    let name = |cell: Option<&Cell>| cell.and_then(Cell::text).and_then(Name::new);
    let mut at = FIXED.len() + frame.terms.len();
    let mut values = Vec::with_capacity(frame.columns.len());
    for (stored, columns) in &frame.columns {
        let cells = row.get(at..at + columns.len()).ok_or_else(broken)?;
        values.push(codec::decode(stored, cells)?);
        at += columns.len();
    }
    let record = Record {
        key: row.first().and_then(Cell::integer).map(Key).ok_or_else(broken)?,
        record_type: name(row.get(1)).ok_or_else(broken)?,
        number: row.get(2).and_then(Cell::integer),
        version: row.get(3).and_then(Cell::integer).ok_or_else(broken)?,
        state: name(row.get(4)),
        values,
    };
    let cells = row.into_iter().skip(FIXED.len()).zip(&frame.terms);
    let cells = cells.map(|(cell, term)| term.typed(cell)).collect();
    Ok(Placed { place: Position { cells, key: record.key }, record })
}
