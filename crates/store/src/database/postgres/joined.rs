//! Units that only add rows, as one statement for all of them: their rows table by table, a column
//! an array. The server plans, opens indexes, answers and commits once for the group, where each
//! statement of each unit would cost all of it again; and no BEGIN and COMMIT are needed.
//!
//! What may be joined is what does not depend on order: rows that are added. Two units of a group
//! that clash (a unique value, the same row twice) fail the statement, nothing is written, and
//! each of them is written by itself.
//!
//! Tables and rows come in one order, whatever order the units came in: two groups that add the
//! same values meet at the first of them, and neither waits for the other in a circle. What waits
//! for a lock holds the rest of the group up, so the session allows it a short time only; then
//! nothing was written and each unit is written by itself.

use super::cells::{Column, fits};
use super::connection::{Connection, run};
use super::errors::{Trouble, trouble};
use super::flight::Ended;
use super::insert::Shape;
use crate::cell::{Cell, Row};
use crate::database::failure::Failure;
use crate::database::unit::{Statement, Unit};
use std::collections::HashMap;
use std::sync::Arc;
use tokio_postgres::Error;
use tokio_postgres::types::Type;

/// Texts whose shapes are remembered, and the length of each.
const SHAPES: usize = 300;
const LENGTH: usize = 16 * 1024;
/// Statements of a unit that is joined with others.
const STATEMENTS: usize = 64;
/// Rows of a table in one statement. An element of an array is found by walking along it.
const ROWS: usize = 128;

/// What was found out about texts.
#[derive(Default)]
pub(super) struct Shapes(HashMap<Box<str>, Option<Arc<Shape>>>);

impl Shapes {
    /// The shapes of a unit's statements, if each of them only adds rows and their order does not
    /// matter: the parts of one statement run in any.
    pub(super) fn of(&mut self, unit: &Unit) -> Option<Vec<Arc<Shape>>> {
        if unit.statements.len() > STATEMENTS {
            return None;
        }
        let shapes = unit.statements.iter().map(|statement| self.of_statement(statement));
        let shapes: Vec<Arc<Shape>> = shapes.collect::<Option<_>>()?;
        let clash = |(at, one): (usize, &Arc<Shape>)| {
            let before = shapes[..at].iter();
            before.into_iter().any(|other| other.table() == one.table() && other.one != one.one)
        };
        if shapes.iter().enumerate().any(clash) { None } else { Some(shapes) }
    }

    fn of_statement(&mut self, statement: &Statement) -> Option<Arc<Shape>> {
        let sql = &*statement.sql;
        if statement.expect.is_some() || sql.len() > LENGTH {
            return None;
        }
        if let Some(known) = self.0.get(sql) {
            return known.clone();
        }
        let shape = Shape::read(sql).map(Arc::new);
        if self.0.len() >= SHAPES {
            self.0.clear();
        }
        self.0.insert(sql.into(), shape.clone());
        shape
    }
}

/// The rows for one table.
struct Table<'a> {
    shape: Arc<Shape>,
    rows: Vec<&'a [Cell]>,
}

/// Writes the units as one statement; `None` where they cannot be joined, and nothing was written.
pub(super) async fn fly(
    connection: &mut Connection,
    units: &[(&Unit, &[Arc<Shape>])],
) -> Result<Option<Vec<Vec<Row>>>, Ended> {
    let tables = tables(units);
    if tables.is_empty() || tables.iter().any(|table| table.rows.len() > ROWS) {
        return Ok(None);
    }
    let undone = |error: Error| Ended::Undone(trouble(&error));
    let mut types = Vec::with_capacity(tables.len());
    for table in &tables {
        types.push(connection.prepare(&table.shape.one, None).await.map_err(undone)?);
    }
    for (table, types) in tables.iter().zip(&types) {
        if let Some(why) = unfit(table, types.params()) {
            return Err(Ended::Undone(Trouble::Failed(Failure::Fault(why))));
        }
    }
    let types = types.iter().map(|statement| statement.params());
    let (key, text) = (key(&tables), || text(&tables, types.collect()));
    let statement = connection.prepare_joined(key, text).await.map_err(undone)?;
    let doubts = connection.doubts();
    let columns: Vec<Column> = tables.iter().flat_map(columns).collect();
    match run(&connection.client, &statement, columns).await {
        Ok(_) if connection.doubts() == doubts => Ok(Some(vec![Vec::new(); units.len()])),
        Ok(_) => Err(Ended::Unknown),
        Err(error) => match (error.as_db_error(), trouble(&error)) {
            // The commit is part of it: a line that is lost may have been lost after it.
            (None, _) | (_, Trouble::Lost(_)) => Err(Ended::Unknown),
            // The same row twice: one after the other, the units can have it.
            (Some(told), _) if told.code().code() == "21000" => Ok(None),
            (_, trouble) => Err(Ended::Undone(trouble)),
        },
    }
}

/// The rows of all units, tables and rows in order.
fn tables<'a>(units: &[(&'a Unit, &[Arc<Shape>])]) -> Vec<Table<'a>> {
    let mut tables: Vec<Table> = Vec::new();
    for (unit, shapes) in units {
        for (statement, shape) in unit.statements.iter().zip(*shapes) {
            let rows = statement.cells.chunks(shape.width);
            match tables.iter_mut().find(|table| table.shape.one == shape.one) {
                Some(table) => table.rows.extend(rows),
                None => tables.push(Table { shape: shape.clone(), rows: rows.collect() }),
            }
        }
    }
    tables.sort_unstable_by(|one, other| one.shape.one.cmp(&other.shape.one));
    tables.iter_mut().for_each(|table| table.rows.sort_unstable());
    tables
}

fn columns<'t, 'a>(table: &'t Table<'a>) -> impl Iterator<Item = Column<'t>> + use<'t, 'a> {
    (0..table.shape.width).map(|place| Column { rows: &table.rows, place })
}

/// Why the rows cannot be bound.
fn unfit(table: &Table, types: &[Type]) -> Option<String> {
    let width = table.shape.width;
    let short = types.len() != width || table.rows.iter().any(|row| row.len() != width);
    if short {
        return Some(format!("another number of cells than {width}: {}", table.shape.one));
    }
    let cells = table.rows.iter().flat_map(|row| row.iter().zip(types));
    let (cell, kind) = cells.into_iter().find(|(cell, kind)| !fits(cell, kind))?;
    let cell = format!("{cell:?}").chars().take(80).collect::<String>();
    Some(format!("{cell} is no value of {kind}: {}", table.shape.one))
}

/// The same for the same tables.
fn key(tables: &[Table]) -> String {
    tables.iter().map(|table| table.shape.one.as_str()).collect::<Vec<_>>().join("\n")
}

fn text(tables: &[Table], types: Vec<&[Type]>) -> String {
    let mut first = 1;
    let mut parts = Vec::with_capacity(tables.len());
    for (table, types) in tables.iter().zip(types) {
        let names: Vec<&str> = types.iter().map(Type::name).collect();
        parts.push(table.shape.of_arrays(first, &names));
        first += table.shape.width;
    }
    let last = parts.pop().unwrap_or_default();
    let named = parts.iter().enumerate().map(|(place, part)| format!("t{place} AS ({part})"));
    match named.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => last,
        before => format!("WITH {before} {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_rows_have_one_order() {
        let mut shapes = Shapes::default();
        let unit = |names: [&str; 2]| {
            let mut unit = Unit::new();
            for name in names {
                let table = if name < "m" { "near" } else { "far" };
                unit.insert(table, &[("name", name.into())]);
            }
            unit
        };
        let units = [unit(["b", "x"]), unit(["z", "a"]), unit(["c", "y"])];
        let mut order = |places: [usize; 3]| {
            let units = places.map(|place| &units[place]);
            let shapes = units.map(|unit| shapes.of(unit).unwrap());
            let both: Vec<(&Unit, &[Arc<Shape>])> =
                units.into_iter().zip(shapes.iter().map(Vec::as_slice)).collect();
            let texts = |table: &Table| {
                let names = table.rows.iter().map(|row| row[0].text().unwrap().to_string());
                (table.shape.table().to_string(), names.collect::<Vec<_>>().concat())
            };
            tables(&both).iter().map(texts).collect::<Vec<_>>()
        };
        let expected = [("\"far\"", "xyz"), ("\"near\"", "abc")];
        let expected = expected.map(|(table, names)| (table.to_string(), names.to_string()));
        assert_eq!(order([0, 1, 2]), expected);
        assert_eq!(order([2, 1, 0]), expected);
    }
}
