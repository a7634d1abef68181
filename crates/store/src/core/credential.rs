//! `credential(account_key, hash, changed_at, failed_count, locked_until)`: the password of an
//! account as its argon2 hash, and how often it was given wrongly since it was given rightly. How
//! long an account is locked is decided above.

use super::reading::Reading;
use crate::cell::Cell;
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub account_key: Key,
    pub hash: Arc<str>,
    pub changed_at: i64,
    pub failed_count: i64,
    pub locked_until: Option<i64>,
}

/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, account: Key) -> Result<Option<Credential>, Failure> {
    let sql = "SELECT \"account_key\", \"hash\", \"changed_at\", \"failed_count\", \
               \"locked_until\" FROM \"credential\" WHERE \"account_key\" = ?1";
    let found = read.rows(sql, &[account.0.into()])?.into_iter().next().map(|row| {
        let mut row = Reading::new(row);
        Ok(Credential {
            account_key: Key(row.integer()?),
            hash: row.text()?,
            changed_at: row.integer()?,
            failed_count: row.integer()?,
            locked_until: row.some_integer(),
        })
    });
    found.transpose()
}

/// How many accounts have a password.
///
/// # Errors
/// [`Failure`].
pub fn count(read: &dyn Read) -> Result<i64, Failure> {
    let rows = read.rows("SELECT count(*) FROM \"credential\"", &[])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

/// A new password; it unlocks.
pub fn set(unit: &mut Unit, account: Key, hash: &str, at: i64) {
    let values = [
        ("hash", hash.into()),
        ("changed_at", at.into()),
        ("failed_count", Cell::Integer(0)),
        ("locked_until", Cell::Null),
    ];
    unit.put("credential", &[("account_key", account.0.into())], &values);
}

/// A wrong password was given. The count is raised in the database, so that many attempts at once
/// count each.
pub fn failed(unit: &mut Unit, account: Key, locked_until: Option<i64>) {
    // A lock is never shortened by an attempt that was judged before another.
    let sql = "UPDATE \"credential\" SET \"failed_count\" = \"failed_count\" + 1, \
               \"locked_until\" = CASE WHEN \"locked_until\" > ?1 OR ?1 IS NULL \
               THEN \"locked_until\" ELSE ?1 END WHERE \"account_key\" = ?2";
    unit.push(Statement::new(sql, [locked_until.into(), account.0.into()]));
}

/// The right password was given.
pub fn succeeded(unit: &mut Unit, account: Key) {
    let set = [("failed_count", Cell::Integer(0)), ("locked_until", Cell::Null)];
    unit.update_where("credential", &set, &[("account_key", account.0.into())], None);
}

/// The account has no password any more.
pub fn remove(unit: &mut Unit, account: Key) {
    unit.delete_where("credential", &[("account_key", account.0.into())], None);
}
