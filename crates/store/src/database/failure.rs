//! Why a read or write did not happen: one closed list for both databases. How a driver's error
//! becomes one of these is told in `sqlite/errors` and `postgres/errors`.

use std::fmt;

/// Why a read or write did not happen. Nothing of a unit is written unless it is
/// [`Failure::Unknown`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The statement at this place changed another number of rows than expected.
    Conflict { statement: usize },
    /// A unique index refused a value: the name of the index. A primary key is `TABLE_pkey`.
    Duplicate { index: String },
    /// The database cannot take more: disk full, read only.
    Full,
    /// Not reachable now, or too busy to begin; nothing was written.
    Unavailable(String),
    /// The connection was lost while committing: written or not, nobody knows.
    Unknown,
    /// Took longer, or gave more rows, than its limit and was stopped.
    TooLong,
    /// A bug or a broken database.
    Fault(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Conflict { statement } => {
                write!(out, "statement {statement} of the unit met other rows than it expected")
            }
            Failure::Duplicate { index } => write!(out, "`{index}` holds this value already"),
            Failure::Full => out.write_str("the database is full or read only"),
            Failure::Unavailable(why) => write!(out, "the database cannot be reached: {why}"),
            Failure::Unknown => out.write_str("the connection was lost while committing"),
            Failure::TooLong => out.write_str("the read took longer than its limit"),
            Failure::Fault(why) => write!(out, "the database failed: {why}"),
        }
    }
}

impl std::error::Error for Failure {}
