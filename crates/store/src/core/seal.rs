//! The ledger's tables: `unsealed(place, entry_key)`, `leaf(position, entry_key, hash)`,
//! `tree_node(level, position, hash)`, `checkpoint(size, note, at)`. One process at a time, the
//! holder of the lease, gives positions to entries after their commit. How hashes are made is the
//! ledger's, not known here.
//!
//! **No entry is skipped.** In PostgreSQL units commit in another order than their keys; so each
//! unit that writes an entry also writes its key into `unsealed`, and the sealer takes it out in
//! the unit that gives the position: an entry is either waiting or sealed, however late it comes.
//!
//! **Order.** `place` is given by the database when the row is written. An act on a record writes
//! it while it holds the record's row, so a later version has a later place, and is not seen
//! before the earlier one is. The sealer takes the lowest places first: versions of a record are
//! sealed in order, and so is an act that was decided on a state another act had made.

use super::history::{COLUMNS, HEADED, HEADED_FROM, Headed, headed};
use super::lease::Lease;
use super::reading::{Reading, count, places as listed};
use super::setting;
use crate::cell::Cell;
use crate::database::{Failure, Read, Statement, Unit};
use std::collections::HashMap;

pub type Hash = [u8; 32];

/// An entry that waits for its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub place: i64,
    pub headed: Headed,
}

/// An entry with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub position: i64,
    pub hash: Hash,
    pub headed: Headed,
}

/// A checkpoint: the size of the tree, the signed note, the instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub size: i64,
    pub note: std::sync::Arc<str>,
    pub at: i64,
}

/// A batch for [`append`].
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Position, the place and key it had waited under, leaf hash.
    pub leaves: Vec<(i64, i64, i64, Hash)>,
    /// Level, position within it, hash of nodes that became complete.
    pub nodes: Vec<(u8, i64, Hash)>,
    /// The state of the tree after the batch.
    pub frontier: Vec<u8>,
}

/// Entries in one statement, at most; a power of two.
const CHUNK: usize = 256;
const FRONTIER: &str = "ledger.frontier";

/// The entries that wait, in the order in which they must be sealed.
///
/// # Errors
/// [`Failure`].
pub fn waiting(read: &dyn Read, most: usize) -> Result<Vec<Waiting>, Failure> {
    // In two steps: joined in one, PostgreSQL takes the limit for the number of rows, and reads
    // the whole history for the few that wait.
    let sql = format!(
        "SELECT \"place\", \"entry_key\" FROM \"unsealed\" ORDER BY \"place\" LIMIT {most}"
    );
    let mut places = Vec::new();
    for row in read.rows(&sql, &[])? {
        let mut row = Reading::new(row);
        places.push((row.integer()?, row.integer()?));
    }
    let mut all = Vec::with_capacity(places.len());
    for some in places.chunks(CHUNK) {
        let mut found = HashMap::with_capacity(some.len());
        let keys: Vec<Cell> = padded(some.iter().map(|(_, entry)| Cell::from(*entry)).collect());
        let sql = format!(
            "SELECT {COLUMNS}, {HEADED} FROM {HEADED_FROM} WHERE h.\"key\" IN ({})",
            listed(keys.len())
        );
        for row in read.rows(&sql, &keys)? {
            let one = headed(&mut Reading::new(row))?;
            found.insert(one.entry.key, one);
        }
        for (place, entry) in some {
            let missing = || Failure::Fault(format!("entry {entry} of the history is missing"));
            let headed = found.remove(entry).ok_or_else(missing)?;
            all.push(Waiting { place: *place, headed });
        }
    }
    Ok(all)
}

/// How many entries wait for their position.
///
/// # Errors
/// [`Failure`].
pub fn waiting_count(read: &dyn Read) -> Result<u64, Failure> {
    let waiting = count(read, "SELECT count(*) FROM \"unsealed\"", &[])?;
    Ok(u64::try_from(waiting).unwrap_or(0))
}

/// The last one again until there is a power of two of them: few texts for any number.
fn padded(mut cells: Vec<Cell>) -> Vec<Cell> {
    let last = cells.last().cloned();
    cells.resize(cells.len().next_power_of_two(), last.unwrap_or_default());
    cells
}

/// Gives the positions, in one unit that is a conflict unless the lease is still held.
pub fn append(unit: &mut Unit, lease: &Lease, batch: &Batch) {
    lease.check(unit);
    for some in in_powers(&batch.leaves) {
        let sql = format!("DELETE FROM \"unsealed\" WHERE \"place\" IN ({})", listed(some.len()));
        let places: Vec<Cell> = some.iter().map(|(_, place, ..)| Cell::from(*place)).collect();
        unit.push(Statement::new(sql, places).expecting(some.len() as u64));
        let rows = some.iter().map(|(position, _, entry, hash)| {
            vec![(*position).into(), (*entry).into(), hash.to_vec().into()]
        });
        unit.insert_rows("leaf", &["position", "entry_key", "hash"], rows);
    }
    for some in in_powers(&batch.nodes) {
        let rows = some.iter().map(|(level, position, hash)| {
            vec![i64::from(*level).into(), (*position).into(), hash.to_vec().into()]
        });
        unit.insert_rows("tree_node", &["level", "position", "hash"], rows);
    }
    setting::put(unit, FRONTIER, &hex(&batch.frontier));
}

/// Parts of the list, each a power of two long: few texts for any number.
fn in_powers<T>(mut list: &[T]) -> Vec<&[T]> {
    let mut parts = Vec::new();
    while !list.is_empty() {
        let most = list.len().min(CHUNK);
        let (part, rest) = list.split_at(1 << most.ilog2());
        parts.push(part);
        list = rest;
    }
    parts
}

/// The state of the tree as [`append`] left it; none before the first batch.
///
/// # Errors
/// [`Failure`].
pub fn frontier(read: &dyn Read) -> Result<Option<Vec<u8>>, Failure> {
    let Some(text) = setting::get(read, FRONTIER)? else { return Ok(None) };
    let broken = || Failure::Fault("the state of the ledger is not readable".into());
    unhex(&text).map(Some).ok_or_else(broken)
}

/// Sealed entries from a position on, in order: the feed of changes.
///
/// # Errors
/// [`Failure`].
pub fn from(read: &dyn Read, position: i64, most: usize) -> Result<Vec<Sealed>, Failure> {
    let sql = format!(
        "SELECT l.\"position\", l.\"hash\", {COLUMNS}, {HEADED} FROM {HEADED_FROM} \
         JOIN \"leaf\" l ON l.\"entry_key\" = h.\"key\" \
         WHERE l.\"position\" >= ?1 AND l.\"position\" < ?2 ORDER BY l.\"position\""
    );
    let end = position.saturating_add(i64::try_from(most).unwrap_or(i64::MAX));
    let rows = read.rows(&sql, &[position.into(), end.into()])?.into_iter().map(|row| {
        let mut row = Reading::new(row);
        let (position, hash) = (row.integer()?, row.array()?);
        Ok(Sealed { position, hash, headed: headed(&mut row)? })
    });
    rows.collect()
}

/// The position that the next sealed entry gets: where a reader of the feed goes on who has read it
/// all.
///
/// # Errors
/// [`Failure`].
pub fn end(read: &dyn Read) -> Result<i64, Failure> {
    let rows = read.rows("SELECT max(\"position\") FROM \"leaf\"", &[])?;
    let last = rows.first().and_then(|row| row.first()?.integer());
    Ok(last.map_or(0, |last| last + 1))
}

/// The position of an entry, once it has one.
///
/// # Errors
/// [`Failure`].
pub fn position(read: &dyn Read, entry: i64) -> Result<Option<i64>, Failure> {
    let sql = "SELECT \"position\" FROM \"leaf\" WHERE \"entry_key\" = ?1";
    let rows = read.rows(sql, &[entry.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()))
}

/// The hashes of `count` stored nodes of a level (0: leaves) from a position on; fewer where the
/// tree ends.
///
/// # Errors
/// [`Failure`].
pub fn nodes(read: &dyn Read, level: u8, from: i64, count: i64) -> Result<Vec<Hash>, Failure> {
    let range = [from.into(), (from + count).into()];
    let rows = if level == 0 {
        let sql = "SELECT \"hash\" FROM \"leaf\" \
                   WHERE \"position\" >= ?1 AND \"position\" < ?2 ORDER BY \"position\"";
        read.rows(sql, &range)?
    } else {
        let sql = "SELECT \"hash\" FROM \"tree_node\" WHERE \"level\" = ?3 \
                   AND \"position\" >= ?1 AND \"position\" < ?2 ORDER BY \"position\"";
        let [from, to] = range;
        read.rows(sql, &[from, to, Cell::from(i64::from(level))])?
    };
    rows.into_iter().map(|row| Reading::new(row).array()).collect()
}

/// Keeps a checkpoint; one of the same size is kept as it was.
pub fn keep_checkpoint(unit: &mut Unit, checkpoint: &Checkpoint) {
    let (size, at) = (checkpoint.size.into(), checkpoint.at.into());
    let values = [("size", size), ("note", (&*checkpoint.note).into()), ("at", at)];
    unit.insert_absent("checkpoint", &values);
}

/// The newest checkpoints, newest first.
///
/// # Errors
/// [`Failure`].
pub fn checkpoints(read: &dyn Read, most: usize) -> Result<Vec<Checkpoint>, Failure> {
    let sql = format!(
        "SELECT \"size\", \"note\", \"at\" FROM \"checkpoint\" ORDER BY \"size\" DESC LIMIT {most}"
    );
    let rows = read.rows(&sql, &[])?.into_iter().map(|row| {
        let mut row = Reading::new(row);
        Ok(Checkpoint { size: row.integer()?, note: row.text()?, at: row.integer()? })
    });
    rows.collect()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
