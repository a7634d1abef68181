//! Lists in an order that no index gives. A short one is read whole, keys and values to sort by
//! only, and sorted here: one walk over what the filter leaves. A longer one the database sorts,
//! within a budget of records.

use super::by_title::by_title;
use super::count::at_most;
use super::cursor::Position;
use super::merge::order;
use super::page::{Start, by_branches, in_turn};
use super::row::Placed;
use super::statement::{Frame, Sql};
use super::{SORTED_AS_OF, SORTED_AT_MOST, Unread};
use crate::cell::{Cell, Row};
use crate::database::{Failure, Snapshot};
use crate::sql::{Fragment, Truth, source};
use model::Key;

/// A list of no more records is short.
const SHORT: usize = 5_000;

/// The rows of a page, and whether an index gave the order after all.
///
/// # Errors
/// [`Unread`]; [`Unread::Slow`] above the budget.
pub(super) fn sorted(
    snapshot: &Snapshot,
    start: &Start,
    limit: usize,
) -> Result<(Vec<Placed>, bool), Unread> {
    let (frame, after) = (&start.frame, start.after.as_ref());
    if let Some(by_title) = by_title(frame, after, limit)
        && at_most(snapshot, frame, SHORT + 1)? > SHORT
    {
        return Ok((by_branches(snapshot, frame, &by_title, limit)?, true));
    }
    if let Some(places) = short(snapshot, frame)? {
        return Ok((from_places(snapshot, frame, places, after, limit)?, false));
    }
    within_budget(snapshot, frame)?;
    let sql = frame.sorting(after, limit);
    Ok((in_turn(snapshot, frame, &[sql], limit)?, false))
}

/// The statement that sorts all of a long list; `None` where another way is better.
///
/// # Errors
/// [`Unread::Slow`] above the budget.
pub(super) fn long_sorted(snapshot: &Snapshot, frame: &Frame) -> Result<Option<Sql>, Unread> {
    if by_title(frame, None, 1).is_some() || at_most(snapshot, frame, SHORT + 1)? <= SHORT {
        return Ok(None);
    }
    within_budget(snapshot, frame)?;
    Ok(Some(frame.sorting(None, SORTED_AS_OF)))
}

fn within_budget(snapshot: &Snapshot, frame: &Frame) -> Result<(), Unread> {
    let budget = if frame.ground.as_of.is_some() { SORTED_AS_OF } else { SORTED_AT_MOST };
    if at_most(snapshot, frame, budget + 1)? > budget {
        return Err(Unread::Slow { sorted_at_most: budget });
    }
    Ok(())
}

/// The places of all records of the list; `None` where there are more than [`SHORT`].
fn short(snapshot: &Snapshot, frame: &Frame) -> Result<Option<Vec<Position>>, Unread> {
    let mut wanted = vec![frame.ground.column("key")];
    wanted.extend(frame.terms.iter().map(|term| term.sql.clone()));
    let most = frame.ground.bind(i64::try_from(SHORT + 1).unwrap_or(i64::MAX));
    let whole = Fragment::of(
        "SELECT {} FROM {} WHERE {} LIMIT {}",
        &[&Fragment::join(&wanted, ", "), &source(&frame.ground), &frame.condition().sql, &most],
    );
    let (sql, cells) = whole.finish();
    let rows = snapshot.rows(&sql, &cells)?;
    if rows.len() > SHORT {
        return Ok(None);
    }
    rows.into_iter().map(|row| place(frame, row)).collect::<Result<_, _>>().map(Some)
}

fn place(frame: &Frame, row: Row) -> Result<Position, Unread> {
    let broken = || Failure::Fault("broken row in a list".to_string());
    let key = row.first().and_then(Cell::integer).map(Key).ok_or_else(broken)?;
    let cells = row.into_iter().skip(1).zip(&frame.terms).map(|(cell, term)| term.typed(cell));
    Ok(Position { cells: cells.collect(), key })
}

/// The records at the first places after a position.
fn from_places(
    snapshot: &Snapshot,
    frame: &Frame,
    mut places: Vec<Position>,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<Placed>, Unread> {
    if let Some(after) = after {
        places.retain(|place| order(frame, place, after).is_gt());
    }
    places.sort_by(|a, b| order(frame, a, b));
    places.truncate(limit);
    let mut found = Vec::with_capacity(places.len());
    let from = source(&frame.ground);
    for some in places.chunks(500) {
        let keys: Vec<Fragment> = some.iter().map(|place| frame.ground.bind(place.key.0)).collect();
        let listed = [&frame.ground.column("key"), &Fragment::join(&keys, ", ")];
        let on = Truth::certain(Fragment::of("{} IN ({})", &listed));
        let key = frame.ground.column("key");
        let sql = frame.statement(&from, &frame.terms, on, &[key], some.len());
        found.extend(in_turn(snapshot, frame, &[sql], some.len())?);
    }
    found.sort_by(|a, b| order(frame, &a.place, &b.place));
    Ok(found)
}
