//! `vote(record_key, approval, round, person_key, other_key, decision, at, digest, note)`: who
//! decided what on an approval; `other_key` is the person in whose place, or to whom it was
//! passed. A round ends when the fields that were seen change; `digest` is over those fields, so
//! that a grant is bound to what was granted. One vote a person and round.

use super::reading::Reading;
use crate::cell::Row;
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;

const COLUMNS: &str = "\"record_key\", \"approval\", \"round\", \"person_key\", \"other_key\", \
    \"decision\", \"at\", \"digest\", \"note\"";

/// One decision of one person. `at`: microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    pub record_key: Key,
    pub approval: Arc<str>,
    pub round: i64,
    pub person_key: Key,
    pub other_key: Option<Key>,
    pub decision: Arc<str>,
    pub at: i64,
    pub digest: Arc<[u8]>,
    pub note: Option<Arc<str>>,
}

/// Writes it; a second one in the round is a duplicate of `vote_pkey`.
pub fn insert(unit: &mut Unit, vote: &Vote) {
    unit.insert(
        "vote",
        &[
            ("record_key", vote.record_key.0.into()),
            ("approval", (&*vote.approval).into()),
            ("round", vote.round.into()),
            ("person_key", vote.person_key.0.into()),
            ("other_key", vote.other_key.map(|key| key.0).into()),
            ("decision", (&*vote.decision).into()),
            ("at", vote.at.into()),
            ("digest", vote.digest.to_vec().into()),
            ("note", vote.note.as_deref().into()),
        ],
    );
}

/// All votes on a record, oldest first.
///
/// # Errors
/// [`Failure`].
pub fn of_record(read: &dyn Read, record: Key) -> Result<Vec<Vote>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM \"vote\" WHERE \"record_key\" = ?1 \
         ORDER BY \"at\", \"person_key\""
    );
    read.rows(&sql, &[record.0.into()])?.into_iter().map(vote).collect()
}

/// The records on which the person voted, the last votes first.
///
/// # Errors
/// [`Failure`].
pub fn of_person(read: &dyn Read, person: Key, most: usize) -> Result<Vec<Vote>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM \"vote\" WHERE \"person_key\" = ?1 ORDER BY \"at\" DESC LIMIT {most}"
    );
    read.rows(&sql, &[person.0.into()])?.into_iter().map(vote).collect()
}

/// The votes in which somebody let this person decide in their place, the last first.
///
/// # Errors
/// [`Failure`].
pub fn passed_to(read: &dyn Read, person: Key, most: usize) -> Result<Vec<Vote>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM \"vote\" WHERE \"decision\" = 'delegated' AND \"other_key\" = ?1 \
         ORDER BY \"at\" DESC LIMIT {most}"
    );
    read.rows(&sql, &[person.0.into()])?.into_iter().map(vote).collect()
}

fn vote(row: Row) -> Result<Vote, Failure> {
    let mut row = Reading::new(row);
    Ok(Vote {
        record_key: Key(row.integer()?),
        approval: row.text()?,
        round: row.integer()?,
        person_key: Key(row.integer()?),
        other_key: row.some_integer().map(Key),
        decision: row.text()?,
        at: row.integer()?,
        digest: row.bytes()?,
        note: row.some_text(),
    })
}
