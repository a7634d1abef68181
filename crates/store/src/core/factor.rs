//! `totp(account_key, secret, last_step, created_at)`, `recovery_code(hash, account_key,
//! created_at)`, `passkey(id, account_key, name, body, created_at, last_used_at)`: what an account
//! shows beside its password. The secret is sealed above; of a recovery code the hash is kept, and
//! using it takes the row away.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// The codes of an app. `last_step` is the last one that was used: each counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    pub secret: Arc<[u8]>,
    pub last_step: i64,
    pub created_at: i64,
}

/// A passkey. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: Arc<[u8]>,
    pub account_key: Key,
    pub name: Arc<str>,
    /// The public key and its counter; the engine's.
    pub body: Arc<str>,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

/// # Errors
/// [`Failure`].
pub fn totp(read: &dyn Read, account: Key) -> Result<Option<Totp>, Failure> {
    let sql = "SELECT \"secret\", \"last_step\", \"created_at\" FROM \"totp\" \
               WHERE \"account_key\" = ?1";
    let found = read.rows(sql, &[account.0.into()])?.into_iter().next().map(|row| {
        let mut row = Reading::new(row);
        Ok(Totp { secret: row.bytes()?, last_step: row.integer()?, created_at: row.integer()? })
    });
    found.transpose()
}

/// A new secret in the place of the old one.
pub fn set_totp(unit: &mut Unit, account: Key, totp: &Totp) {
    let values = [
        ("secret", totp.secret.to_vec().into()),
        ("last_step", totp.last_step.into()),
        ("created_at", totp.created_at.into()),
    ];
    unit.put("totp", &[("account_key", account.0.into())], &values);
}

/// A step was used; the unit is a conflict where it, or a later one, has been.
pub fn use_step(unit: &mut Unit, account: Key, step: i64) {
    let sql = "UPDATE \"totp\" SET \"last_step\" = ?1 WHERE \"account_key\" = ?2 \
               AND \"last_step\" < ?1";
    unit.push(Statement::new(sql, [step.into(), account.0.into()]).expecting(1));
}

pub fn remove_totp(unit: &mut Unit, account: Key) {
    unit.delete_where("totp", &[("account_key", account.0.into())], None);
}

/// New recovery codes in the place of the old ones.
pub fn set_recovery(unit: &mut Unit, account: Key, hashes: &[[u8; 32]], at: i64) {
    remove_recovery(unit, account);
    let columns = ["hash", "account_key", "created_at"];
    let row = |hash: &[u8; 32]| Row::from([hash.to_vec().into(), account.0.into(), at.into()]);
    unit.insert_rows("recovery_code", &columns, hashes.iter().map(row));
}

/// How many recovery codes are left.
///
/// # Errors
/// [`Failure`].
pub fn count_recovery(read: &dyn Read, account: Key) -> Result<i64, Failure> {
    let sql = "SELECT count(*) FROM \"recovery_code\" WHERE \"account_key\" = ?1";
    let rows = read.rows(sql, &[account.0.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

/// Whether the account has a recovery code with this hash.
///
/// # Errors
/// [`Failure`].
pub fn has_recovery(read: &dyn Read, account: Key, hash: &[u8; 32]) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM \"recovery_code\" WHERE \"hash\" = ?1 AND \"account_key\" = ?2";
    Ok(!read.rows(sql, &[hash.to_vec().into(), account.0.into()])?.is_empty())
}

/// Uses one up; the unit is a conflict where it has been.
pub fn use_recovery(unit: &mut Unit, account: Key, hash: &[u8; 32]) {
    let matching = [("hash", hash.to_vec().into()), ("account_key", account.0.into())];
    unit.delete_where("recovery_code", &matching, Some(1));
}

pub fn remove_recovery(unit: &mut Unit, account: Key) {
    unit.delete_where("recovery_code", &[("account_key", account.0.into())], None);
}

const PASSKEY: &str = "SELECT \"id\", \"account_key\", \"name\", \"body\", \"created_at\", \
    \"last_used_at\" FROM \"passkey\" WHERE ";

/// A new passkey; its id is its own the world over.
pub fn add_passkey(unit: &mut Unit, passkey: &Passkey) {
    unit.insert(
        "passkey",
        &[
            ("id", passkey.id.to_vec().into()),
            ("account_key", passkey.account_key.0.into()),
            ("name", (&*passkey.name).into()),
            ("body", (&*passkey.body).into()),
            ("created_at", passkey.created_at.into()),
            ("last_used_at", passkey.last_used_at.into()),
        ],
    );
}

/// The passkeys of an account, newest first.
///
/// # Errors
/// [`Failure`].
pub fn passkeys(read: &dyn Read, account: Key) -> Result<Vec<Passkey>, Failure> {
    let sql = format!("{PASSKEY}\"account_key\" = ?1 ORDER BY \"created_at\" DESC");
    read.rows(&sql, &[account.0.into()])?.into_iter().map(passkey).collect()
}

/// # Errors
/// [`Failure`].
pub fn find_passkey(read: &dyn Read, id: &[u8]) -> Result<Option<Passkey>, Failure> {
    let rows = read.rows(&format!("{PASSKEY}\"id\" = ?1"), &[id.to_vec().into()])?;
    rows.into_iter().next().map(passkey).transpose()
}

/// Its counter has moved, provided that nobody else has moved it.
pub fn use_passkey(unit: &mut Unit, old: &Passkey, body: &str, at: i64) {
    let set = [("body", body.into()), ("last_used_at", Cell::from(at))];
    let matching = [("id", old.id.to_vec().into()), ("body", (&*old.body).into())];
    unit.update_where("passkey", &set, &matching, Some(1));
}

/// Takes one out.
pub fn remove_passkey(unit: &mut Unit, account: Key, id: &[u8]) {
    let matching = [("id", id.to_vec().into()), ("account_key", account.0.into())];
    unit.delete_where("passkey", &matching, Some(1));
}

/// Takes all of an account out.
pub fn remove_passkeys(unit: &mut Unit, account: Key) {
    unit.delete_where("passkey", &[("account_key", account.0.into())], None);
}

fn passkey(row: Row) -> Result<Passkey, Failure> {
    let mut row = Reading::new(row);
    Ok(Passkey {
        id: row.bytes()?,
        account_key: Key(row.integer()?),
        name: row.text()?,
        body: row.text()?,
        created_at: row.integer()?,
        last_used_at: row.some_integer(),
    })
}
