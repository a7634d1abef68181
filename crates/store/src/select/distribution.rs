//! Signature first; see the function.

use super::{Group, Grouping, Select, Unread};
use crate::database::Snapshot;
use crate::sql::Context;
use model::expression::Node;

/// How a number is distributed over the records of a group that have it set. In the unit of the
/// number: microseconds of a duration, units of a decimal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    pub count: i64,
    pub mean: f64,
    pub median: f64,
    /// The 90th percentile, between two values linearly interpolated.
    pub p90: f64,
    pub max: i64,
}

/// The distribution of the number `value` in each group that has any.
///
/// # Errors
/// [`Unread`]; [`Unread::Unanswerable`] where the value is no number or duration.
pub fn distribution(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _grouping: &Grouping,
    _value: &Node,
) -> Result<Vec<(Group, Distribution)>, Unread> {
    Err(Unread::Cursor)
}
