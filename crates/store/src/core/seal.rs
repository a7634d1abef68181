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
use super::reading::Reading;
use super::setting;
use crate::cell::Cell;
use crate::database::{Failure, Read, Unit};

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

const FRONTIER: &str = "ledger.frontier";

/// The entries that wait, in the order in which they must be sealed.
///
/// # Errors
/// [`Failure`].
pub fn waiting(read: &dyn Read, most: usize) -> Result<Vec<Waiting>, Failure> {
    let sql = format!(
        "SELECT u.\"place\", {COLUMNS}, {HEADED} FROM {HEADED_FROM} \
         JOIN (SELECT \"place\", \"entry_key\" FROM \"unsealed\" \
         ORDER BY \"place\" LIMIT {most}) u ON u.\"entry_key\" = h.\"key\" ORDER BY u.\"place\""
    );
    let rows = read.rows(&sql, &[])?.into_iter().map(|row| {
        let mut row = Reading::new(row);
        Ok(Waiting { place: row.integer()?, headed: headed(&mut row)? })
    });
    rows.collect()
}

/// Gives the positions, in one unit that is a conflict unless the lease is still held.
pub fn append(unit: &mut Unit, lease: &Lease, batch: &Batch) {
    lease.check(unit);
    for (position, place, entry, hash) in &batch.leaves {
        unit.delete_where("unsealed", &[("place", (*place).into())], Some(1));
        let hash = hash.to_vec().into();
        let values =
            [("position", (*position).into()), ("entry_key", (*entry).into()), ("hash", hash)];
        unit.insert("leaf", &values);
    }
    for (level, position, hash) in &batch.nodes {
        let hash = hash.to_vec().into();
        let level = i64::from(*level).into();
        let values = [("level", level), ("position", (*position).into()), ("hash", hash)];
        unit.insert("tree_node", &values);
    }
    setting::put(unit, FRONTIER, &hex(&batch.frontier));
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
