//! What SQLite's result codes mean for a caller.

use crate::database::failure::Failure;
use rusqlite::{Connection, Error, ErrorCode, ffi};

/// The failure that an error stands for. A refused value is named by [`named`].
pub(crate) fn failure(error: Error) -> Failure {
    let Error::SqliteFailure(code, message) = &error else {
        return Failure::Fault(error.to_string());
    };
    match (code.code, code.extended_code) {
        // The index of the log could not grow: the disk is full too.
        (_, ffi::SQLITE_IOERR_SHMSIZE) => Failure::Full,
        (ErrorCode::DiskFull | ErrorCode::ReadOnly, _) => Failure::Full,
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => {
            Failure::Unavailable("another program holds the database file".into())
        }
        (ErrorCode::CannotOpen, _) => Failure::Unavailable(error.to_string()),
        (ErrorCode::OperationInterrupted, _) => Failure::TooLong,
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            Failure::Duplicate { index: message.clone().unwrap_or_default() }
        }
        _ => Failure::Fault(error.to_string()),
    }
}

/// True after an error that leaves it open what is on the disk: the kernel may have dropped the
/// pages that it could not write, so a second attempt would lie. The process has to end and
/// recover from the log.
pub(crate) fn is_fatal(error: &Error) -> bool {
    const FATAL: [i32; 2] = [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_DIR_FSYNC];
    error.sqlite_error().is_some_and(|code| FATAL.contains(&code.extended_code))
}

/// A duplicate with the name of the index; SQLite's message tells its columns only.
pub(crate) fn named(connection: &Connection, error: Error) -> Failure {
    match failure(error) {
        Failure::Duplicate { index: message } => {
            let index = index_of(connection, &message).unwrap_or(message);
            Failure::Duplicate { index }
        }
        other => other,
    }
}

/// From `UNIQUE constraint failed: team.a, team.b`, or `.. failed: index 'name'`.
fn index_of(connection: &Connection, message: &str) -> Option<String> {
    let what = message.split_once("failed: ")?.1;
    if let Some(name) = what.strip_prefix("index '") {
        return Some(name.trim_end_matches('\'').to_string());
    }
    let columns: Vec<&str> = what.split(", ").filter_map(|c| Some(c.rsplit_once('.')?.1)).collect();
    let table = what.split_once('.')?.0;
    let sql = "SELECT l.name, l.origin, group_concat(i.name, ', ') FROM pragma_index_list(?1) l \
               JOIN pragma_index_info(l.name) i WHERE l.\"unique\" GROUP BY l.name";
    let mut statement = connection.prepare_cached(sql).ok()?;
    let indexes = statement.query_map([table], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
    });
    let wanted = columns.join(", ");
    let found = indexes.ok()?.flatten().find(|(_, _, columns)| columns.as_ref() == Some(&wanted));
    match found {
        Some((name, origin, _)) if origin == "c" => Some(name),
        // A primary key, or the row number that stands for one, has the name PostgreSQL gives it.
        _ => Some(format!("{table}_pkey")),
    }
}
