//! Backups: every table as it stood at one moment, in one file that either database reads, while
//! writes go on. So a backup is also the way from SQLite to PostgreSQL and back.
//!
//! What follows from the rest is left out and made again: indexes and views by the next sync, the
//! full-text index by a rebuild of it (setting `search.rebuild` asks for it); leases, which belong
//! to running processes. A copy of SQLite's pages would be read by SQLite alone and holds indexes
//! besides; the portable form was fast enough to need no second one (docs/performance.md).
//!
//! | part of the file | holds |
//! | --- | --- |
//! | first 12 bytes | `evenkeel-b1\n` |
//! | the rest | zstd with checksums: the tables, their counts, a SHA-256 of it all; see `format` |

mod format;
mod load;
mod save;

pub use load::{load, verify};
pub use save::save;

use crate::database::Failure;
use std::fmt;
use std::io;

/// How far it has come: called after each table and once in a while within one.
pub type Progress<'a> = &'a mut dyn FnMut(&Stage);

/// Where a backup stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub table: String,
    /// Of this table.
    pub rows: u64,
}

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    pub tables: u64,
    pub rows: u64,
    /// Of everything that was saved, before compression.
    pub sha256: [u8; 32],
}

/// Why a backup was not written or read.
#[derive(Debug)]
pub enum BackupError {
    Store(Failure),
    /// The file, or what stands for it.
    File(io::Error),
    /// The file is not a whole backup; why, in words.
    Broken(String),
    /// A backup is read into an empty database only.
    NotEmpty,
}

impl From<Failure> for BackupError {
    fn from(failure: Failure) -> BackupError {
        BackupError::Store(failure)
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> BackupError {
        BackupError::File(error)
    }
}

impl fmt::Display for BackupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupError::Store(failure) => failure.fmt(out),
            BackupError::File(error) => error.fmt(out),
            BackupError::Broken(why) => write!(out, "this is no whole backup: {why}"),
            BackupError::NotEmpty => out.write_str("the database holds tables already"),
        }
    }
}

impl std::error::Error for BackupError {}

const MAGIC: &[u8; 12] = b"evenkeel-b1\n";
