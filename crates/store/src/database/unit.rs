//! Units: lists of statements that are written all or none, and the few shapes of statement that
//! the layers above may ask for by table and column, so that none of them writes SQL text.
//!
//! Text is written once for both databases: `?1 ..` for arguments, and two marks that SQLite reads
//! as comments and PostgreSQL gets as words: `/*lock*/` (`FOR UPDATE`) and `/*skip*/`
//! (`FOR UPDATE SKIP LOCKED`).

use crate::cell::{Cell, Row};
use std::fmt::Write;
use std::sync::Arc;

/// SQL with `?1 ..` placeholders, its arguments and, where it matters, how many rows it must
/// change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub sql: Arc<str>,
    pub cells: Row,
    pub expect: Option<u64>,
}

/// Statements that are written all or none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    pub statements: Vec<Statement>,
}

impl Statement {
    /// A statement of whatever row count.
    pub fn new(sql: impl Into<Arc<str>>, cells: impl Into<Row>) -> Statement {
        Statement { sql: sql.into(), cells: cells.into(), expect: None }
    }

    /// The same, which must change exactly this many rows or the unit is a
    /// [`crate::Failure::Conflict`].
    #[must_use]
    pub fn expecting(self, rows: u64) -> Statement {
        Statement { expect: Some(rows), ..self }
    }
}

impl Unit {
    pub fn new() -> Unit {
        Unit::default()
    }

    /// True where there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    pub fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// All statements of another unit, after those that are here.
    pub fn append(&mut self, other: Unit) {
        self.statements.extend(other.statements);
    }

    /// A new row. A value that a unique index refuses is a [`crate::Failure::Duplicate`].
    pub fn insert(&mut self, table: &str, values: &[(&str, Cell)]) {
        // An insert changes one row or fails, so no count is asked for: it would cost PostgreSQL
        // a wrapper around the statement.
        self.push(Statement::new(insert_text(table, values), cells_of(values)));
    }

    /// New rows in one statement; nothing where there are none. Each has a cell for each column.
    pub fn insert_rows(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = Row>,
    ) {
        let mut cells = Row::new();
        rows.into_iter().for_each(|row| cells.extend(row));
        if cells.is_empty() {
            return;
        }
        let mut sql = String::from("INSERT INTO ");
        quote(&mut sql, table);
        sql.push_str(" (");
        join(&mut sql, columns, ", ", |sql, name| quote(sql, name));
        sql.push_str(") VALUES ");
        join(&mut sql, (0..cells.len()).step_by(columns.len().max(1)), ", ", |sql, first| {
            sql.push('(');
            join(sql, first + 1..=first + columns.len(), ", ", |sql, place| {
                let _ = write!(sql, "?{place}");
            });
            sql.push(')');
        });
        self.push(Statement::new(sql, cells));
    }

    /// A new row, or nothing where any unique index holds one like it.
    pub fn insert_absent(&mut self, table: &str, values: &[(&str, Cell)]) {
        let sql = insert_text(table, values) + " ON CONFLICT DO NOTHING";
        self.push(Statement::new(sql, cells_of(values)));
    }

    /// A new row, or new values in the row with the same `keys` (a unique index over just these).
    pub fn put(&mut self, table: &str, keys: &[(&str, Cell)], values: &[(&str, Cell)]) {
        let all: Vec<(&str, Cell)> = keys.iter().chain(values).cloned().collect();
        let mut sql = insert_text(table, &all) + " ON CONFLICT (";
        join(&mut sql, keys.iter().map(|(name, _)| *name), ", ", quote);
        sql.push_str(") DO UPDATE SET ");
        join(&mut sql, values.iter().map(|(name, _)| *name), ", ", |sql, name| {
            quote(sql, name);
            sql.push_str(" = excluded.");
            quote(sql, name);
        });
        self.push(Statement::new(sql, cells_of(&all)));
    }

    /// New values in the rows where each column equals its cell (unset equals unset).
    pub fn update_where(
        &mut self,
        table: &str,
        set: &[(&str, Cell)],
        matching: &[(&str, Cell)],
        expect: Option<u64>,
    ) {
        let mut sql = String::with_capacity(64 + 24 * (set.len() + matching.len()));
        sql.push_str("UPDATE ");
        quote(&mut sql, table);
        sql.push_str(" SET ");
        let mut place = 0;
        join(&mut sql, set.iter(), ", ", |sql, (name, _)| {
            place += 1;
            quote(sql, name);
            let _ = write!(sql, " = ?{place}");
        });
        let mut cells = cells_of(set);
        push_where(&mut sql, &mut cells, matching);
        self.push(Statement { sql: sql.into(), cells, expect });
    }

    /// The rows where each column equals its cell are taken out.
    pub fn delete_where(&mut self, table: &str, matching: &[(&str, Cell)], expect: Option<u64>) {
        let mut sql = String::from("DELETE FROM ");
        quote(&mut sql, table);
        let mut cells = Row::new();
        push_where(&mut sql, &mut cells, matching);
        self.push(Statement { sql: sql.into(), cells, expect });
    }
}

impl From<Statement> for Unit {
    fn from(statement: Statement) -> Unit {
        Unit { statements: vec![statement] }
    }
}

/// A name as an identifier. Names are checked where definitions are loaded; a quote in one would
/// be doubled all the same.
pub(crate) fn quote(sql: &mut String, name: &str) {
    sql.push('"');
    for (place, part) in name.split('"').enumerate() {
        sql.push_str(if place == 0 { "" } else { "\"\"" });
        sql.push_str(part);
    }
    sql.push('"');
}

/// The name as an identifier, as a text of its own.
pub(crate) fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    quote(&mut text, name);
    text
}

/// Items one after the other with a separator between.
pub(crate) fn join<T>(
    sql: &mut String,
    items: impl IntoIterator<Item = T>,
    between: &str,
    mut write: impl FnMut(&mut String, T),
) {
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            sql.push_str(between);
        }
        write(sql, item);
    }
}

pub(crate) fn insert_text(table: &str, values: &[(&str, Cell)]) -> String {
    let mut sql = String::with_capacity(40 + 24 * values.len());
    sql.push_str("INSERT INTO ");
    quote(&mut sql, table);
    sql.push_str(" (");
    join(&mut sql, values.iter(), ", ", |sql, (name, _)| quote(sql, name));
    sql.push_str(") VALUES (");
    join(&mut sql, 1..=values.len(), ", ", |sql, place| {
        let _ = write!(sql, "?{place}");
    });
    sql.push(')');
    sql
}

fn push_where(sql: &mut String, cells: &mut Row, matching: &[(&str, Cell)]) {
    for (place, (name, cell)) in matching.iter().enumerate() {
        sql.push_str(if place == 0 { " WHERE " } else { " AND " });
        quote(sql, name);
        if *cell == Cell::Null {
            sql.push_str(" IS NULL");
        } else {
            cells.push(cell.clone());
            let _ = write!(sql, " = ?{}", cells.len());
        }
    }
}

fn cells_of(values: &[(&str, Cell)]) -> Row {
    values.iter().map(|(_, cell)| cell.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_statements() {
        let mut unit = Unit::new();
        unit.insert("team", &[("key", 1.into()), ("name", "a".into())]);
        unit.put("setting", &[("name", "x".into())], &[("value", "1".into())]);
        let unset = ("until", Cell::Null);
        unit.update_where("link", &[("until", 5.into())], &[("key", 1.into()), unset], Some(1));
        unit.delete_where("vote", &[("record_key", 7.into())], None);
        unit.insert_rows("a", &["b", "c"], [vec![1.into(), 2.into()], vec![3.into(), 4.into()]]);
        unit.insert_rows("a", &["b", "c"], []);
        let texts: Vec<&str> = unit.statements.iter().map(|s| &*s.sql).collect();
        assert_eq!(
            texts,
            [
                r#"INSERT INTO "team" ("key", "name") VALUES (?1, ?2)"#,
                "INSERT INTO \"setting\" (\"name\", \"value\") VALUES (?1, ?2) \
                 ON CONFLICT (\"name\") DO UPDATE SET \"value\" = excluded.\"value\"",
                r#"UPDATE "link" SET "until" = ?1 WHERE "key" = ?2 AND "until" IS NULL"#,
                r#"DELETE FROM "vote" WHERE "record_key" = ?1"#,
                r#"INSERT INTO "a" ("b", "c") VALUES (?1, ?2), (?3, ?4)"#,
            ]
        );
        assert_eq!(unit.statements[2].expect, Some(1));
    }

    #[test]
    fn a_quote_in_a_name_is_doubled() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
