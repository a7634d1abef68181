//! A row's cells one after the other, as what the columns are declared to hold. For the core
//! tables only; rows of records go through `codec`.

use crate::cell::{Cell, Row};
use crate::database::{Failure, Read};
use model::Name;
use std::sync::Arc;

/// The cells of one row, taken in order.
pub(crate) struct Reading(std::vec::IntoIter<Cell>);

impl Reading {
    pub(crate) fn new(row: Row) -> Reading {
        Reading(row.into_iter())
    }

    fn next(&mut self) -> Cell {
        self.0.next().unwrap_or_default()
    }

    pub(crate) fn integer(&mut self) -> Result<i64, Failure> {
        self.some_integer().ok_or_else(|| broken("an integer"))
    }

    pub(crate) fn some_integer(&mut self) -> Option<i64> {
        self.next().integer()
    }

    pub(crate) fn boolean(&mut self) -> bool {
        self.next().boolean()
    }

    pub(crate) fn text(&mut self) -> Result<Arc<str>, Failure> {
        self.some_text().ok_or_else(|| broken("a text"))
    }

    pub(crate) fn some_text(&mut self) -> Option<Arc<str>> {
        match self.next() {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<Arc<[u8]>, Failure> {
        match self.next() {
            Cell::Blob(bytes) => Ok(bytes),
            _ => Err(broken("bytes")),
        }
    }

    pub(crate) fn name(&mut self) -> Result<Name, Failure> {
        Name::new(&self.text()?).ok_or_else(|| broken("a name"))
    }

    /// Exactly so many bytes: a hash, an id.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        self.bytes()?.as_ref().try_into().map_err(|_| broken("bytes of another length"))
    }

    pub(crate) fn some_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.next().blob()?.try_into().ok()
    }
}

fn broken(wanted: &str) -> Failure {
    Failure::Fault(format!("a row of a core table holds something else than {wanted}"))
}

/// The number that a `SELECT count(*)` gives.
///
/// # Errors
/// [`Failure`].
pub(crate) fn count(read: &dyn Read, sql: &str, cells: &[Cell]) -> Result<i64, Failure> {
    let rows = read.rows(sql, cells)?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

/// `?1, ?2, ..` for so many cells.
pub(crate) fn places(count: usize) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(count * 5);
    crate::database::unit::join(&mut text, 1..=count, ", ", |text, place| {
        let _ = write!(text, "?{place}");
    });
    text
}
