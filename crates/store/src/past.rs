//! Rows of records as they once were, written together with the record itself: an import of
//! another system's history knows the whole past of a record at once. An edit moves the old row
//! by itself: see `record`.

use crate::cell::Cell;
use crate::codec::{self, Unfit};
use crate::database::unit::{join, quote, quoted};
use crate::database::{Statement, Unit};
use crate::layout::Table;
use crate::record::{Stored, fixed_cells, placeholders};
use model::Value;
use std::sync::Arc;

/// The statement that writes a past row, made once for many rows.
pub struct Past<'a> {
    table: &'a Table,
    sql: Arc<str>,
}

impl<'a> Past<'a> {
    pub fn new(table: &'a Table) -> Past<'a> {
        let was = quoted(&format!("{}_was", table.root));
        let mut sql = format!("INSERT INTO {was} (");
        join(&mut sql, table.columns(), ", ", |sql, (name, _)| quote(sql, name));
        sql.push_str(", \"valid_to\") VALUES (");
        placeholders(&mut sql, table.columns().count() + 1);
        sql.push(')');
        Past { table, sql: sql.into() }
    }

    /// A version of a record that stood until `valid_to` (microseconds).
    ///
    /// # Errors
    /// Where a value does not fit its field.
    pub fn insert(&self, unit: &mut Unit, record: &Stored, valid_to: i64) -> Result<(), Unfit> {
        let mut cells = Vec::with_capacity(self.table.fields.len() + 16);
        cells.extend(fixed_cells(&record.fixed));
        for stored in &self.table.fields {
            let value = record.values.iter().find(|(name, _)| *name == stored.field);
            let value = value.map_or(&Value::Unset, |(_, value)| value);
            cells.extend(codec::encode(stored, value)?);
        }
        cells.push(Cell::Integer(valid_to));
        unit.push(Statement::new(self.sql.clone(), cells));
        Ok(())
    }
}
