//! Snapshots: several reads of one state, each within its limit.

use super::failure::Failure;
use super::options::Limit;
use super::postgres;
use super::sqlite::Reading;
use crate::cell::{Cell, Row};
use std::ops::ControlFlow;

/// What rows can be asked of: a [`Snapshot`], or the [`crate::Database`] for a read on its own.
pub trait Read {
    /// # Errors
    /// [`Failure`].
    fn rows(&self, sql: &str, cells: &[Cell]) -> Result<Vec<Row>, Failure>;
}

impl Read for Snapshot {
    fn rows(&self, sql: &str, cells: &[Cell]) -> Result<Vec<Row>, Failure> {
        Snapshot::rows(self, sql, cells)
    }
}

impl Read for crate::Database {
    fn rows(&self, sql: &str, cells: &[Cell]) -> Result<Vec<Row>, Failure> {
        crate::Database::rows(self, sql, cells)
    }
}

/// A consistent view for several reads. It holds a connection and, in both databases, keeps old
/// rows from being tidied away: drop it soon.
pub struct Snapshot {
    rows: Rows,
    limit: Limit,
}

/// What gives the rows.
pub(super) enum Rows {
    Sqlite(Reading),
    Postgres(Box<postgres::Snapshot>),
}

impl Snapshot {
    pub(super) fn new(rows: Rows, limit: Limit) -> Snapshot {
        Snapshot { rows, limit }
    }

    /// The same view with another limit for each read from here on.
    #[must_use]
    pub fn within(self, limit: Limit) -> Snapshot {
        Snapshot { limit, ..self }
    }

    /// # Errors
    /// [`Failure`]; [`Failure::TooLong`] where the read passed its limit of time or rows.
    pub fn rows(&self, sql: &str, cells: &[Cell]) -> Result<Vec<Row>, Failure> {
        match &self.rows {
            Rows::Sqlite(reading) => {
                let time = Some(self.limit.time);
                collect(self.limit.rows, |take| reading.each(sql, cells, time, take))
            }
            Rows::Postgres(snapshot) => {
                let mut all = snapshot.many(&[(sql, cells)], self.limit.time)?;
                at_most(self.limit.rows, all.pop().unwrap_or_default())
            }
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn row(&self, sql: &str, cells: &[Cell]) -> Result<Option<Row>, Failure> {
        Ok(self.rows(sql, cells)?.into_iter().next())
    }

    /// Several reads at once: one round trip to PostgreSQL for all of them.
    ///
    /// # Errors
    /// That of the first that fails.
    pub fn many(&self, reads: &[(&str, &[Cell])]) -> Result<Vec<Vec<Row>>, Failure> {
        match &self.rows {
            Rows::Sqlite(_) => reads.iter().map(|(sql, cells)| self.rows(sql, cells)).collect(),
            Rows::Postgres(snapshot) => {
                let all = snapshot.many(reads, self.limit.time)?;
                all.into_iter().map(|rows| at_most(self.limit.rows, rows)).collect()
            }
        }
    }

    /// Rows one at a time, in constant memory and without a limit of time, until there are no
    /// more or the caller has enough.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn each(
        &self,
        sql: &str,
        cells: &[Cell],
        take: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        match &self.rows {
            Rows::Sqlite(reading) => reading.each(sql, cells, None, take),
            Rows::Postgres(snapshot) => snapshot.each(sql, cells, take),
        }
    }
}

/// All rows of a read, or [`Failure::TooLong`] where there are more than the limit.
pub(super) fn collect(
    most: usize,
    read: impl FnOnce(&mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<(), Failure>,
) -> Result<Vec<Row>, Failure> {
    let (mut rows, mut over) = (Vec::new(), false);
    read(&mut |row| {
        over = rows.len() == most;
        if over {
            return ControlFlow::Break(());
        }
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    if over { Err(Failure::TooLong) } else { Ok(rows) }
}

pub(super) fn at_most(most: usize, rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
    if rows.len() > most { Err(Failure::TooLong) } else { Ok(rows) }
}
