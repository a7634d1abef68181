//! `throttle(name, failed_count, locked_until, changed_at)`: how often something was guessed
//! wrongly: the login of nobody, a second factor, a set-up code. As for passwords
//! ([`super::credential`]) it is counted in the database, so that several processes count together.

use super::reading::Reading;
use crate::cell::Cell;
use crate::database::{Failure, Read, Statement, Unit};

/// Instants in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Throttle {
    pub failed_count: i64,
    pub locked_until: Option<i64>,
}

/// Nothing has failed where there is no row.
///
/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, name: &str) -> Result<Throttle, Failure> {
    let sql = "SELECT \"failed_count\", \"locked_until\" FROM \"throttle\" WHERE \"name\" = ?1";
    let Some(row) = read.rows(sql, &[name.into()])?.into_iter().next() else {
        return Ok(Throttle::default());
    };
    let mut row = Reading::new(row);
    Ok(Throttle { failed_count: row.integer()?, locked_until: row.some_integer() })
}

/// A wrong guess. The count is raised in the database and a lock is never shortened, as for
/// passwords.
pub fn failed(unit: &mut Unit, name: &str, locked_until: Option<i64>, at: i64) {
    let sql = "INSERT INTO \"throttle\" (\"name\", \"failed_count\", \"locked_until\", \
               \"changed_at\") VALUES (?1, 1, ?2, ?3) ON CONFLICT (\"name\") DO UPDATE SET \
               \"failed_count\" = \"throttle\".\"failed_count\" + 1, \
               \"changed_at\" = excluded.\"changed_at\", \
               \"locked_until\" = CASE WHEN \"throttle\".\"locked_until\" > \
               excluded.\"locked_until\" OR excluded.\"locked_until\" IS NULL \
               THEN \"throttle\".\"locked_until\" ELSE excluded.\"locked_until\" END";
    unit.push(Statement::new(sql, [name.into(), locked_until.into(), at.into()]));
}

/// The right answer was given.
pub fn cleared(unit: &mut Unit, name: &str) {
    unit.delete_where("throttle", &[("name", Cell::from(name))], None);
}

/// Forgets what was last guessed before an instant.
pub fn sweep(unit: &mut Unit, before: i64) {
    let sql = "DELETE FROM \"throttle\" WHERE \"changed_at\" < ?1";
    unit.push(Statement::new(sql, [before.into()]));
}
