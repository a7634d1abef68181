//! Signature first; see the function.

use super::{Page, Place, Select, Unread};
use crate::database::Snapshot;
use crate::sql::Context;

/// Reads one page of at most `limit` rows (and never above [`super::MOST`]).
///
/// # Errors
/// [`Unread`].
pub fn page(
    _snapshot: &Snapshot,
    _context: &Context,
    _select: &Select,
    _place: &Place,
    _limit: usize,
) -> Result<Page, Unread> {
    Err(Unread::Cursor)
}
