//! Signature first; see the function.

use super::{Select, Unread};
use crate::database::Snapshot;
use crate::sql::Context;
use model::expression::Node;
use model::{Name, Value};

/// Into which groups the records of a figure fall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// One group for each value of this field.
    pub by: Option<Name>,
    pub periods: Option<Periods>,
}

/// Records in periods by an instant or date of theirs. Who asks gives the boundaries, since a
/// month begins at another instant in each time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods {
    pub at: Name,
    /// Ascending, in the unit of the field: microseconds, or days where it is a date. Period `n`
    /// is from boundary `n` until just before `n + 1`; records outside all are left out.
    pub boundaries: Vec<i64>,
}

/// The period (none where there are none) and the value of the field that groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    pub period: Option<usize>,
    pub by: Value,
}

/// The records of one group, and those of them for which the share's condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub group: Group,
    pub records: i64,
    pub holding: i64,
}

/// Counts the records of each group that has any, and with `share` those it holds for.
///
/// # Errors
/// [`Unread`].
pub fn aggregate(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _grouping: &Grouping,
    _share: Option<&Node>,
) -> Result<Vec<Tally>, Unread> {
    Err(Unread::Cursor)
}
