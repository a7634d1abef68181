//! `notification(person_key, entry_key, record_key, kind, detail, at, read_at)`: which entries of
//! history a person is told of, and why. Written in the unit of the entry; what may be shown of it
//! is decided when it is read.

use super::reading::{Reading, places};
use crate::cell::Cell;
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// One person told of one entry. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub person: Key,
    pub entry: i64,
    pub record: Key,
    /// The engine's word for why.
    pub kind: Arc<str>,
    /// The field or clock it is about.
    pub detail: Option<Arc<str>>,
    pub at: i64,
    pub read_at: Option<i64>,
}

pub fn insert(unit: &mut Unit, rows: &[Notification]) {
    let columns: Vec<&str> = rows.first().map(named).into_iter().flatten().map(|c| c.0).collect();
    let cells = |row| named(row).into_iter().map(|(_, cell)| cell).collect();
    if !rows.is_empty() {
        unit.insert_rows("notification", &columns, rows.iter().map(cells));
    }
}

fn named(row: &Notification) -> [(&'static str, Cell); 7] {
    [
        ("person_key", row.person.0.into()),
        ("entry_key", row.entry.into()),
        ("record_key", row.record.0.into()),
        ("kind", (&*row.kind).into()),
        ("detail", row.detail.as_deref().into()),
        ("at", row.at.into()),
        ("read_at", row.read_at.into()),
    ]
}

/// The same for one row, in the place of what the person was told of the entry before.
pub fn put(unit: &mut Unit, row: &Notification) {
    let [person, entry, rest @ ..] = named(row);
    unit.put("notification", &[person, entry], &rest);
}

/// What a person was told, newest first, before an entry where one is given.
///
/// # Errors
/// [`Failure`].
pub fn newest(
    read: &dyn Read,
    person: Key,
    only_unread: bool,
    before: Option<i64>,
    most: usize,
) -> Result<Vec<Notification>, Failure> {
    let unread = if only_unread { "AND \"read_at\" IS NULL " } else { "" };
    let sql = format!(
        "SELECT \"person_key\", \"entry_key\", \"record_key\", \"kind\", \"detail\", \"at\", \
         \"read_at\" FROM \"notification\" WHERE \"person_key\" = ?1 AND \"entry_key\" < ?2 \
         {unread}ORDER BY \"entry_key\" DESC LIMIT {most}"
    );
    let cells = [person.0.into(), before.unwrap_or(i64::MAX).into()];
    let rows = read.rows(&sql, &cells)?.into_iter().map(|row| {
        let mut row = Reading::new(row);
        Ok(Notification {
            person: Key(row.integer()?),
            entry: row.integer()?,
            record: Key(row.integer()?),
            kind: row.text()?,
            detail: row.some_text(),
            at: row.integer()?,
            read_at: row.some_integer(),
        })
    });
    rows.collect()
}

/// A person has read what they were told of these entries.
pub fn read(unit: &mut Unit, person: Key, entries: &[i64], at: i64) {
    for some in entries.chunks(200) {
        let mut cells: Vec<Cell> = some.iter().map(|entry| (*entry).into()).collect();
        let among = places(cells.len());
        cells.extend([at.into(), person.0.into()]);
        let sql = format!(
            "UPDATE \"notification\" SET \"read_at\" = ?{} WHERE \"person_key\" = ?{} AND \
             \"read_at\" IS NULL AND \"entry_key\" IN ({among})",
            cells.len() - 1,
            cells.len()
        );
        unit.push(Statement::new(sql, cells));
    }
}

/// A person has read what they were told of this entry and of those before it.
pub fn read_to(unit: &mut Unit, person: Key, entry: i64, at: i64) {
    let sql = "UPDATE \"notification\" SET \"read_at\" = ?1 WHERE \"person_key\" = ?2 AND \
               \"read_at\" IS NULL AND \"entry_key\" <= ?3";
    unit.push(Statement::new(sql, [at.into(), person.0.into(), entry.into()]));
}

/// A person has read all they were told so far.
pub fn read_all(unit: &mut Unit, person: Key, at: i64) {
    let matching = [("person_key", person.0.into()), ("read_at", Cell::Null)];
    unit.update_where("notification", &[("read_at", at.into())], &matching, None);
}

/// Forgets what was read before one instant, and what was told before another and never read.
pub fn sweep(unit: &mut Unit, read: i64, told: i64) {
    let sql = "DELETE FROM \"notification\" WHERE \"read_at\" < ?1";
    unit.push(Statement::new(sql, [read.into()]));
    let sql = "DELETE FROM \"notification\" WHERE \"read_at\" IS NULL AND \"at\" < ?1";
    unit.push(Statement::new(sql, [told.into()]));
}
