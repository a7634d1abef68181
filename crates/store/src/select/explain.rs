//! How the database goes about a list: for reviews and tests, so that an index that is no longer
//! used is seen before anybody waits.

use super::by_title::by_title;
use super::page::{Start, Way, way};
use super::{Place, Select, Unread, cursor};
use crate::cell::{Cell, Row};
use crate::database::Snapshot;
use crate::sql::{Context, Dialect};

/// One statement of a list and how the database would run it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    pub sql: String,
    pub cells: Row,
    /// As the database words it, indented by depth.
    pub plan: Vec<String>,
}

/// The statements of a page with their cells: for each branch those that are run until it is full;
/// where no index gives the order, that which sorts a long list, and those that read it by title.
///
/// # Errors
/// [`Unread`].
pub fn statements(
    context: &Context,
    select: &Select,
    place: &Place,
    limit: usize,
) -> Result<Vec<(String, Row)>, Unread> {
    let start = Start::new(context, select, place, &cursor::mark(select))?;
    if start.frame.is_empty() {
        return Ok(Vec::new());
    }
    Ok(match way(&start, limit.saturating_add(1)) {
        Way::ByIndex(branches) => branches.concat(),
        Way::Sorting => {
            let (after, limit) = (start.after.as_ref(), limit.saturating_add(1));
            let by_title = by_title(&start.frame, after, limit).unwrap_or_default();
            [vec![start.frame.sorting(after, limit)], by_title.concat()].concat()
        }
    })
}

/// The statements that a page may run, each with the database's plan.
///
/// # Errors
/// [`Unread`].
pub fn explain(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    place: &Place,
    limit: usize,
) -> Result<Vec<Explained>, Unread> {
    let mut all = Vec::new();
    for (sql, cells) in statements(context, select, place, limit)? {
        let plan = match context.dialect {
            Dialect::Sqlite => {
                sqlite_plan(&snapshot.rows(&format!("EXPLAIN QUERY PLAN {sql}"), &cells)?)
            }
            Dialect::Postgres => {
                let rows = snapshot.rows(&format!("EXPLAIN {sql}"), &cells)?;
                rows.iter().filter_map(|row| row.first()?.text().map(String::from)).collect()
            }
        };
        all.push(Explained { sql, cells, plan });
    }
    Ok(all)
}

/// Rows of id, parent, a number without meaning, and the text.
fn sqlite_plan(rows: &[Row]) -> Vec<String> {
    let mut depths: Vec<(i64, usize)> = vec![(0, 0)];
    let mut lines = Vec::new();
    for row in rows {
        let number = |place: usize| row.get(place).and_then(Cell::integer).unwrap_or(0);
        let parent = depths.iter().find(|(id, _)| *id == number(1));
        let depth = parent.map_or(0, |(_, depth)| *depth);
        depths.push((number(0), depth + 1));
        let text = row.get(3).and_then(Cell::text).unwrap_or_default();
        lines.push(format!("{}{text}", "  ".repeat(depth)));
    }
    lines
}
