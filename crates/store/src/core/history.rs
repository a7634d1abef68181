//! `history(key, id, record_key, type, kind, transition, at, recorded_at, actor_key, actor,
//! definition, version, internal, body)`: one row an act, written in the unit of the act and never
//! changed, but for erasure. `body` is the ledger's list of fields. Which position in the ledger
//! an entry has is not written here: see `seal`.
//!
//! Within a record the order of acts is `(version, key)`; keys alone do not order acts that
//! several processes wrote.

use super::reading::{Reading, places};
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;
use uuid::Uuid;

/// One act on a record. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: i64,
    pub id: Uuid,
    pub record_key: Key,
    pub record_type: Arc<str>,
    pub kind: Arc<str>,
    pub transition: Option<Arc<str>>,
    /// When it happened.
    pub at: i64,
    /// When it was written down.
    pub recorded_at: i64,
    pub actor_key: Option<Key>,
    pub actor: Arc<str>,
    /// The number of the definitions it was done under.
    pub definition: i64,
    /// The record's version after it.
    pub version: i64,
    /// Shown only to those who may read internal notes.
    pub internal: bool,
    pub body: Arc<[u8]>,
}

/// An entry with what else the ledger commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headed {
    pub entry: Entry,
    pub record_id: Uuid,
    pub record_number: Option<i64>,
    pub actor_id: Option<Uuid>,
}

/// Where a page of a record's history goes on: the version and key of its last entry.
pub type After = (i64, i64);

pub(crate) const COLUMNS: &str = "h.\"key\", h.\"id\", h.\"record_key\", h.\"type\", h.\"kind\", \
    h.\"transition\", h.\"at\", h.\"recorded_at\", h.\"actor_key\", h.\"actor\", \
    h.\"definition\", h.\"version\", h.\"internal\", h.\"body\"";

/// What [`headed`] reads, from `history h` on.
pub(crate) const HEADED: &str = "r.\"id\", r.\"number\", a.\"id\"";
pub(crate) const HEADED_FROM: &str = "\"history\" h \
    JOIN \"record\" r ON r.\"key\" = h.\"record_key\" \
    LEFT JOIN \"record\" a ON a.\"key\" = h.\"actor_key\"";

/// Writes the act down and queues it for the ledger. Push it after the statements that write the
/// record: in PostgreSQL the record's row is locked by then, so that two acts on one record queue
/// in the order of their versions.
pub fn insert(unit: &mut Unit, entry: &Entry) {
    unit.insert(
        "history",
        &[
            ("key", entry.key.into()),
            ("id", entry.id.as_bytes().to_vec().into()),
            ("record_key", entry.record_key.0.into()),
            ("type", (&*entry.record_type).into()),
            ("kind", (&*entry.kind).into()),
            ("transition", entry.transition.as_deref().into()),
            ("at", entry.at.into()),
            ("recorded_at", entry.recorded_at.into()),
            ("actor_key", entry.actor_key.map(|key| key.0).into()),
            ("actor", (&*entry.actor).into()),
            ("definition", entry.definition.into()),
            ("version", entry.version.into()),
            ("internal", entry.internal.into()),
            ("body", Cell::Blob(entry.body.clone())),
        ],
    );
    unit.insert("unsealed", &[("entry_key", entry.key.into())]);
}

/// Puts another body in the place of an entry's, whose commitments it must keep: erasure.
pub fn replace_body(unit: &mut Unit, key: i64, body: &[u8]) {
    let set = [("body", body.to_vec().into())];
    unit.update_where("history", &set, &[("key", key.into())], Some(1));
}

/// Which entries of a record are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Those older than this one.
    pub after: Option<After>,
    /// Those up to this instant, in microseconds.
    pub until: Option<i64>,
    /// Only what somebody said, or only what was done.
    pub said: Option<bool>,
}

/// A page of a record's history, newest first; without internal entries where not asked for.
///
/// # Errors
/// [`Failure`].
pub fn of_record(
    read: &dyn Read,
    record: Key,
    internal: bool,
    wanted: Wanted,
    most: usize,
) -> Result<Vec<Entry>, Failure> {
    let mut cells: Row = vec![record.0.into()];
    let mut sql = format!("SELECT {COLUMNS} FROM \"history\" h WHERE h.\"record_key\" = ?1");
    if let Some((version, key)) = wanted.after {
        sql += " AND (h.\"version\" < ?2 OR (h.\"version\" = ?2 AND h.\"key\" < ?3))";
        cells.extend([version.into(), key.into()]);
    }
    if let Some(until) = wanted.until {
        cells.push(until.into());
        sql += &format!(" AND h.\"at\" <= ?{}", cells.len());
    }
    if let Some(said) = wanted.said {
        let not = if said { "" } else { "NOT " };
        sql += &format!(" AND h.\"kind\" {not}IN ('comment', 'note')");
    }
    if !internal {
        sql += " AND NOT h.\"internal\"";
    }
    sql += &format!(" ORDER BY h.\"version\" DESC, h.\"key\" DESC LIMIT {most}");
    read.rows(&sql, &cells)?.into_iter().map(|row| entry(&mut Reading::new(row))).collect()
}

/// The records that somebody's newest acts were on, with the instant of each act, newest first: as
/// many acts as are asked for, so that a record may come more than once.
///
/// # Errors
/// [`Failure`].
pub fn of_actor(read: &dyn Read, actor: Key, most: usize) -> Result<Vec<(Key, i64)>, Failure> {
    let sql = format!(
        "SELECT \"record_key\", \"at\" FROM \"history\" WHERE \"actor_key\" = ?1 \
         ORDER BY \"at\" DESC LIMIT {most}"
    );
    let act = |row| {
        let mut row = Reading::new(row);
        Ok((Key(row.integer()?), row.integer()?))
    };
    read.rows(&sql, &[actor.0.into()])?.into_iter().map(act).collect()
}

/// Of these records, those that have an entry of one of these kinds.
///
/// # Errors
/// [`Failure`].
pub fn having(read: &dyn Read, records: &[Key], kinds: &[&str]) -> Result<Vec<Key>, Failure> {
    let mut found = Vec::new();
    for some in records.chunks(500) {
        let mut cells: Row = some.iter().map(|key| key.0.into()).collect();
        let among = places(cells.len());
        let first = cells.len() + 1;
        cells.extend(kinds.iter().map(|kind| Cell::from(*kind)));
        let kinds: Vec<String> = (first..=cells.len()).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "SELECT DISTINCT \"record_key\" FROM \"history\" WHERE \"record_key\" IN ({among}) \
             AND \"kind\" IN ({})",
            kinds.join(", ")
        );
        let rows = read.rows(&sql, &cells)?;
        found.extend(rows.iter().filter_map(|row| row.first()?.integer().map(Key)));
    }
    Ok(found)
}

/// The entries with these keys, in any order.
///
/// # Errors
/// [`Failure`].
pub fn by_keys(read: &dyn Read, keys: &[i64]) -> Result<Vec<Entry>, Failure> {
    let mut found = Vec::with_capacity(keys.len());
    for some in keys.chunks(500) {
        let cells: Vec<Cell> = some.iter().map(|key| (*key).into()).collect();
        let among = places(some.len());
        let sql = format!("SELECT {COLUMNS} FROM \"history\" h WHERE h.\"key\" IN ({among})");
        for row in read.rows(&sql, &cells)? {
            found.push(entry(&mut Reading::new(row))?);
        }
    }
    Ok(found)
}

pub(crate) fn entry(row: &mut Reading) -> Result<Entry, Failure> {
    Ok(Entry {
        key: row.integer()?,
        id: Uuid::from_bytes(row.array()?),
        record_key: Key(row.integer()?),
        record_type: row.text()?,
        kind: row.text()?,
        transition: row.some_text(),
        at: row.integer()?,
        recorded_at: row.integer()?,
        actor_key: row.some_integer().map(Key),
        actor: row.text()?,
        definition: row.integer()?,
        version: row.integer()?,
        internal: row.boolean(),
        body: row.bytes()?,
    })
}

pub(crate) fn headed(row: &mut Reading) -> Result<Headed, Failure> {
    Ok(Headed {
        entry: entry(row)?,
        record_id: Uuid::from_bytes(row.array()?),
        record_number: row.some_integer(),
        actor_id: row.some_array().map(Uuid::from_bytes),
    })
}
