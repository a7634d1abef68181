//! One page of a list: by index, a branch and a segment at a time, or sorted (see
//! `sorting`).

use super::cursor::{self, Position};
use super::merge::merge;
use super::row::{self, Placed};
use super::sorting::sorted;
use super::statement::{Frame, Sql};
use super::{MOST, Page, Place, Select, Unread};
use crate::cell::Cell;
use crate::database::Snapshot;
use crate::sql::Context;

/// Reads one page of at most `limit` rows (and never above [`MOST`]).
///
/// # Errors
/// [`Unread`].
pub fn page(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    place: &Place,
    limit: usize,
) -> Result<Page, Unread> {
    let limit = limit.clamp(1, MOST);
    let mark = cursor::mark(select);
    let start = Start::new(context, select, place, &mark)?;
    let (mut rows, sorted_by_index) = rows(snapshot, &start, limit + 1)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    if start.backward {
        rows.reverse();
    }
    let cursor = |placed: Option<&Placed>| placed.map(|placed| cursor::write(&mark, &placed.place));
    let came = start.after.is_some();
    let (before, after) = if start.backward { (more, came) } else { (came, more) };
    Ok(Page {
        before: cursor(rows.first()).filter(|_| before),
        after: cursor(rows.last()).filter(|_| after),
        rows: rows.into_iter().map(|placed| placed.record).collect(),
        sorted_by_index,
    })
}

/// A list with the place to read it from.
pub(super) struct Start<'a> {
    pub frame: Frame<'a>,
    pub after: Option<Position>,
    /// Read towards the beginning.
    pub backward: bool,
}

impl<'a> Start<'a> {
    pub fn new(
        context: &Context<'a>,
        select: &Select<'a>,
        place: &Place,
        mark: &str,
    ) -> Result<Start<'a>, Unread> {
        let frame = Frame::new(context, select)?;
        let (text, backward) = match place {
            Place::Start => (None, false),
            Place::After(cursor) => (Some(cursor), false),
            Place::Before(cursor) => (Some(cursor), true),
            Place::End => (None, true),
        };
        let after = text.map(|text| cursor::read(text, mark, &frame.terms)).transpose()?;
        let frame = if backward { frame.reversed() } else { frame };
        Ok(Start { frame, after, backward })
    }
}

/// How a list is read.
pub(super) enum Way {
    /// The statements of each branch, in turn.
    ByIndex(Vec<Vec<Sql>>),
    /// No index gives the order.
    Sorting,
}

pub(super) fn way(start: &Start, limit: usize) -> Way {
    let after = start.after.as_ref();
    let branches = start.frame.branches();
    if branches.iter().all(|branch| branch.fit.sorted) {
        let each = branches.iter().map(|branch| start.frame.by_index(branch, after, limit));
        Way::ByIndex(each.collect())
    } else {
        Way::Sorting
    }
}

fn rows(snapshot: &Snapshot, start: &Start, limit: usize) -> Result<(Vec<Placed>, bool), Unread> {
    let frame = &start.frame;
    if frame.is_empty() {
        return Ok((Vec::new(), true));
    }
    match way(start, limit) {
        Way::ByIndex(branches) => Ok((by_branches(snapshot, frame, &branches, limit)?, true)),
        Way::Sorting => sorted(snapshot, start, limit),
    }
}

/// Runs the statements of the branches, the next one of each at once, until each has enough rows.
///
/// # Errors
/// [`Unread`].
pub(super) fn by_branches(
    snapshot: &Snapshot,
    frame: &Frame,
    branches: &[Vec<Sql>],
    limit: usize,
) -> Result<Vec<Placed>, Unread> {
    let mut rows: Vec<Vec<Placed>> = vec![Vec::new(); branches.len()];
    let rounds = branches.iter().map(Vec::len).max().unwrap_or(0);
    for round in 0..rounds {
        let is_open = |place: &usize| rows[*place].len() < limit && branches[*place].len() > round;
        let open: Vec<usize> = (0..branches.len()).filter(is_open).collect();
        let next = |place: &usize| -> (&str, &[Cell]) {
            let (sql, cells) = &branches[*place][round];
            (sql, cells)
        };
        let reads: Vec<(&str, &[Cell])> = open.iter().map(next).collect();
        for (place, found) in open.into_iter().zip(snapshot.many(&reads)?) {
            for row in found {
                rows[place].push(row::read(frame, row)?);
            }
        }
    }
    Ok(merge(frame, rows, limit))
}

/// Runs the statements until there are enough rows.
pub(super) fn in_turn(
    snapshot: &Snapshot,
    frame: &Frame,
    sqls: &[Sql],
    limit: usize,
) -> Result<Vec<Placed>, Unread> {
    let mut rows = Vec::new();
    for (sql, cells) in sqls {
        for row in snapshot.rows(sql, cells)? {
            rows.push(row::read(frame, row)?);
        }
        if rows.len() >= limit {
            break;
        }
    }
    rows.truncate(limit);
    Ok(rows)
}
