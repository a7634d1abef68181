//! `record(key, id, type, counter, number, title, title_key)`: the spine, which names any record
//! without knowing its type. It is written by `record`, with the row it stands for; here it is
//! read. `counter` is the record type whose numbers run (several types may share one); a number is
//! unique within it.

use super::reading::{Reading, places};
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read};
use crate::sql::order::title_key;
use model::{Key, Name};
use std::sync::Arc;
use uuid::Uuid;

/// What names a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spine {
    pub key: Key,
    pub id: Uuid,
    pub record_type: Name,
    pub number: Option<i64>,
    pub title: Arc<str>,
}

const SELECT: &str =
    "SELECT \"key\", \"id\", \"type\", \"number\", \"title\" FROM \"record\" WHERE ";

/// # Errors
/// [`Failure`].
pub fn by_key(read: &dyn Read, key: Key) -> Result<Option<Spine>, Failure> {
    one(read, "\"key\" = ?1", &[key.0.into()])
}

/// # Errors
/// [`Failure`].
pub fn by_id(read: &dyn Read, id: Uuid) -> Result<Option<Spine>, Failure> {
    one(read, "\"id\" = ?1", &[id.as_bytes().to_vec().into()])
}

/// # Errors
/// [`Failure`].
pub fn by_number(read: &dyn Read, counter: &str, number: i64) -> Result<Option<Spine>, Failure> {
    one(read, "\"counter\" = ?1 AND \"number\" = ?2", &[counter.into(), number.into()])
}

/// Records of these types with this title, apart from case and accents; at most `most`.
///
/// # Errors
/// [`Failure`].
pub fn by_title(
    read: &dyn Read,
    types: &[Name],
    title: &str,
    most: usize,
) -> Result<Vec<Key>, Failure> {
    let mut cells: Vec<Cell> = types.iter().map(|name| Cell::from(name.as_str())).collect();
    let listed = places(cells.len());
    cells.push(Cell::from(&*title_key(title)));
    let sql = format!(
        "SELECT \"key\" FROM \"record\" WHERE \"type\" IN ({listed}) \
         AND \"title_key\" = ?{} ORDER BY \"key\" LIMIT {most}",
        cells.len()
    );
    let rows = read.rows(&sql, &cells)?;
    Ok(rows.iter().filter_map(|row| row.first()?.integer().map(Key)).collect())
}

/// Those of the keys that there are, in any order.
///
/// # Errors
/// [`Failure`].
pub fn by_keys(read: &dyn Read, keys: &[Key]) -> Result<Vec<Spine>, Failure> {
    let mut found = Vec::with_capacity(keys.len());
    for some in keys.chunks(500) {
        let cells: Vec<Cell> = some.iter().map(|key| key.0.into()).collect();
        let sql = format!("{SELECT}\"key\" IN ({})", places(some.len()));
        for row in read.rows(&sql, &cells)? {
            found.push(spine(row)?);
        }
    }
    Ok(found)
}

/// Those of the ids that there are, in any order.
///
/// # Errors
/// [`Failure`].
pub fn by_ids(read: &dyn Read, ids: &[Uuid]) -> Result<Vec<Spine>, Failure> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let cells: Vec<Cell> = some.iter().map(|id| id.as_bytes().to_vec().into()).collect();
        let sql = format!("{SELECT}\"id\" IN ({})", places(some.len()));
        for row in read.rows(&sql, &cells)? {
            found.push(spine(row)?);
        }
    }
    Ok(found)
}

/// The records after a key, in the order of keys; at most `most`.
///
/// # Errors
/// [`Failure`].
pub fn after(read: &dyn Read, key: Key, most: usize) -> Result<Vec<Spine>, Failure> {
    let sql = format!("{SELECT}\"key\" > ?1 ORDER BY \"key\" LIMIT {most}");
    read.rows(&sql, &[key.0.into()])?.into_iter().map(spine).collect()
}

/// How many records there are, of all types.
///
/// # Errors
/// [`Failure`].
pub fn count(read: &dyn Read) -> Result<i64, Failure> {
    let rows = read.rows("SELECT count(*) FROM \"record\"", &[])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

fn one(read: &dyn Read, condition: &str, cells: &[Cell]) -> Result<Option<Spine>, Failure> {
    let rows = read.rows(&format!("{SELECT}{condition}"), cells)?;
    rows.into_iter().next().map(spine).transpose()
}

fn spine(row: Row) -> Result<Spine, Failure> {
    let mut row = Reading::new(row);
    Ok(Spine {
        key: Key(row.integer()?),
        id: Uuid::from_bytes(row.array()?),
        record_type: row.name()?,
        number: row.some_integer(),
        title: row.text()?,
    })
}
