//! Counts and shares of a measure, by group, in one statement.

use super::group::{Group, Grouped, Grouping, condition};
use super::statement::Frame;
use super::{Select, Unread};
use crate::cell::Cell;
use crate::database::Snapshot;
use crate::sql::{self, Context, Fragment};
use model::expression::Node;

/// The records of one group, and those of them for which the share's condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub group: Group,
    pub records: i64,
    pub holding: i64,
}

/// Counts the records of each group that has any, and with `share` those it holds for; 0 without.
/// The groups come in no order.
///
/// # Errors
/// [`Unread`].
pub fn aggregate(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    grouping: &Grouping,
    share: Option<&Node>,
) -> Result<Vec<Tally>, Unread> {
    let bare = Select { sort: Vec::new(), columns: Vec::new(), ..select.clone() };
    let frame = Frame::new(context, &bare)?;
    if frame.is_empty() {
        return Ok(Vec::new());
    }
    let grouped = Grouped::new(&frame.ground, grouping)?;
    let share = match share {
        Some(share) => sql::condition(&frame.ground, share)?,
        None => Fragment::raw("FALSE"),
    };
    let whole = Fragment::of(
        "SELECT {}COUNT(*), COUNT(CASE WHEN {} THEN 1 END) FROM {} WHERE {}",
        &[&grouped.named(), &share, &sql::source(&frame.ground), &condition(&frame, &grouped)],
    );
    let (mut sql, cells) = whole.finish();
    if !grouped.cells.is_empty() {
        let places: Vec<String> = (1..=grouped.cells.len()).map(|n| n.to_string()).collect();
        sql.push_str(&format!(" GROUP BY {}", places.join(", ")));
    }
    let mut tallies = Vec::new();
    for row in snapshot.rows(&sql, &cells)? {
        let (group, rest) = grouped.read(&row)?;
        let number = |place: usize| rest.get(place).and_then(Cell::integer).unwrap_or(0);
        tallies.push(Tally { group, records: number(0), holding: number(1) });
    }
    tallies.retain(|tally| tally.records > 0);
    Ok(tallies)
}
