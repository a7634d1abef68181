//! All rows of a list, a page after another: constant memory however long the list is.

use super::{MOST, Page, Place, Record, Select, Unread, page};
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
