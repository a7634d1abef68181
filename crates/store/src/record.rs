//! Rows of records: read by key, inserted, updated with the old row moved to `ROOT_was`. The spine
//! (`record`: id, number, title of any record) is written here too, since it follows the row.

use crate::cell::{Cell, Row};
use crate::codec::{self, Unfit};
use crate::core::reading::places;
use crate::database::unit::{join, quote, quoted};
use crate::database::{Failure, Snapshot, Statement, Unit};
use crate::layout::{FIXED, Table};
use crate::sql::order::title_key;
use model::{Key, Name, Value};
use std::fmt::Write;
use uuid::Uuid;

/// The fixed parts of a record's row.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    pub key: Key,
    pub record_type: Name,
    pub number: Option<i64>,
    pub state: Option<Name>,
    pub version: i64,
    pub created_at: i64,
    pub created_by: Option<Key>,
    pub changed_at: i64,
    pub changed_by: Option<Key>,
    pub valid_from: i64,
    pub withdrawn_at: Option<i64>,
}

/// A row with its public id; only fields that are set are listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub id: Uuid,
    pub fixed: Fixed,
    pub values: Vec<(Name, Value)>,
}

/// The records with these keys that have a row in the table, in any order.
///
/// # Errors
/// [`Failure`]; a row that cannot be decoded is a fault.
pub fn load(snapshot: &Snapshot, table: &Table, keys: &[Key]) -> Result<Vec<Stored>, Failure> {
    let mut found = Vec::with_capacity(keys.len());
    for some in keys.chunks(500) {
        let mut sql = select_text(table, table.root.as_str());
        sql.push_str(" WHERE t.\"key\" IN (");
        placeholders(&mut sql, some.len());
        sql.push(')');
        let cells: Row = some.iter().map(|key| Cell::Integer(key.0)).collect();
        for row in snapshot.rows(&sql, &cells)? {
            found.push(read(table, &row)?);
        }
    }
    Ok(found)
}

/// The record as it stood at an instant (microseconds): the present row or one that was.
///
/// # Errors
/// [`Failure`].
pub fn load_as_of(
    snapshot: &Snapshot,
    table: &Table,
    key: Key,
    at: i64,
) -> Result<Option<Stored>, Failure> {
    let cells = [Cell::Integer(key.0), Cell::Integer(at)];
    let now = select_text(table, &table.root) + " WHERE t.\"key\" = ?1 AND t.\"valid_from\" <= ?2";
    if let Some(row) = snapshot.rows(&now, &cells)?.first() {
        return read(table, row).map(Some);
    }
    let was = select_text(table, &format!("{}_was", table.root))
        + " WHERE t.\"key\" = ?1 AND t.\"valid_from\" <= ?2 AND t.\"valid_to\" > ?2";
    snapshot.rows(&was, &cells)?.first().map(|row| read(table, row)).transpose()
}

fn select_text(table: &Table, from: &str) -> String {
    let mut sql = String::from("SELECT r.\"id\", ");
    join(&mut sql, table.columns(), ", ", |sql, (name, _)| {
        sql.push_str("t.");
        quote(sql, name);
    });
    let _ = write!(sql, " FROM {} t JOIN \"record\" r ON r.\"key\" = t.\"key\"", quoted(from));
    sql
}

pub(crate) fn placeholders(sql: &mut String, count: usize) {
    join(sql, 1..=count, ", ", |sql, place| {
        let _ = write!(sql, "?{place}");
    });
}

fn read(table: &Table, row: &[Cell]) -> Result<Stored, Failure> {
    let broken = |what: &str| Failure::Fault(format!("broken row of {}: {what}", table.root));
    let [id, rest @ ..] = row else { return Err(broken("empty")) };
    let id = id.blob().and_then(|bytes| Uuid::from_slice(bytes).ok());
    let fixed = read_fixed(rest).ok_or_else(|| broken("fixed columns"))?;
    let mut values = Vec::new();
    let mut at = FIXED.len();
    for stored in &table.fields {
        let end = at + stored.columns.len();
        let cells = rest.get(at..end).ok_or_else(|| broken("columns"))?;
        let value = codec::decode(stored, cells).map_err(|unfit| broken(&unfit.to_string()))?;
        if value.is_set() {
            values.push((stored.field.clone(), value));
        }
        at = end;
    }
    Ok(Stored { id: id.ok_or_else(|| broken("id"))?, fixed, values })
}

fn read_fixed(row: &[Cell]) -> Option<Fixed> {
    let key = |cell: &Cell| cell.integer().map(Key);
    Some(Fixed {
        key: key(row.first()?)?,
        record_type: Name::new(row.get(1)?.text()?)?,
        number: row.get(2)?.integer(),
        state: row.get(3)?.text().and_then(Name::new),
        version: row.get(4)?.integer()?,
        created_at: row.get(5)?.integer()?,
        created_by: key(row.get(6)?),
        changed_at: row.get(7)?.integer()?,
        changed_by: key(row.get(8)?),
        valid_from: row.get(9)?.integer()?,
        withdrawn_at: row.get(10)?.integer(),
    })
}

pub(crate) fn fixed_cells(fixed: &Fixed) -> [Cell; FIXED.len()] {
    let key = |key: Option<Key>| Cell::from(key.map(|key| key.0));
    [
        Cell::Integer(fixed.key.0),
        Cell::from(fixed.record_type.as_str()),
        Cell::from(fixed.number),
        Cell::from(fixed.state.as_deref()),
        Cell::Integer(fixed.version),
        Cell::Integer(fixed.created_at),
        key(fixed.created_by),
        Cell::Integer(fixed.changed_at),
        key(fixed.changed_by),
        Cell::Integer(fixed.valid_from),
        Cell::from(fixed.withdrawn_at),
    ]
}

/// Adds a new record: its spine and its row. `title` is the spine's title.
///
/// # Errors
/// Where a value does not fit its field.
pub fn insert(
    unit: &mut Unit,
    table: &Table,
    record: &Stored,
    counter: Option<&str>,
    title: &str,
) -> Result<(), Unfit> {
    let fixed = &record.fixed;
    unit.insert(
        "record",
        &[
            ("key", Cell::Integer(fixed.key.0)),
            ("id", Cell::from(record.id.as_bytes().to_vec())),
            ("type", Cell::from(fixed.record_type.as_str())),
            ("counter", Cell::from(counter)),
            ("number", Cell::from(fixed.number)),
            ("title", Cell::from(title)),
            ("title_key", Cell::from(&*title_key(title))),
        ],
    );
    let mut cells: Row = fixed_cells(fixed).into();
    for stored in &table.fields {
        let value = record.values.iter().find(|(name, _)| *name == stored.field);
        cells.extend(codec::encode(stored, value.map_or(&Value::Unset, |(_, value)| value))?);
    }
    unit.push(Statement::new(table.insert.clone(), cells));
    Ok(())
}

/// Moves the present row (which must be of `version`) to `ROOT_was` and writes the new one.
/// `changed` names the fields to write; `title` is given where it changed.
///
/// # Errors
/// Where a value does not fit its field. Another version in the table is a conflict of the unit.
pub fn update(
    unit: &mut Unit,
    table: &Table,
    record: &Stored,
    version: i64,
    changed: &[Name],
    title: Option<&str>,
) -> Result<(), Unfit> {
    let key = Cell::Integer(record.fixed.key.0);
    keep_what_was(unit, table, record, version);
    let mut sql = format!("UPDATE {} SET ", quoted(&table.root));
    let mut cells = Row::new();
    let mut set = |sql: &mut String, name: &str, cell: Cell| {
        sql.push_str(if cells.is_empty() { "" } else { ", " });
        cells.push(cell);
        quote(sql, name);
        let _ = write!(sql, " = ?{}", cells.len());
    };
    for ((name, _), cell) in FIXED.iter().zip(fixed_cells(&record.fixed)).skip(3) {
        set(&mut sql, name, cell);
    }
    for stored in table.fields.iter().filter(|stored| changed.contains(&stored.field)) {
        let value = record.values.iter().find(|(name, _)| *name == stored.field);
        let encoded = codec::encode(stored, value.map_or(&Value::Unset, |(_, value)| value))?;
        for ((name, _), cell) in stored.columns.iter().zip(encoded) {
            set(&mut sql, name, cell);
        }
    }
    let next = cells.len() + 1;
    let _ = write!(sql, " WHERE \"key\" = ?{next} AND \"version\" = ?{}", next + 1);
    cells.extend([key.clone(), Cell::Integer(version)]);
    unit.push(Statement::new(sql, cells).expecting(1));
    if let Some(title) = title {
        let set = [("title", Cell::from(title)), ("title_key", Cell::from(&*title_key(title)))];
        unit.update_where("record", &set, &[("key", key)], Some(1));
    }
    Ok(())
}

/// Makes the unit a conflict unless the record is still of this version; until the unit is
/// committed nobody else changes it.
pub fn hold(unit: &mut Unit, table: &Table, key: Key, version: i64) {
    let version = ("version", Cell::Integer(version));
    let matching = [("key", Cell::Integer(key.0)), version.clone()];
    unit.update_where(&table.root, &[version], &matching, Some(1));
}

fn keep_what_was(unit: &mut Unit, table: &Table, record: &Stored, version: i64) {
    let mut names = String::new();
    join(&mut names, table.columns(), ", ", |sql, (name, _)| quote(sql, name));
    let was = quoted(&format!("{}_was", table.root));
    // Locked, so that of two updates at once the second meets another version: a conflict.
    let sql = format!(
        "INSERT INTO {was} ({names}, \"valid_to\") SELECT {names}, ?1 FROM {} \
         WHERE \"key\" = ?2 AND \"version\" = ?3 /*lock*/",
        quoted(&table.root)
    );
    let cells = vec![
        Cell::Integer(record.fixed.valid_from),
        Cell::Integer(record.fixed.key.0),
        Cell::Integer(version),
    ];
    unit.push(Statement::new(sql, cells).expecting(1));
}

/// The keys of records of these types that hold one of the values in a field of one column; at
/// most `most`. Withdrawn records are not among them.
///
/// # Errors
/// [`Failure`]; values that do not fit the field find nothing.
pub fn find_any(
    snapshot: &Snapshot,
    table: &Table,
    types: &[Name],
    field: &str,
    values: &[Value],
    most: usize,
) -> Result<Vec<Key>, Failure> {
    let Some(stored) = table.field(field) else { return Ok(Vec::new()) };
    let [(column, _)] = &stored.columns[..] else { return Ok(Vec::new()) };
    let encoded = values.iter().filter_map(|value| codec::encode(stored, value).ok());
    let cells: Row = encoded.flatten().filter(|cell| *cell != Cell::Null).collect();
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = format!("SELECT \"key\" FROM {} WHERE {}", quoted(&table.root), quoted(column));
    let _ = write!(sql, " IN ({})", places(cells.len()));
    standing(snapshot, sql, cells, types, most)
}

/// The keys of records of these types that hold a value in a field, ascending; at most `most`.
/// Withdrawn records are not among them.
///
/// # Errors
/// [`Failure`]; a value that does not fit the field finds nothing.
pub fn find(
    snapshot: &Snapshot,
    table: &Table,
    types: &[Name],
    field: &str,
    value: &Value,
    most: usize,
) -> Result<Vec<Key>, Failure> {
    let Some(stored) = table.field(field) else { return Ok(Vec::new()) };
    let Ok(cells) = codec::encode(stored, value) else { return Ok(Vec::new()) };
    let mut sql = format!("SELECT \"key\" FROM {} WHERE ", quoted(&table.root));
    let columns = stored.columns.iter().zip(cells).enumerate();
    let mut bound = Row::new();
    join(&mut sql, columns, " AND ", |sql, (_, ((name, _), cell))| {
        quote(sql, name);
        if cell == Cell::Null {
            sql.push_str(" IS NULL");
        } else {
            bound.push(cell);
            let _ = write!(sql, " = ?{}", bound.len());
        }
    });
    standing(snapshot, sql, bound, types, most)
}

/// The keys that a condition finds among the records of these types that are not withdrawn.
fn standing(
    snapshot: &Snapshot,
    mut sql: String,
    mut cells: Row,
    types: &[Name],
    most: usize,
) -> Result<Vec<Key>, Failure> {
    sql.push_str(" AND \"withdrawn_at\" IS NULL AND \"type\" IN (");
    join(&mut sql, types, ", ", |sql, name| {
        cells.push(Cell::from(name.as_str()));
        let _ = write!(sql, "?{}", cells.len());
    });
    let _ = write!(sql, ") ORDER BY \"key\" LIMIT {most}");
    let rows = snapshot.rows(&sql, &cells)?;
    Ok(rows.iter().filter_map(|row| row.first()?.integer().map(Key)).collect())
}
