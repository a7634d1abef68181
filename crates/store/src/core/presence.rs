//! `presence(record_key, person_key, until, typing_until, changed_at)`: who has a record open now,
//! by leases that run out by themselves; so that several processes on one database know alike. No
//! part of any history.

use super::reading::{Reading, places};
use crate::cell::Cell;
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;

/// One person at one record. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    pub record: Key,
    pub person: Key,
    pub until: i64,
    /// Until when they are taken to be typing.
    pub typing_until: Option<i64>,
    /// When they came, left, began or ceased to type.
    pub changed_at: i64,
}

const SELECT: &str = "SELECT \"record_key\", \"person_key\", \"until\", \"typing_until\", \
    \"changed_at\" FROM \"presence\" WHERE ";

/// Puts a lease, or another end of one.
pub fn put(unit: &mut Unit, row: &Presence) {
    let keys = [("record_key", row.record.0.into()), ("person_key", row.person.0.into())];
    let values = [
        ("until", row.until.into()),
        ("typing_until", row.typing_until.into()),
        ("changed_at", row.changed_at.into()),
    ];
    unit.put("presence", &keys, &values);
}

/// Who is at a record at an instant, by person.
///
/// # Errors
/// [`Failure`].
pub fn at_record(read: &dyn Read, record: Key, now: i64) -> Result<Vec<Presence>, Failure> {
    let sql =
        format!("{SELECT}\"record_key\" = ?1 AND \"until\" > ?2 ORDER BY \"person_key\" LIMIT 100");
    read.rows(&sql, &[record.0.into(), now.into()])?.into_iter().map(presence).collect()
}

/// The records at which somebody came, left or typed since an instant, each with when.
///
/// # Errors
/// [`Failure`].
pub fn changed_since(read: &dyn Read, at: i64) -> Result<Vec<(Key, i64)>, Failure> {
    let sql = format!("{SELECT}\"changed_at\" > ?1 LIMIT 1000");
    let rows = read.rows(&sql, &[at.into()])?.into_iter().map(presence);
    rows.map(|row| row.map(|row| (row.record, row.changed_at))).collect()
}

/// Of these records, those at which a person is.
///
/// # Errors
/// [`Failure`].
pub fn of_person(
    read: &dyn Read,
    person: Key,
    records: &[Key],
    now: i64,
) -> Result<Vec<Key>, Failure> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let mut cells: Vec<Cell> = records.iter().map(|key| key.0.into()).collect();
    let among = places(cells.len());
    cells.extend([person.0.into(), now.into()]);
    let sql = format!(
        "{SELECT}\"record_key\" IN ({among}) AND \"person_key\" = ?{} AND \"until\" > ?{}",
        cells.len() - 1,
        cells.len()
    );
    let rows = read.rows(&sql, &cells)?.into_iter().map(presence);
    rows.map(|row| row.map(|row| row.record)).collect()
}

/// Forgets the leases that ran out before an instant.
pub fn sweep(unit: &mut Unit, before: i64) {
    let sql = "DELETE FROM \"presence\" WHERE \"until\" < ?1";
    unit.push(Statement::new(sql, [before.into()]));
}

fn presence(row: crate::cell::Row) -> Result<Presence, Failure> {
    let mut row = Reading::new(row);
    Ok(Presence {
        record: Key(row.integer()?),
        person: Key(row.integer()?),
        until: row.integer()?,
        typing_until: row.some_integer(),
        changed_at: row.integer()?,
    })
}
