//! One page of a list: by index, a branch and a segment at a time, or sorted within a budget.

use super::count::at_most;
use super::cursor::{self, Position};
use super::merge::merge;
use super::row::{self, Placed};
use super::statement::{Frame, Sql};
use super::{MOST, Page, Place, SORTED_AS_OF, SORTED_AT_MOST, Select, Unread};
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
    let cursor = |placed: Option<&Placed>| placed.map(|placed| cursor::write(&mark, placed));
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

/// The statements of each branch in turn, or the one that sorts.
pub(super) enum Way {
    ByIndex(Vec<Vec<Sql>>),
    Sorting(Sql),
}

pub(super) fn way(start: &Start, limit: usize) -> Way {
    let branches = start.frame.branches();
    if branches.iter().all(|branch| branch.fit.sorted) {
        let after = start.after.as_ref();
        let each = branches.iter().map(|branch| start.frame.by_index(branch, after, limit));
        Way::ByIndex(each.collect())
    } else {
        Way::Sorting(start.frame.sorting(start.after.as_ref(), limit))
    }
}

fn rows(snapshot: &Snapshot, start: &Start, limit: usize) -> Result<(Vec<Placed>, bool), Unread> {
    let frame = &start.frame;
    if frame.is_empty() {
        return Ok((Vec::new(), true));
    }
    match way(start, limit) {
        Way::ByIndex(branches) => {
            let each = branches.iter().map(|sqls| in_turn(snapshot, frame, sqls, limit));
            let each = each.collect::<Result<Vec<_>, _>>()?;
            Ok((merge(frame, each, limit), true))
        }
        Way::Sorting(sql) => {
            let budget = if frame.ground.as_of.is_some() { SORTED_AS_OF } else { SORTED_AT_MOST };
            if at_most(snapshot, frame, budget + 1)? > budget {
                return Err(Unread::Slow { sorted_at_most: budget });
            }
            Ok((in_turn(snapshot, frame, &[sql], limit)?, false))
        }
    }
}

/// Runs the statements until there are enough rows.
fn in_turn(
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
