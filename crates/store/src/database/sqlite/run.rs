//! One statement through one SQLite connection: bind, step, read rows.

use crate::cell::{Cell, Row};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Error, Result};
use std::ops::ControlFlow;

/// Borrowed for binding, so that no text is copied twice.
struct Bound<'a>(&'a Cell);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cell::Null => ValueRef::Null,
            Cell::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn bound<'c>(connection: &'c Connection, sql: &str, cells: &[Cell]) -> Result<CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(sql)?;
    if statement.parameter_count() != cells.len() {
        return Err(Error::InvalidParameterCount(cells.len(), statement.parameter_count()));
    }
    for (place, cell) in cells.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, Bound(cell))?;
    }
    Ok(statement)
}

/// Runs a statement that writes: how many rows it changed, and the rows it gives back, if any.
pub(crate) fn write(
    connection: &Connection,
    sql: &str,
    cells: &[Cell],
    rows: &mut Vec<Row>,
) -> Result<u64> {
    let mut statement = bound(connection, sql, cells)?;
    if statement.column_count() == 0 {
        return statement.raw_execute().map(|changed| changed as u64);
    }
    let mut cursor = statement.raw_query();
    let mut count = 0;
    while let Some(row) = cursor.next()? {
        rows.push(read_row(row)?);
        count += 1;
    }
    Ok(count)
}

/// Runs a statement that reads, a row at a time, until there are no more or the caller has enough.
pub(crate) fn each(
    connection: &Connection,
    sql: &str,
    cells: &[Cell],
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<()> {
    let mut statement = bound(connection, sql, cells)?;
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        if take(read_row(row)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn read_row(row: &rusqlite::Row<'_>) -> Result<Row> {
    // Asked of the row: the statement may have been made for an earlier shape of the table.
    (0..row.as_ref().column_count()).map(|column| read_cell(column, row.get_ref(column)?)).collect()
}

fn read_cell(column: usize, value: ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            Cell::Text(text.map_err(|error| Error::Utf8Error(column, error))?.into())
        }
        ValueRef::Blob(bytes) => Cell::Blob(bytes.into()),
        ValueRef::Real(_) => {
            // Nothing is stored as a float, and no answer may depend on one.
            let name = "a floating-point number".to_string();
            return Err(Error::InvalidColumnType(column, name, rusqlite::types::Type::Real));
        }
    })
}
