//! How a number is distributed: count, mean, median, 90th percentile, maximum, by group, in one
//! statement. The database gives whole numbers; the division is done here, so that both databases
//! give the same.

use super::group::{Group, Grouped, Grouping, condition, number};
use super::statement::Frame;
use super::{Select, Unread};
use crate::cell::{Cell, Row};
use crate::database::Snapshot;
use crate::sql::{self, Context, Fragment};
use model::Key;
use model::expression::Node;
use std::ops::ControlFlow;

/// How a number is distributed over the records of a group that have it set. In the unit of the
/// number: microseconds of a duration, units of a decimal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    pub count: i64,
    pub mean: f64,
    pub median: f64,
    /// The 90th percentile, between two values linearly interpolated (as numpy and pandas).
    pub p90: f64,
    pub max: i64,
}

/// The distribution of the number `value` in each group that has any, in no order.
///
/// # Errors
/// [`Unread`]; [`Unread::Unanswerable`] where the value is no number or duration.
pub fn distribution(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    grouping: &Grouping,
    value: &Node,
) -> Result<Vec<(Group, Distribution)>, Unread> {
    let Some((inner, grouped)) = numbers(context, select, grouping, value)? else {
        return Ok(Vec::new());
    };
    let (sql, cells) = ranked(&inner, &grouped.names()).finish();
    let mut all = Vec::new();
    for row in snapshot.rows(&sql, &cells)? {
        let (group, rest) = grouped.read(&row)?;
        let rest: Vec<Option<i64>> = rest.iter().map(Cell::integer).collect();
        all.extend(read(&rest).map(|distribution| (group, distribution)));
    }
    Ok(all)
}

/// Goes through the numbers that `value` gives for the records of a list, in the order of their
/// keys and in constant memory, until `take` breaks; records where it is unset are left out. In
/// the unit of the number, as [`Distribution`].
///
/// # Errors
/// [`Unread`]; [`Unread::Unanswerable`] where the value is no number or duration.
pub fn values(
    snapshot: &Snapshot,
    context: &Context,
    select: &Select,
    grouping: &Grouping,
    value: &Node,
    take: &mut dyn FnMut(Key, Group, i64) -> ControlFlow<()>,
) -> Result<(), Unread> {
    let Some((inner, grouped)) = numbers(context, select, grouping, value)? else {
        return Ok(());
    };
    let names: String = grouped.names().iter().map(|name| format!("{name}, ")).collect();
    let template =
        format!("SELECT {names}n, k FROM ({{}}) AS numbers WHERE n IS NOT NULL ORDER BY k");
    let (sql, cells) = Fragment::of(&template, &[&inner]).finish();
    let mut fault = None;
    snapshot.each(&sql, &cells, &mut |row: Row| match grouped.read(&row) {
        Ok((group, [Cell::Integer(n), Cell::Integer(key)])) => take(Key(*key), group, *n),
        Ok(_) => ControlFlow::Continue(()),
        Err(unread) => {
            fault = Some(unread);
            ControlFlow::Break(())
        }
    })?;
    fault.map_or(Ok(()), Err)
}

/// The number of each record with its groups, as a query; `None` where there is none.
fn numbers(
    context: &Context,
    select: &Select,
    grouping: &Grouping,
    value: &Node,
) -> Result<Option<(Fragment, Numbers)>, Unread> {
    let bare = Select { sort: Vec::new(), columns: Vec::new(), ..select.clone() };
    let frame = Frame::new(context, &bare)?;
    let grouped = Grouped::new(&frame.ground, grouping)?;
    let Some(number) = number(&frame.ground, value)?.filter(|_| !frame.is_empty()) else {
        return Ok(None);
    };
    let inner = Fragment::of(
        "SELECT {}{} AS n, {} AS k FROM {} WHERE {}",
        &[
            &grouped.named(),
            &number,
            &frame.ground.column("key"),
            &sql::source(&frame.ground),
            &condition(&frame, &grouped),
        ],
    );
    Ok(Some((inner, grouped)))
}

type Numbers = Grouped;

/// Per group: how many, the sum in two parts (so that it does not overflow), the largest, and the
/// values beside the median and the 90th percentile.
fn ranked(inner: &Fragment, names: &[String]) -> Fragment {
    let groups: String = names.iter().map(|name| format!("{name}, ")).collect();
    let partition = match names {
        [] => String::new(),
        names => format!("PARTITION BY {} ", names.join(", ")),
    };
    let template = format!(
        "SELECT {groups}total, CAST(SUM(n / {MILLION}) AS BIGINT), \
         CAST(SUM(n % {MILLION}) AS BIGINT), MAX(n), \
         MAX(CASE WHEN place = (total - 1) / 2 THEN n END), \
         MAX(CASE WHEN place = total / 2 THEN n END), \
         MAX(CASE WHEN place = 9 * (total - 1) / 10 THEN n END), \
         MAX(CASE WHEN place = 9 * (total - 1) / 10 + 1 THEN n END) \
         FROM (SELECT {groups}n, ROW_NUMBER() OVER ({partition}ORDER BY n) - 1 AS place, \
         COUNT(*) OVER ({partition}) AS total \
         FROM ({{}}) AS numbers WHERE n IS NOT NULL) AS ranked GROUP BY {groups}total"
    );
    Fragment::of(&template, &[inner])
}

const MILLION: i128 = 1_000_000;

fn read(row: &[Option<i64>]) -> Option<Distribution> {
    let [count, millions, rest, max, median, median_next, p90, p90_next] = *row else {
        return None;
    };
    let (count, max) = (count?, max?);
    let sum = i128::from(millions?) * MILLION + i128::from(rest?);
    let tenths = 9 * (count - 1) % 10;
    Some(Distribution {
        count,
        mean: sum as f64 / count as f64,
        median: between(median?, median_next?, 0.5),
        p90: between(p90?, p90_next.unwrap_or(p90?), tenths as f64 / 10.0),
        max,
    })
}

/// Linear interpolation from the nearer side, as numpy does it.
fn between(low: i64, high: i64, part: f64) -> f64 {
    let (low, high) = (low as f64, high as f64);
    if part < 0.5 { low + (high - low) * part } else { high - (high - low) * (1.0 - part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_ranked_values() {
        // 1, 2, 3, 4: numpy gives mean 2.5, median 2.5, 90th percentile 3.7
        let row = [4, 0, 10, 4, 2, 3, 3, 4].map(Some);
        let got = read(&row).unwrap();
        assert_eq!((got.count, got.mean, got.median, got.max), (4, 2.5, 2.5, 4));
        assert!((got.p90 - 3.7).abs() < 1e-12);
        let one = [1, 0, 7, 7, 7, 7, 7].map(Some).into_iter().chain([None]).collect::<Vec<_>>();
        let got = read(&one).unwrap();
        assert_eq!((got.mean, got.median, got.p90, got.max), (7.0, 7.0, 7.0, 7));
    }
}
