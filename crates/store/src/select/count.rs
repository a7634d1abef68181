//! Counts, bounded: nobody needs to wait for the exact number of a million.

use super::statement::Frame;
use super::{Select, Unread};
use crate::cell::Cell;
use crate::database::Snapshot;
use crate::sql::{Context, Fragment, source};

/// How many records a list has, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(usize),
    /// There are more than the limit, which is given here.
    AtLeast(usize),
}

/// Counts the records of a list, but never further than `limit`.
///
/// # Errors
/// [`Unread`].
pub fn count(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    limit: usize,
) -> Result<Count, Unread> {
    let bare = Select { sort: Vec::new(), columns: Vec::new(), ..select.clone() };
    let frame = Frame::new(context, &bare)?;
    if frame.is_empty() {
        return Ok(Count::Exactly(0));
    }
    let found = at_most(snapshot, &frame, limit.saturating_add(1))?;
    Ok(if found > limit { Count::AtLeast(limit) } else { Count::Exactly(found) })
}

/// The number of records, no more than `limit`.
pub(super) fn at_most(snapshot: &Snapshot, frame: &Frame, limit: usize) -> Result<usize, Unread> {
    let limit = frame.ground.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let whole = Fragment::of(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {}) AS counted",
        &[&source(&frame.ground), &frame.condition().sql, &limit],
    );
    let (sql, cells) = whole.finish();
    let rows = snapshot.rows(&sql, &cells)?;
    let count = rows.first().and_then(|row| row.first()).and_then(Cell::integer);
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0))
}
