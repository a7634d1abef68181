//! Signature first; see the function.

use super::{Select, Unread};
use crate::database::Snapshot;
use crate::sql::Context;

/// How many records a list has, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(usize),
    /// The limit was reached.
    AtLeast(usize),
}

/// Counts the records of a list, but never further than `limit`.
///
/// # Errors
/// [`Unread`].
pub fn count(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _limit: usize,
) -> Result<Count, Unread> {
    Err(Unread::Cursor)
}
