//! `blob(content, sha256, bytes, at)` and `blob_part(content, part, bytes)`: the contents of files,
//! once each, in parts of 1 MiB, so that no file is ever whole in memory. They stand in the
//! database, because then one backup holds all and every process sees them.
//!
//! A content gets its hash when its last part is written. One that never did (a broken upload) is
//! taken out by [`sweep`].

use super::reading::Reading;
use super::sequence;
use crate::cell::Cell;
use crate::database::{Database, Failure, Read, Statement, Unit};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Bytes in a part.
pub const PART: usize = 1 << 20;

/// A stored content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    content: i64,
    /// Lower-case hex.
    pub sha256: Arc<str>,
    pub bytes: i64,
}

/// Why a content was not stored.
#[derive(Debug)]
pub enum PutError {
    /// The source could not be read to its end.
    Source(io::Error),
    /// It has more bytes than allowed.
    TooLarge,
    Store(Failure),
}

impl From<Failure> for PutError {
    fn from(failure: Failure) -> PutError {
        PutError::Store(failure)
    }
}

/// Stores what the source gives, up to `most` bytes; the same content twice is stored once.
/// `now` in microseconds.
///
/// # Errors
/// [`PutError`]; nothing that was stored is found under a hash then.
pub fn put(
    database: &Database,
    source: &mut dyn io::Read,
    most: u64,
    now: i64,
) -> Result<Blob, PutError> {
    let content = sequence::take(database, "blob", 1)?.start;
    let mut unit = Unit::new();
    let values = [("content", content.into()), ("bytes", Cell::Integer(0)), ("at", now.into())];
    unit.insert("blob", &values);
    database.write(unit)?;
    let written = write_parts(database, source, content, most);
    let (sha256, bytes) = match written {
        Ok(written) => written,
        Err(error) => {
            remove(database, content)?;
            return Err(error);
        }
    };
    if let Some(blob) = find(database, &sha256)? {
        remove(database, content)?;
        return Ok(blob);
    }
    match database.write(named(content, &sha256, bytes)) {
        Ok(()) => Ok(Blob { content, sha256, bytes }),
        // Another stored the same meanwhile.
        Err(Failure::Duplicate { index }) => {
            remove(database, content)?;
            find(database, &sha256)?.ok_or(PutError::Store(Failure::Duplicate { index }))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn write_parts(
    database: &Database,
    source: &mut dyn io::Read,
    content: i64,
    most: u64,
) -> Result<(Arc<str>, i64), PutError> {
    let (mut hash, mut bytes, mut part) = (Sha256::new(), 0_u64, 0_i64);
    loop {
        let block = read_part(source).map_err(PutError::Source)?;
        if block.is_empty() {
            break;
        }
        bytes += block.len() as u64;
        if bytes > most {
            return Err(PutError::TooLarge);
        }
        hash.update(&block);
        let mut unit = Unit::new();
        let values = [("content", content.into()), ("part", part.into()), ("bytes", block.into())];
        unit.insert("blob_part", &values);
        database.write(unit)?;
        part += 1;
    }
    let sha256 = hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok((sha256.into(), i64::try_from(bytes).unwrap_or(i64::MAX)))
}

fn read_part(source: &mut dyn io::Read) -> io::Result<Vec<u8>> {
    let mut block = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(source, PART as u64), &mut block)?;
    Ok(block)
}

fn named(content: i64, sha256: &str, bytes: i64) -> Unit {
    let mut unit = Unit::new();
    let set = [("sha256", sha256.into()), ("bytes", bytes.into())];
    unit.update_where("blob", &set, &[("content", content.into())], Some(1));
    unit
}

fn remove(database: &Database, content: i64) -> Result<(), Failure> {
    let mut unit = Unit::new();
    unit.delete_where("blob_part", &[("content", content.into())], None);
    unit.delete_where("blob", &[("content", content.into())], None);
    database.write(unit)
}

/// The content with this hash, if it is stored.
///
/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, sha256: &str) -> Result<Option<Blob>, Failure> {
    let sql = "SELECT \"content\", \"sha256\", \"bytes\" FROM \"blob\" WHERE \"sha256\" = ?1";
    let found = read.rows(sql, &[sha256.into()])?.into_iter().next().map(|row| {
        let mut row = Reading::new(row);
        Ok(Blob { content: row.integer()?, sha256: row.text()?, bytes: row.integer()? })
    });
    found.transpose()
}

/// Its parts one after the other, until the end or until the caller has enough.
///
/// # Errors
/// [`Failure`].
pub fn read(
    read: &dyn Read,
    blob: &Blob,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<(), Failure> {
    for number in 0..part_count(blob) {
        if take(&part(read, blob, number)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// How many parts it has.
pub fn part_count(blob: &Blob) -> i64 {
    (blob.bytes + PART as i64 - 1) / PART as i64
}

/// One part, counted from 0.
///
/// # Errors
/// [`Failure`]; a missing part is a fault.
pub fn part(read: &dyn Read, blob: &Blob, number: i64) -> Result<Arc<[u8]>, Failure> {
    let sql = "SELECT \"bytes\" FROM \"blob_part\" WHERE \"content\" = ?1 AND \"part\" = ?2";
    let rows = read.rows(sql, &[blob.content.into(), number.into()])?;
    let missing = || Failure::Fault(format!("part {number} of {} is missing", blob.sha256));
    Reading::new(rows.into_iter().next().ok_or_else(missing)?).bytes()
}

/// Takes a content out. Whether anything refers to it is for the caller to know.
///
/// # Errors
/// [`Failure`].
pub fn erase(database: &Database, sha256: &str) -> Result<(), Failure> {
    match find(database, sha256)? {
        Some(blob) => remove(database, blob.content),
        None => Ok(()),
    }
}

/// Takes uploads out that began before an instant and never ended.
///
/// # Errors
/// [`Failure`].
pub fn sweep(database: &Database, before: i64) -> Result<(), Failure> {
    let condition = "\"sha256\" IS NULL AND \"at\" < ?1";
    let parts = format!(
        "DELETE FROM \"blob_part\" WHERE \"content\" IN \
         (SELECT \"content\" FROM \"blob\" WHERE {condition})"
    );
    let mut unit = Unit::new();
    unit.push(Statement::new(parts, [before.into()]));
    unit.push(Statement::new(format!("DELETE FROM \"blob\" WHERE {condition}"), [before.into()]));
    database.write(unit)
}
