//! `link(name, from_key, to_key, since, until)`: which record points to which, and when. The name
//! is `TYPE.LINK` of the declaring type. A current link has no `until`; ended ones stay, so that
//! any day can be read. Whether a link may hold several ends is the engine's to decide.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// One link. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub name: Arc<str>,
    pub from: Key,
    pub to: Key,
    pub since: i64,
    pub until: Option<i64>,
}

/// Which end the given keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    From,
    To,
}

const SELECT: &str =
    "SELECT \"name\", \"from_key\", \"to_key\", \"since\", \"until\" FROM \"link\"";
/// What a link must be to stand now, and to have stood at the instant `?2`.
const NOW: &str = "\"until\" IS NULL";
const THEN: &str = "\"since\" <= ?2 AND (\"until\" IS NULL OR \"until\" > ?2)";

/// Points from one record to another. [`Failure::Duplicate`] of `link_current` where it does so
/// already.
pub fn add(unit: &mut Unit, name: &str, from: Key, to: Key, since: i64) {
    // Ended and added again in one instant: it never ended.
    let sql = "INSERT INTO \"link\" (\"name\", \"from_key\", \"to_key\", \"since\") \
               VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT (\"from_key\", \"name\", \"to_key\", \"since\") \
               DO UPDATE SET \"until\" = NULL";
    unit.push(Statement::new(sql, [name.into(), from.0.into(), to.0.into(), since.into()]));
}

/// Ends a current link; a conflict where there is none.
pub fn end(unit: &mut Unit, name: &str, from: Key, to: Key, until: i64) {
    let matching = [
        ("name", name.into()),
        ("from_key", from.0.into()),
        ("to_key", to.0.into()),
        ("until", Cell::Null),
    ];
    unit.update_where("link", &[("until", until.into())], &matching, Some(1));
}

/// The current links of the name at any of the keys, ascending by the other end.
///
/// # Errors
/// [`Failure`].
pub fn current(read: &dyn Read, name: &str, end: End, keys: &[Key]) -> Result<Vec<Link>, Failure> {
    select(read, name, end, keys, NOW, None)
}

/// The links that stood at an instant.
///
/// # Errors
/// [`Failure`].
pub fn as_of(
    read: &dyn Read,
    name: &str,
    end: End,
    keys: &[Key],
    at: i64,
) -> Result<Vec<Link>, Failure> {
    select(read, name, end, keys, THEN, Some(at))
}

/// The links that a record declares itself, whatever their names, now or as they stood at an
/// instant; ascending by name and far end.
///
/// # Errors
/// [`Failure`].
pub fn of_record(read: &dyn Read, key: Key, at: Option<i64>) -> Result<Vec<Link>, Failure> {
    let stood = if at.is_none() { NOW } else { THEN };
    let cells: Row = [key.0].into_iter().chain(at).map(Cell::Integer).collect();
    let sql = format!(
        "{SELECT} WHERE \"from_key\" = ?1 AND {stood} ORDER BY \"name\", \"to_key\", \"since\""
    );
    read.rows(&sql, &cells)?.into_iter().map(link).collect()
}

/// The links of other records that lead to a record, the latest first; at most `most`.
///
/// # Errors
/// [`Failure`].
pub fn to_record(
    read: &dyn Read,
    key: Key,
    at: Option<i64>,
    most: usize,
) -> Result<Vec<Link>, Failure> {
    let stood = if at.is_none() { NOW } else { THEN };
    let cells: Row = [key.0].into_iter().chain(at).map(Cell::Integer).collect();
    let sql = format!(
        "{SELECT} WHERE \"to_key\" = ?1 AND {stood} \
         ORDER BY \"since\" DESC, \"name\", \"from_key\" LIMIT {most}"
    );
    read.rows(&sql, &cells)?.into_iter().map(link).collect()
}

/// All current links of a record with these names, in both directions.
///
/// # Errors
/// [`Failure`].
pub fn around(read: &dyn Read, names: &[&str], key: Key) -> Result<Vec<Link>, Failure> {
    let mut found = Vec::new();
    for name in names {
        found.extend(current(read, name, End::From, &[key])?);
        found.extend(current(read, name, End::To, &[key])?);
    }
    Ok(found)
}

fn select(
    read: &dyn Read,
    name: &str,
    end: End,
    keys: &[Key],
    stood: &str,
    at: Option<i64>,
) -> Result<Vec<Link>, Failure> {
    let (near, far) = match end {
        End::From => ("from_key", "to_key"),
        End::To => ("to_key", "from_key"),
    };
    let mut found = Vec::new();
    for some in keys.chunks(500) {
        let mut cells: Row = vec![name.into()];
        cells.extend(at.map(Cell::Integer));
        let first = cells.len();
        cells.extend(some.iter().map(|key| Cell::Integer(key.0)));
        // Places are numbered on from the cells before them.
        let among: Vec<String> = (first + 1..=cells.len()).map(|n| format!("?{n}")).collect();
        let sql = format!(
            "{SELECT} WHERE \"name\" = ?1 AND {stood} AND \"{near}\" IN ({}) ORDER BY \"{far}\"",
            among.join(", ")
        );
        for row in read.rows(&sql, &cells)? {
            found.push(link(row)?);
        }
    }
    Ok(found)
}

fn link(row: Row) -> Result<Link, Failure> {
    let mut row = Reading::new(row);
    Ok(Link {
        name: row.text()?,
        from: Key(row.integer()?),
        to: Key(row.integer()?),
        since: row.integer()?,
        until: row.some_integer(),
    })
}
