//! All rows of a list in constant memory, however long it is: a page after another where an index
//! gives the order, in one stream where the database sorts.

use super::page::{Start, Way, way};
use super::sorting::long_sorted;
use super::{MOST, Page, Place, Record, Select, Unread, cursor, page, row};
use crate::database::Snapshot;
use crate::sql::Context;
use std::ops::ControlFlow;

/// Goes through all rows of a list in its order until `take` breaks.
///
/// # Errors
/// [`Unread`].
pub fn each(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    take: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<(), Unread> {
    let start = Start::new(context, select, &Place::Start, &cursor::mark(select))?;
    if !start.frame.is_empty()
        && matches!(way(&start, MOST), Way::Sorting)
        && let Some((sql, cells)) = long_sorted(snapshot, &start.frame)?
    {
        return stream(snapshot, &start, &sql, &cells, take);
    }
    by_pages(snapshot, context, select, take)
}

fn by_pages(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    take: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<(), Unread> {
    let mut place = Place::Start;
    loop {
        let Page { rows, after, .. } = page(snapshot, context, select, &place, MOST)?;
        for row in rows {
            if take(row).is_break() {
                return Ok(());
            }
        }
        match after {
            Some(after) => place = Place::After(after),
            None => return Ok(()),
        }
    }
}

fn stream(
    snapshot: &Snapshot,
    start: &Start,
    sql: &str,
    cells: &[crate::cell::Cell],
    take: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<(), Unread> {
    let mut broken = None;
    snapshot.each(sql, cells, &mut |row| match row::read(&start.frame, row) {
        Ok(placed) => take(placed.record),
        Err(unread) => {
            broken = Some(unread);
            ControlFlow::Break(())
        }
    })?;
    broken.map_or(Ok(()), Err)
}
