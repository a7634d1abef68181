//! `idempotency(key, account_key, digest, status, response, at)`: the answer to each request that
//! brought a key of its own, written in the unit of its effect. A request that comes again gets
//! the answer; after [`Failure::Unknown`] the row says for good whether the effect took place.

use super::reading::Reading;
use crate::database::{Failure, Read, Statement, Unit};
use model::Key;
use std::sync::Arc;

/// The answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Of the request: another request under the same key is refused.
    pub digest: [u8; 32],
    pub status: i64,
    pub response: Arc<str>,
    pub at: i64,
}

/// The index a repeated key is a [`Failure::Duplicate`] of.
pub const INDEX: &str = "idempotency_pkey";

/// Keeps the answer, in the unit of the effect.
pub fn insert(unit: &mut Unit, key: &str, account: Key, answer: &Answer) {
    unit.insert(
        "idempotency",
        &[
            ("key", key.into()),
            ("account_key", account.0.into()),
            ("digest", answer.digest.to_vec().into()),
            ("status", answer.status.into()),
            ("response", (&*answer.response).into()),
            ("at", answer.at.into()),
        ],
    );
}

/// The answer that was given under the key, if any.
///
/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, key: &str, account: Key) -> Result<Option<Answer>, Failure> {
    let sql = "SELECT \"digest\", \"status\", \"response\", \"at\" FROM \"idempotency\" \
               WHERE \"key\" = ?1 AND \"account_key\" = ?2";
    let rows = read.rows(sql, &[key.into(), account.0.into()])?;
    let answers = rows.into_iter().next().map(|row| {
        let mut row = Reading::new(row);
        let (digest, status) = (row.array()?, row.integer()?);
        Ok(Answer { digest, status, response: row.text()?, at: row.integer()? })
    });
    answers.transpose()
}

/// Forgets answers given before an instant.
pub fn sweep(unit: &mut Unit, before: i64) {
    unit.push(Statement::new("DELETE FROM \"idempotency\" WHERE \"at\" < ?1", [before.into()]));
}
