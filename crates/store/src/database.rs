//! One interface to two databases: open, read from a snapshot, write a unit.

use crate::cell::{Cell, Row};
use std::sync::Arc;

/// A connection to SQLite (a file) or PostgreSQL (a pool), cheap to clone.
#[derive(Clone)]
pub struct Database;

/// SQL with `?1 ..` placeholders, its arguments and, where it matters, how many rows it must change.
#[derive(Debug, Clone)]
pub struct Statement {
    pub sql: Arc<str>,
    pub cells: Row,
    pub expect: Option<u64>,
}

/// Statements that are written all or none.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    pub statements: Vec<Statement>,
}

/// Why a read or write did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The statement at this place changed another number of rows than expected.
    Conflict { statement: usize },
    /// A unique index refused a value: its name and the columns where known.
    Duplicate { index: String },
    /// The database cannot take more: disk full, read only.
    Full,
    /// Not reachable now; nothing was written.
    Unavailable(String),
    /// The connection was lost while committing: written or not, nobody knows.
    Unknown,
    /// Took longer than its limit and was stopped.
    TooLong,
    /// A bug or a broken database.
    Fault(String),
}

/// A consistent view for several reads.
pub struct Snapshot;

impl Database {
    /// Blocks until the unit is durable.
    ///
    /// # Errors
    /// [`Failure`]; nothing of the unit is written unless it is [`Failure::Unknown`].
    pub fn write(&self, _unit: Unit) -> Result<(), Failure> {
        Err(Failure::Unknown)
    }

    /// # Errors
    /// Where the database cannot be reached.
    pub fn snapshot(&self) -> Result<Snapshot, Failure> {
        Err(Failure::Unknown)
    }
}

impl Snapshot {
    /// # Errors
    /// [`Failure`].
    pub fn rows(&self, _sql: &str, _cells: &[Cell]) -> Result<Vec<Row>, Failure> {
        Err(Failure::Unknown)
    }
}
