//! `identity(issuer, subject, account_key, provider, bound_at)`: who an account is elsewhere: by
//! whom somebody is vouched for (an issuer of OpenID Connect, a directory), and as whom there. One
//! subject of an issuer is one account; an account may have several.

use super::reading::Reading;
use crate::cell::Row;
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;

/// One binding. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: Arc<str>,
    /// What the issuer calls the person for ever.
    pub subject: Arc<str>,
    pub account_key: Key,
    /// The name of the provider in the settings when it was bound.
    pub provider: Arc<str>,
    pub bound_at: i64,
}

const SELECT: &str = "SELECT \"issuer\", \"subject\", \"account_key\", \"provider\", \
    \"bound_at\" FROM \"identity\" WHERE ";

/// Binds; the unit is a duplicate where the subject is bound already.
pub fn insert(unit: &mut Unit, row: &Identity) {
    unit.insert(
        "identity",
        &[
            ("issuer", (&*row.issuer).into()),
            ("subject", (&*row.subject).into()),
            ("account_key", row.account_key.0.into()),
            ("provider", (&*row.provider).into()),
            ("bound_at", row.bound_at.into()),
        ],
    );
}

/// Whose this subject is.
///
/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, issuer: &str, subject: &str) -> Result<Option<Identity>, Failure> {
    let sql = format!("{SELECT}\"issuer\" = ?1 AND \"subject\" = ?2");
    let rows = read.rows(&sql, &[issuer.into(), subject.into()])?;
    rows.into_iter().next().map(identity).transpose()
}

/// What an account is bound to, the oldest first.
///
/// # Errors
/// [`Failure`].
pub fn of_account(read: &dyn Read, account: Key) -> Result<Vec<Identity>, Failure> {
    let sql = format!("{SELECT}\"account_key\" = ?1 ORDER BY \"bound_at\", \"issuer\"");
    read.rows(&sql, &[account.0.into()])?.into_iter().map(identity).collect()
}

/// Takes all bindings of an account away.
pub fn drop_all(unit: &mut Unit, account: Key) {
    unit.delete_where("identity", &[("account_key", account.0.into())], None);
}

fn identity(row: Row) -> Result<Identity, Failure> {
    let mut row = Reading::new(row);
    Ok(Identity {
        issuer: row.text()?,
        subject: row.text()?,
        account_key: Key(row.integer()?),
        provider: row.text()?,
        bound_at: row.integer()?,
    })
}
