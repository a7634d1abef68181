//! Groups of a figure: the value of a field, and the period that an instant falls into.

use super::statement::Frame;
use super::{Unread, row};
use crate::cell::{Cell, Row};
use crate::codec;
use crate::layout::Stored;
use crate::sql::{self, Fragment, Ground, Holds, Term, Truth, Unanswerable};
use model::{Name, Value};

/// Into which groups the records of a figure fall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// One group for each value of this field.
    pub by: Option<Name>,
    pub periods: Option<Periods>,
}

/// Records in periods by an instant or date of theirs. Who asks gives the boundaries, since a
/// month begins at another instant in each time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods {
    pub at: Name,
    /// Ascending, in the unit of the field: microseconds, or days where it is a date. Period `n`
    /// is from boundary `n` until just before `n + 1`; records outside all are left out.
    pub boundaries: Vec<i64>,
}

/// The period (none where there are none) and the value of the field that groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    pub period: Option<usize>,
    pub by: Value,
}

/// A grouping as SQL.
pub(super) struct Grouped {
    /// One expression a cell of the group: the period, then the field's cells.
    pub cells: Vec<Fragment>,
    /// Which records are in any group.
    pub on: Truth,
    has_period: bool,
    by: Option<Stored>,
}

impl Grouped {
    /// # Errors
    /// Where a field does not exist, or the periods are not by an instant or a date.
    pub fn new(ground: &Ground, grouping: &Grouping) -> Result<Grouped, Unanswerable> {
        let mut cells = Vec::new();
        let mut on = Truth::constant(true);
        if let Some(periods) = &grouping.periods {
            let at = instant(ground, &periods.at)?;
            on = within(ground, &at, &periods.boundaries);
            cells.push(period(ground, &at, &periods.boundaries, 0));
        }
        let by = grouping.by.as_ref().map(|by| row::column(ground, by)).transpose()?;
        let by = by.map(|(stored, columns)| {
            cells.extend(columns);
            stored
        });
        Ok(Grouped { cells, on, has_period: grouping.periods.is_some(), by })
    }

    /// The names of the cells in a subquery: `g0, g1`.
    pub fn names(&self) -> Vec<String> {
        (0..self.cells.len()).map(|place| format!("g{place}")).collect()
    }

    /// The cells with their names: `... AS g0, ... AS g1, `.
    pub fn named(&self) -> Fragment {
        let mut all = Fragment::default();
        for (cell, name) in self.cells.iter().zip(self.names()) {
            all.push(&Fragment::of(&format!("{{}} AS {name}, "), &[cell]));
        }
        all
    }

    /// The group at the beginning of a row, and the rest of it.
    ///
    /// # Errors
    /// A fault where the row is not one of this grouping.
    pub fn read<'r>(&self, row: &'r Row) -> Result<(Group, &'r [Cell]), Unread> {
        let (cells, rest) = row.split_at(self.cells.len().min(row.len()));
        let (period, cells) = match (self.has_period, cells) {
            (true, [period, rest @ ..]) => (period.integer(), rest),
            (_, cells) => (None, cells),
        };
        let by = match &self.by {
            Some(stored) => codec::decode(stored, cells)?,
            None => Value::Unset,
        };
        let period = period.and_then(|period| usize::try_from(period).ok());
        Ok((Group { period, by }, rest))
    }
}

fn instant(ground: &Ground, field: &Name) -> Result<Fragment, Unanswerable> {
    match sql::own(ground, field)? {
        Term::One(scalar) if matches!(scalar.holds, Holds::Instant | Holds::Date) => {
            Ok(scalar.masked())
        }
        Term::Known(_) => Ok(Fragment::raw("NULL")),
        _ => Err(Unanswerable(format!("`{field}` is no point in time"))),
    }
}

fn within(ground: &Ground, at: &Fragment, boundaries: &[i64]) -> Truth {
    let (Some(first), Some(last)) = (boundaries.first(), boundaries.last()) else {
        return Truth::constant(false);
    };
    let (first, last) = (ground.bind(*first), ground.bind(*last));
    Truth::open(Fragment::of("({} >= {} AND {} < {})", &[at, &first, at, &last]))
}

/// The number of the period, found by halving: a year of days takes nine comparisons.
fn period(ground: &Ground, at: &Fragment, boundaries: &[i64], first: usize) -> Fragment {
    if boundaries.len() <= 2 {
        return Fragment::raw(first.to_string());
    }
    let middle = boundaries.len() / 2;
    let parts = [
        at,
        &ground.bind(boundaries[middle]),
        &period(ground, at, &boundaries[..=middle], first),
        &period(ground, at, &boundaries[middle..], first + middle),
    ];
    Fragment::of("CASE WHEN {} < {} THEN {} ELSE {} END", &parts)
}

/// The records of a figure with its groups.
pub(super) fn condition(frame: &Frame, grouped: &Grouped) -> Fragment {
    Truth::all(vec![frame.condition(), grouped.on.clone()]).sql
}

/// A number of the records, NULL where it is unset; `None` where it always is.
///
/// # Errors
/// Where it is neither number nor duration.
pub(super) fn number(
    ground: &Ground,
    node: &model::expression::Node,
) -> Result<Option<Fragment>, Unanswerable> {
    match sql::term(ground, node)? {
        Term::Known(Value::Unset) => Ok(None),
        Term::Known(Value::Integer(number) | Value::Duration(number)) => {
            Ok(Some(ground.bind(number)))
        }
        Term::Known(Value::Decimal(decimal)) => Ok(Some(ground.bind(decimal.units))),
        Term::One(scalar)
            if matches!(scalar.holds, Holds::Integer | Holds::Decimal(_) | Holds::Duration) =>
        {
            Ok(Some(scalar.masked()))
        }
        _ => Err(Unanswerable("only numbers and durations have a distribution".to_string())),
    }
}
