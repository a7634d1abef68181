//! `token(hash, account_key, kind, name, scopes, created_at, expires_at, last_used_at,
//! revoked_at)`: what an account is recognized by without a password: tokens of programs (`kind`
//! `api`) and sessions of browsers (`session`). Only the SHA-256 of a token is kept.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// One token. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub hash: [u8; 32],
    pub account_key: Key,
    pub kind: Arc<str>,
    pub name: Arc<str>,
    /// As JSON; what they mean is the engine's.
    pub scopes: Arc<str>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

const SELECT: &str = "SELECT \"hash\", \"account_key\", \"kind\", \"name\", \"scopes\", \
    \"created_at\", \"expires_at\", \"last_used_at\", \"revoked_at\" FROM \"token\" WHERE ";

pub fn insert(unit: &mut Unit, token: &Token) {
    unit.insert(
        "token",
        &[
            ("hash", token.hash.to_vec().into()),
            ("account_key", token.account_key.0.into()),
            ("kind", (&*token.kind).into()),
            ("name", (&*token.name).into()),
            ("scopes", (&*token.scopes).into()),
            ("created_at", token.created_at.into()),
            ("expires_at", token.expires_at.into()),
            ("last_used_at", token.last_used_at.into()),
            ("revoked_at", token.revoked_at.into()),
        ],
    );
}

/// The token with this hash, whether or not it still counts.
///
/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, hash: &[u8; 32]) -> Result<Option<Token>, Failure> {
    let rows = read.rows(&format!("{SELECT}\"hash\" = ?1"), &[hash.to_vec().into()])?;
    rows.into_iter().next().map(token).transpose()
}

/// The tokens of an account, newest first.
///
/// # Errors
/// [`Failure`].
pub fn of_account(read: &dyn Read, account: Key) -> Result<Vec<Token>, Failure> {
    let sql = format!("{SELECT}\"account_key\" = ?1 ORDER BY \"created_at\" DESC");
    read.rows(&sql, &[account.0.into()])?.into_iter().map(token).collect()
}

/// Notes a use; to be written once in a while, not at each request.
pub fn used(unit: &mut Unit, hash: &[u8; 32], at: i64) {
    let matching = [("hash", hash.to_vec().into())];
    unit.update_where("token", &[("last_used_at", at.into())], &matching, None);
}

/// Sets what a token is limited to.
pub fn limit(unit: &mut Unit, hash: &[u8; 32], scopes: &str) {
    let matching = [("hash", hash.to_vec().into())];
    unit.update_where("token", &[("scopes", scopes.into())], &matching, None);
}

/// Ends a token; nothing where it has ended.
pub fn revoke(unit: &mut Unit, hash: &[u8; 32], at: i64) {
    let matching = [("hash", hash.to_vec().into()), ("revoked_at", Cell::Null)];
    unit.update_where("token", &[("revoked_at", at.into())], &matching, None);
}

/// Ends all tokens of an account (of one kind, or all): a new password, a person who leaves.
pub fn revoke_all(unit: &mut Unit, account: Key, kind: Option<&str>, at: i64) {
    let mut matching = vec![("account_key", account.0.into()), ("revoked_at", Cell::Null)];
    matching.extend(kind.map(|kind| ("kind", Cell::from(kind))));
    unit.update_where("token", &[("revoked_at", at.into())], &matching, None);
}

/// Ends all tokens of one kind of an account but one: the others, where one is in use.
pub fn revoke_others(unit: &mut Unit, account: Key, kind: &str, keep: &[u8; 32], at: i64) {
    let sql = "UPDATE \"token\" SET \"revoked_at\" = ?1 WHERE \"account_key\" = ?2 \
               AND \"kind\" = ?3 AND \"hash\" <> ?4 AND \"revoked_at\" IS NULL";
    let cells = [at.into(), account.0.into(), kind.into(), keep.to_vec().into()];
    unit.push(Statement::new(sql, cells));
}

/// Ends every token of every account: after a restore, which brings back what was revoked since.
pub fn revoke_each(unit: &mut Unit, at: i64) {
    unit.update_where("token", &[("revoked_at", at.into())], &[("revoked_at", Cell::Null)], None);
}

/// How many tokens still open a door at an instant.
///
/// # Errors
/// [`Failure`].
pub fn count_live(read: &dyn Read, now: i64) -> Result<i64, Failure> {
    let sql = "SELECT count(*) FROM \"token\" WHERE \"revoked_at\" IS NULL \
               AND (\"expires_at\" IS NULL OR \"expires_at\" > ?1)";
    let rows = read.rows(sql, &[now.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

/// Forgets sessions that ended before an instant. Tokens of programs stay, as evidence.
pub fn sweep(unit: &mut Unit, before: i64) {
    let sql = "DELETE FROM \"token\" WHERE \"kind\" = 'session' \
               AND (\"expires_at\" < ?1 OR \"revoked_at\" < ?1)";
    unit.push(Statement::new(sql, [before.into()]));
}

fn token(row: Row) -> Result<Token, Failure> {
    let mut row = Reading::new(row);
    Ok(Token {
        hash: row.array()?,
        account_key: Key(row.integer()?),
        kind: row.text()?,
        name: row.text()?,
        scopes: row.text()?,
        created_at: row.integer()?,
        expires_at: row.some_integer(),
        last_used_at: row.some_integer(),
        revoked_at: row.some_integer(),
    })
}
