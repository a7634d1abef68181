//! Cells on PostgreSQL's wire, in its binary form. Only the types that our tables and queries
//! have; any other is a fault that names it.

use crate::cell::Cell;
use bytes::{BufMut, BytesMut};
use std::error::Error;
use tokio_postgres::Statement;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

type Wire<T> = Result<T, Box<dyn Error + Sync + Send>>;

impl ToSql for Cell {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Wire<IsNull> {
        match (self, kind) {
            (Cell::Null, _) => return Ok(IsNull::Yes),
            (Cell::Bool(yes), &Type::BOOL) => out.put_u8(u8::from(*yes)),
            (Cell::Bool(yes), &Type::INT8) => out.put_i64(i64::from(*yes)),
            (Cell::Integer(number), &Type::INT8) => out.put_i64(*number),
            (Cell::Integer(number), &Type::INT4) => out.put_i32(i32::try_from(*number)?),
            (Cell::Integer(number), &Type::INT2) => out.put_i16(i16::try_from(*number)?),
            (Cell::Integer(number), &Type::BOOL) => out.put_u8(u8::from(*number != 0)),
            (Cell::Text(text), kind) if is_text(kind) => out.put_slice(text.as_bytes()),
            (Cell::Blob(bytes), &Type::BYTEA) => out.put_slice(bytes),
            (cell, kind) => return Err(format!("{cell:?} is no value of {kind}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One cell of each row, as an array.
#[derive(Debug)]
pub(super) struct Column<'a> {
    pub(super) rows: &'a [&'a [Cell]],
    pub(super) place: usize,
}

impl ToSql for Column<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Wire<IsNull> {
        let Kind::Array(member) = kind.kind() else { return Err(format!("{kind}").into()) };
        let cells = || self.rows.iter().map(|row| row.get(self.place).unwrap_or(&Cell::Null));
        // One dimension, whether there are unset values, what it holds, how many, from 1 on.
        out.put_i32(1);
        out.put_i32(i32::from(cells().any(|cell| *cell == Cell::Null)));
        out.put_u32(member.oid());
        out.put_i32(i32::try_from(self.rows.len())?);
        out.put_i32(1);
        for cell in cells() {
            let length = out.len();
            out.put_i32(-1);
            if let IsNull::No = cell.to_sql(member, out)? {
                let size = i32::try_from(out.len() - length - 4)?;
                out[length..length + 4].copy_from_slice(&size.to_be_bytes());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Wire<Cell> {
        Ok(match kind {
            &Type::BOOL => Cell::Bool(bool::from_sql(kind, raw)?),
            &Type::INT8 => Cell::Integer(i64::from_sql(kind, raw)?),
            &Type::INT4 => Cell::Integer(i32::from_sql(kind, raw)?.into()),
            &Type::INT2 => Cell::Integer(i16::from_sql(kind, raw)?.into()),
            &Type::BYTEA => Cell::Blob(raw.into()),
            &Type::VOID => Cell::Null,
            kind if is_text(kind) => Cell::Text(std::str::from_utf8(raw)?.into()),
            kind => return Err(format!("a column is of type {kind}").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Wire<Cell> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Why the cells cannot be bound to the statement, or its rows not read; `None` where they can.
pub(super) fn unfit(statement: &Statement, cells: &[Cell]) -> Option<String> {
    if statement.params().len() != cells.len() {
        return Some(format!("{} places for {} cells", statement.params().len(), cells.len()));
    }
    let unknown = statement.columns().iter().find(|column| !is_known(column.type_()));
    if let Some(column) = unknown {
        return Some(format!("a column is of type {}", column.type_()));
    }
    let mut pairs = cells.iter().zip(statement.params());
    let (cell, kind) = pairs.find(|(cell, kind)| !fits(cell, kind))?;
    let cell = format!("{cell:?}").chars().take(80).collect::<String>();
    Some(format!("{cell} is no value of {kind}"))
}

/// Whether the cell can be bound to a place of the type.
pub(super) fn fits(cell: &Cell, kind: &Type) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Bool(_) => matches!(*kind, Type::BOOL | Type::INT8),
        Cell::Integer(number) => match *kind {
            Type::INT8 | Type::BOOL => true,
            Type::INT4 => i32::try_from(*number).is_ok(),
            Type::INT2 => i16::try_from(*number).is_ok(),
            _ => false,
        },
        Cell::Text(_) => is_text(kind),
        Cell::Blob(_) => *kind == Type::BYTEA,
    }
}

fn is_known(kind: &Type) -> bool {
    let known = [Type::BOOL, Type::INT8, Type::INT4, Type::INT2, Type::BYTEA, Type::VOID];
    known.contains(kind) || is_text(kind)
}

fn is_text(kind: &Type) -> bool {
    matches!(*kind, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}
