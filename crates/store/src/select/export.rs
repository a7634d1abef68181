//! Signature first; see the function.

use super::{Group, Grouping, Record, Select, Unread};
use crate::database::Snapshot;
use crate::sql::Context;
use model::Key;
use model::expression::Node;
use std::ops::ControlFlow;

/// Goes through all rows of a list in its order, in constant memory, until `take` breaks.
///
/// # Errors
/// [`Unread`].
pub fn each(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _take: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<(), Unread> {
    Err(Unread::Cursor)
}

/// Goes through the numbers that `value` gives for the records of a list, in the order of their
/// keys; records where it is unset are left out. In the unit of the number, as
/// [`super::Distribution`].
///
/// # Errors
/// [`Unread`].
pub fn values(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _grouping: &Grouping,
    _value: &Node,
    _take: &mut dyn FnMut(Key, Group, i64) -> ControlFlow<()>,
) -> Result<(), Unread> {
    Err(Unread::Cursor)
}
