//! Opening SQLite connections: the settings that durability and memory depend on.

use super::errors::failure;
use crate::database::failure::Failure;
use crate::database::options::{self, Options};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;

/// Statements kept prepared, by connection.
const STATEMENTS: usize = 256;

/// Where the file is, and whether it is one of its own that goes away with its last user.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) temporary: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary {
            options::remove_file(&self.path);
        }
    }
}

/// The one connection that writes.
pub(crate) fn writing(place: &Place, options: &Options) -> Result<Connection, Failure> {
    // A commit is told as done only when the log is on disk, hence FULL; a file that is thrown
    // away need not survive a power cut. Memory-mapped files turn a read error into a signal.
    let synchronous = if place.temporary { "OFF" } else { "FULL" };
    let connection = open(place).map_err(failure)?;
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = {synchronous};
             PRAGMA cache_size = -8192;
             PRAGMA wal_autocheckpoint = 8000;
             PRAGMA journal_size_limit = 67108864;"
        ))
        .map_err(failure)?;
    small_work(&connection).map_err(failure)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update(None, "max_page_count", pages).map_err(failure)?;
    }
    Ok(connection)
}

/// What a unit would put into a temporary file, to be able to undo a statement of it, stays in
/// memory.
pub(super) fn small_work(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA temp_store = MEMORY")
}

/// Temporary files are used again: building an index sorts a whole table.
pub(super) fn large_work(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA temp_store = DEFAULT")
}

/// A connection that cannot write. Opened for writing all the same, because a reader of a
/// write-ahead log has to be able to repair its index.
pub(crate) fn reading(place: &Place) -> Result<Connection, Failure> {
    let connection = open(place).map_err(failure)?;
    let pragmas = "PRAGMA query_only = ON; PRAGMA cache_size = -2048;";
    connection.execute_batch(pragmas).map_err(failure)?;
    Ok(connection)
}

fn open(place: &Place) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&place.path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A name that is no column must be an error, never a text in double quotes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // One plan a statement: without this, statements whose plan might depend on a value are made
    // anew at each binding, which costs more than they do.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA busy_timeout = 5000;
         PRAGMA foreign_keys = OFF;
         PRAGMA mmap_size = 0;
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}
