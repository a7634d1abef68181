//! `one_time(hash, kind, account_key, body, made_by, created_at, expires_at)`: what may be used
//! once within a time: links that let somebody in, a login between its two steps, a ceremony that
//! has begun. Only the SHA-256 of its text is kept; using it takes the row away, so that of two
//! who use it at once one does.

use super::reading::Reading;
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTime {
    pub hash: [u8; 32],
    pub kind: Arc<str>,
    pub account_key: Option<Key>,
    /// What it is about; the engine's.
    pub body: Arc<str>,
    pub made_by: Option<Key>,
    pub created_at: i64,
    pub expires_at: i64,
}

const SELECT: &str = "SELECT \"hash\", \"kind\", \"account_key\", \"body\", \"made_by\", \
    \"created_at\", \"expires_at\" FROM \"one_time\" WHERE ";

pub fn insert(unit: &mut Unit, row: &OneTime) {
    unit.insert(
        "one_time",
        &[
            ("hash", row.hash.to_vec().into()),
            ("kind", (&*row.kind).into()),
            ("account_key", row.account_key.map(|key| key.0).into()),
            ("body", (&*row.body).into()),
            ("made_by", row.made_by.map(|key| key.0).into()),
            ("created_at", row.created_at.into()),
            ("expires_at", row.expires_at.into()),
        ],
    );
}

/// What has this hash and has not expired.
///
/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, hash: &[u8; 32], now: i64) -> Result<Option<OneTime>, Failure> {
    let sql = format!("{SELECT}\"hash\" = ?1 AND \"expires_at\" > ?2");
    let rows = read.rows(&sql, &[hash.to_vec().into(), now.into()])?;
    rows.into_iter().next().map(one_time).transpose()
}

/// What of this kind an account has open, newest first.
///
/// # Errors
/// [`Failure`].
pub fn of_account(
    read: &dyn Read,
    account: Key,
    kind: &str,
    now: i64,
) -> Result<Vec<OneTime>, Failure> {
    let sql = format!(
        "{SELECT}\"account_key\" = ?1 AND \"kind\" = ?2 AND \"expires_at\" > ?3 \
         ORDER BY \"created_at\" DESC"
    );
    let rows = read.rows(&sql, &[account.0.into(), kind.into(), now.into()])?;
    rows.into_iter().map(one_time).collect()
}

/// Uses it up; the unit is a conflict where somebody else has.
pub fn take(unit: &mut Unit, hash: &[u8; 32]) {
    unit.delete_where("one_time", &[("hash", hash.to_vec().into())], Some(1));
}

/// Forgets what an account has open of this kind.
pub fn drop_all(unit: &mut Unit, account: Key, kind: &str) {
    let matching = [("account_key", account.0.into()), ("kind", kind.into())];
    unit.delete_where("one_time", &matching, None);
}

/// Forgets all of every account: after a restore, which brings back what has been used.
pub fn drop_each(unit: &mut Unit) {
    unit.delete_where("one_time", &[], None);
}

/// Forgets what expired before an instant.
pub fn sweep(unit: &mut Unit, before: i64) {
    let sql = "DELETE FROM \"one_time\" WHERE \"expires_at\" < ?1";
    unit.push(Statement::new(sql, [before.into()]));
}

fn one_time(row: crate::cell::Row) -> Result<OneTime, Failure> {
    let mut row = Reading::new(row);
    Ok(OneTime {
        hash: row.array()?,
        kind: row.text()?,
        account_key: row.some_integer().map(Key),
        body: row.text()?,
        made_by: row.some_integer().map(Key),
        created_at: row.integer()?,
        expires_at: row.integer()?,
    })
}
