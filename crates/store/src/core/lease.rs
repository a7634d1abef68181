//! `lease(name, holder, fence, until)`: a duty that one process has at a time (sealing the ledger,
//! bringing tables in step). The fence is a number that grows each time the lease changes hands;
//! a unit that carries [`Lease::check`] is refused once somebody else has taken over, however
//! late it arrives. Instants are the caller's: clocks of processes that share a lease should agree
//! better than its length.

use crate::database::{Database, Failure, Statement, Unit};
use std::sync::Arc;

/// A lease that was got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub name: Arc<str>,
    pub holder: Arc<str>,
    pub fence: i64,
}

/// Takes the lease where it is free, has run out, or is the holder's own (then with a new fence).
/// `None` where another holds it. Instants in microseconds.
///
/// # Errors
/// [`Failure`]; after [`Failure::Unknown`] simply ask again.
pub fn acquire(
    database: &Database,
    name: &str,
    holder: &str,
    now: i64,
    until: i64,
) -> Result<Option<Lease>, Failure> {
    let sql = "INSERT INTO \"lease\" (\"name\", \"holder\", \"fence\", \"until\") \
               VALUES (?1, ?2, 1, ?3) ON CONFLICT (\"name\") DO UPDATE SET \
               \"holder\" = excluded.\"holder\", \"fence\" = \"lease\".\"fence\" + 1, \
               \"until\" = excluded.\"until\" \
               WHERE \"lease\".\"until\" <= ?4 OR \"lease\".\"holder\" = excluded.\"holder\" \
               RETURNING \"fence\"";
    let cells = [name.into(), holder.into(), until.into(), now.into()];
    let rows = database.write_rows(Statement::new(sql, cells).into())?;
    let fence = rows.first().and_then(|row| row.first()?.integer());
    Ok(fence.map(|fence| Lease { name: name.into(), holder: holder.into(), fence }))
}

/// Frees every lease: for whoever knows that no process that took one is there any more, as the one
/// that just took the lock of a data folder does.
///
/// # Errors
/// [`Failure`].
pub fn free_all(database: &Database) -> Result<(), Failure> {
    database.write(Statement::new("UPDATE \"lease\" SET \"until\" = 0", []).into())
}

impl Lease {
    /// Holds it longer. A conflict says that it was lost.
    ///
    /// # Errors
    /// [`Failure::Conflict`] where another has it.
    pub fn renew(&self, database: &Database, until: i64) -> Result<(), Failure> {
        database.write(self.set_until(until).expecting(1).into())
    }

    /// Gives it up, so that another need not wait for its end. Nothing where it was lost.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn release(&self, database: &Database) -> Result<(), Failure> {
        database.write(self.set_until(0).into())
    }

    /// Makes the unit a conflict unless the lease is still held under this fence.
    pub fn check(&self, unit: &mut Unit) {
        // An update, not a read: the row stays locked until the unit is committed.
        let sql = "UPDATE \"lease\" SET \"fence\" = \"fence\" \
                   WHERE \"name\" = ?1 AND \"fence\" = ?2";
        let cells = [(&*self.name).into(), self.fence.into()];
        unit.push(Statement::new(sql, cells).expecting(1));
    }

    fn set_until(&self, until: i64) -> Statement {
        let sql = "UPDATE \"lease\" SET \"until\" = ?1 WHERE \"name\" = ?2 AND \"fence\" = ?3";
        Statement::new(sql, [until.into(), (&*self.name).into(), self.fence.into()])
    }
}
