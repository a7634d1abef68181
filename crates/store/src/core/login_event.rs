//! `login_event(id, at, kind, account_key, login, by_key, address, browser)`: who came in, who was
//! turned away, and what was done to the ways in. For those who administer; it is no part of the
//! ledger, because it holds addresses of people and is forgotten after a time.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// One event. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginEvent {
    pub id: [u8; 16],
    pub at: i64,
    pub kind: Arc<str>,
    /// None where the login is nobody's.
    pub account_key: Option<Key>,
    pub login: Arc<str>,
    /// The account that did it, where it is another.
    pub by_key: Option<Key>,
    pub address: Arc<str>,
    pub browser: Arc<str>,
}

const SELECT: &str = "SELECT \"id\", \"at\", \"kind\", \"account_key\", \"login\", \"by_key\", \
    \"address\", \"browser\" FROM \"login_event\"";

pub fn insert(unit: &mut Unit, event: &LoginEvent) {
    unit.insert(
        "login_event",
        &[
            ("id", event.id.to_vec().into()),
            ("at", event.at.into()),
            ("kind", (&*event.kind).into()),
            ("account_key", event.account_key.map(|key| key.0).into()),
            ("login", (&*event.login).into()),
            ("by_key", event.by_key.map(|key| key.0).into()),
            ("address", (&*event.address).into()),
            ("browser", (&*event.browser).into()),
        ],
    );
}

/// The newest events, of one account or of all, before an instant.
///
/// # Errors
/// [`Failure`].
pub fn newest(
    read: &dyn Read,
    account: Option<Key>,
    before: i64,
    most: usize,
) -> Result<Vec<LoginEvent>, Failure> {
    let most = Cell::from(i64::try_from(most).unwrap_or(i64::MAX));
    let rows = match account {
        Some(account) => read.rows(
            &format!(
                "{SELECT} WHERE \"account_key\" = ?1 AND \"at\" < ?2 \
                 ORDER BY \"at\" DESC, \"id\" LIMIT ?3"
            ),
            &[account.0.into(), before.into(), most],
        )?,
        None => read.rows(
            &format!("{SELECT} WHERE \"at\" < ?1 ORDER BY \"at\" DESC, \"id\" LIMIT ?2"),
            &[before.into(), most],
        )?,
    };
    rows.into_iter().map(event).collect()
}

/// Forgets what was before an instant.
pub fn sweep(unit: &mut Unit, before: i64) {
    let sql = "DELETE FROM \"login_event\" WHERE \"at\" < ?1";
    unit.push(Statement::new(sql, [before.into()]));
}

fn event(row: Row) -> Result<LoginEvent, Failure> {
    let mut row = Reading::new(row);
    Ok(LoginEvent {
        id: row.array()?,
        at: row.integer()?,
        kind: row.text()?,
        account_key: row.some_integer().map(Key),
        login: row.text()?,
        by_key: row.some_integer().map(Key),
        address: row.text()?,
        browser: row.text()?,
    })
}
