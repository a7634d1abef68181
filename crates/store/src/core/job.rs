//! `job(key, queue, kind, unique_key, body, due_at, attempts, holder, fence, again, created_at,
//! finished_at, error)`: work to be done later, by whichever process takes it first.
//!
//! A job is claimed for a time: `due_at` moves to the end of the claim, so that a job whose worker
//! died comes up again by itself. Each claim raises `fence`; [`finish`] goes into the unit of the
//! effect and makes it a conflict where the claim was lost meanwhile. So an effect in the database
//! takes place exactly once; one outside, at least once, with `(key, fence)` to tell repeats.
//!
//! | `finished_at` | `holder` | `error` | |
//! | --- | --- | --- | --- |
//! | unset | unset | unset or of the last attempt | waits |
//! | unset | set | | is being worked on until `due_at` |
//! | set | | unset | done; kept until swept, so that its unique key is not taken again |
//! | set | | set | failed for good, until somebody retries it |

use super::reading::{Reading, count};
use crate::cell::{Cell, Row};
use crate::database::{Database, Failure, Read, Statement, Unit};
use std::sync::Arc;

/// A job to come. Instants in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// From the sequence `job`.
    pub key: i64,
    pub queue: &'a str,
    pub kind: &'a str,
    /// At most one job with this key; see [`enqueue`] and [`enqueue_once`].
    pub unique_key: Option<&'a str>,
    /// What the kind needs to know, as JSON.
    pub body: &'a str,
    pub due_at: i64,
    pub now: i64,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub key: i64,
    pub queue: Arc<str>,
    pub kind: Arc<str>,
    pub unique_key: Option<Arc<str>>,
    pub body: Arc<str>,
    pub due_at: i64,
    /// How often it was claimed, this time included.
    pub attempts: i64,
    pub holder: Option<Arc<str>>,
    pub fence: i64,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub error: Option<Arc<str>>,
}

const COLUMNS: &str = "\"key\", \"queue\", \"kind\", \"unique_key\", \"body\", \"due_at\", \
    \"attempts\", \"holder\", \"fence\", \"created_at\", \"finished_at\", \"error\"";

const INSERT: &str = "INSERT INTO \"job\" (\"key\", \"queue\", \"kind\", \"unique_key\", \"body\", \
    \"due_at\", \"created_at\", \"attempts\", \"fence\", \"again\") \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8) ON CONFLICT (\"unique_key\") ";

fn cells(job: &NewJob) -> Row {
    vec![
        job.key.into(),
        job.queue.into(),
        job.kind.into(),
        job.unique_key.into(),
        job.body.into(),
        job.due_at.into(),
        job.now.into(),
        false.into(),
    ]
}

/// Asks for the job. Where one of its unique key waits, it gets the new body and time; where one is
/// being worked on, it is done once more after that; where one has ended, it begins anew.
pub fn enqueue(unit: &mut Unit, job: &NewJob) {
    let sql = format!(
        "{INSERT} DO UPDATE SET \"body\" = excluded.\"body\", \
         \"queue\" = excluded.\"queue\", \"kind\" = excluded.\"kind\", \
         \"again\" = (\"job\".\"holder\" IS NOT NULL AND \"job\".\"finished_at\" IS NULL), \
         \"due_at\" = CASE WHEN \"job\".\"holder\" IS NOT NULL \
         AND \"job\".\"finished_at\" IS NULL \
         THEN \"job\".\"due_at\" ELSE excluded.\"due_at\" END, \
         \"attempts\" = 0, \"finished_at\" = NULL, \"error\" = NULL"
    );
    unit.push(Statement::new(sql, cells(job)));
}

/// Asks for the job unless there is, or lately was, one of its unique key.
pub fn enqueue_once(unit: &mut Unit, job: &NewJob) {
    unit.push(Statement::new(format!("{INSERT} DO NOTHING"), cells(job)));
}

/// Takes a waiting job back; nothing where it is being worked on or has ended.
pub fn cancel(unit: &mut Unit, unique_key: &str) {
    let matching =
        [("unique_key", unique_key.into()), ("holder", Cell::Null), ("finished_at", Cell::Null)];
    unit.delete_where("job", &matching, None);
}

/// Claims jobs of the queue that are due, the longest due first, until the instant `until`. No
/// other worker gets them before.
///
/// # Errors
/// [`Failure`]; after [`Failure::Unknown`] what was claimed comes up again at `until`.
pub fn claim(
    database: &Database,
    queue: &str,
    holder: &str,
    now: i64,
    until: i64,
    most: usize,
) -> Result<Vec<Job>, Failure> {
    let sql = format!(
        "WITH due AS (SELECT \"key\" FROM \"job\" WHERE \"queue\" = ?1 \
         AND \"finished_at\" IS NULL AND \"due_at\" <= ?2 ORDER BY \"due_at\" LIMIT {most} \
         /*skip*/) \
         UPDATE \"job\" SET \"holder\" = ?3, \"due_at\" = ?4, \"fence\" = \"fence\" + 1, \
         \"attempts\" = \"attempts\" + 1, \"again\" = ?5 \
         WHERE \"key\" IN (SELECT \"key\" FROM due) RETURNING {COLUMNS}"
    );
    let cells = vec![queue.into(), now.into(), holder.into(), until.into(), false.into()];
    let rows = database.write_rows(Statement::new(sql, cells).into())?;
    rows.into_iter().map(job).collect()
}

/// Holds claimed jobs longer. A conflict says that one was lost.
///
/// # Errors
/// [`Failure::Conflict`] where another worker has it.
pub fn extend(database: &Database, job: &Job, until: i64) -> Result<(), Failure> {
    let mut unit = Unit::new();
    unit.update_where("job", &[("due_at", until.into())], &held(job), Some(1));
    database.write(unit)
}

/// The job is done, in the unit of its effect.
pub fn finish(unit: &mut Unit, job: &Job, now: i64) {
    // One asked for again while it was worked on waits for its next turn.
    let sql = "UPDATE \"job\" SET \"holder\" = NULL, \"error\" = NULL, \"attempts\" = 0, \
               \"finished_at\" = CASE WHEN \"again\" THEN NULL ELSE CAST(?1 AS BIGINT) END, \
               \"due_at\" = ?1, \"again\" = ?2 \
               WHERE \"key\" = ?3 AND \"fence\" = ?4 AND \"finished_at\" IS NULL";
    let cells = [now.into(), false.into(), job.key.into(), job.fence.into()];
    unit.push(Statement::new(sql, cells).expecting(1));
}

/// The attempt failed: the job waits until `due_at` (see [`backoff`]).
pub fn retry(unit: &mut Unit, job: &Job, due_at: i64, error: &str) {
    let set = [("holder", Cell::Null), ("due_at", due_at.into()), ("error", error.into())];
    unit.update_where("job", &set, &held(job), Some(1));
}

/// The job failed for good: it is listed until somebody starts it again.
pub fn fail(unit: &mut Unit, job: &Job, now: i64, error: &str) {
    let set = [("holder", Cell::Null), ("finished_at", now.into()), ("error", error.into())];
    unit.update_where("job", &set, &held(job), Some(1));
}

/// What becomes of a failed attempt: another one later, or none after the last.
pub fn retry_or_fail(unit: &mut Unit, job: &Job, now: i64, error: &str, most_attempts: i64) {
    if job.attempts >= most_attempts {
        fail(unit, job, now, error);
    } else {
        retry(unit, job, now + backoff(job.attempts), error);
    }
}

/// Microseconds to wait after so many attempts: 10 s, 20 s, 40 s, .. an hour at most.
///
/// | attempts | wait |
/// | --- | --- |
/// | 1 | 10 s |
/// | 4 | 80 s |
/// | 10 and more | 1 h |
pub fn backoff(attempts: i64) -> i64 {
    const SECOND: i64 = 1_000_000;
    let doubled = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    ((10 * SECOND) << doubled).min(3600 * SECOND)
}

/// Starts a job anew that failed for good; a conflict where it did not.
pub fn restart(unit: &mut Unit, key: i64, now: i64) {
    let sql = "UPDATE \"job\" SET \"finished_at\" = NULL, \"error\" = NULL, \"attempts\" = 0, \
               \"due_at\" = ?1 WHERE \"key\" = ?2 AND \"error\" IS NOT NULL \
               AND \"finished_at\" IS NOT NULL";
    unit.push(Statement::new(sql, [now.into(), key.into()]).expecting(1));
}

/// Forgets jobs that were done before an instant; those that failed stay.
pub fn sweep(unit: &mut Unit, before: i64) {
    let sql = "DELETE FROM \"job\" WHERE \"finished_at\" < ?1 AND \"finished_at\" IS NOT NULL \
               AND \"error\" IS NULL";
    unit.push(Statement::new(sql, [before.into()]));
}

/// When the next job of the queue is due, if any waits.
///
/// # Errors
/// [`Failure`].
pub fn next_due(read: &dyn Read, queue: &str) -> Result<Option<i64>, Failure> {
    let sql = "SELECT min(\"due_at\") FROM \"job\" WHERE \"queue\" = ?1 \
               AND \"finished_at\" IS NULL";
    let rows = read.rows(sql, &[queue.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()))
}

/// How many jobs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Neither done nor given up.
    pub open: i64,
    /// Of these, those whose time has come.
    pub overdue: i64,
    /// Failed for good.
    pub failed: i64,
}

/// How many jobs of a queue are open, how many of these are due at `now`, how many failed for good.
///
/// # Errors
/// [`Failure`].
pub fn counts(read: &dyn Read, queue: &str, now: i64) -> Result<Counts, Failure> {
    let open = "SELECT count(*) FROM \"job\" WHERE \"queue\" = ?1 AND \"finished_at\" IS NULL";
    let overdue = "SELECT count(*) FROM \"job\" WHERE \"queue\" = ?1 \
                   AND \"finished_at\" IS NULL AND \"due_at\" <= ?2";
    let failed = "SELECT count(*) FROM \"job\" WHERE \"queue\" = ?1 \
                  AND \"finished_at\" IS NOT NULL AND \"error\" IS NOT NULL";
    Ok(Counts {
        open: count(read, open, &[queue.into()])?,
        overdue: count(read, overdue, &[queue.into(), now.into()])?,
        failed: count(read, failed, &[queue.into()])?,
    })
}

/// Jobs that are open, the next due first.
///
/// # Errors
/// [`Failure`].
pub fn open(read: &dyn Read, queue: &str, most: usize) -> Result<Vec<Job>, Failure> {
    due_after(read, queue, i64::MIN, most)
}

/// Open jobs that are due later than `now`, the next due first.
///
/// # Errors
/// [`Failure`].
pub fn due_after(read: &dyn Read, queue: &str, now: i64, most: usize) -> Result<Vec<Job>, Failure> {
    let which = "\"finished_at\" IS NULL AND \"due_at\" > ?2 ORDER BY \"due_at\"";
    listed(read, which, &[queue.into(), now.into()], most)
}

/// Open jobs whose time has come at `now`, the longest due first.
///
/// # Errors
/// [`Failure`].
pub fn overdue(read: &dyn Read, queue: &str, now: i64, most: usize) -> Result<Vec<Job>, Failure> {
    let which = "\"finished_at\" IS NULL AND \"due_at\" <= ?2 ORDER BY \"due_at\"";
    listed(read, which, &[queue.into(), now.into()], most)
}

/// Jobs of a queue that failed for good, the latest first.
///
/// # Errors
/// [`Failure`].
pub fn failed(read: &dyn Read, queue: &str, most: usize) -> Result<Vec<Job>, Failure> {
    let which = "\"finished_at\" IS NOT NULL AND \"error\" IS NOT NULL \
                 ORDER BY \"finished_at\" DESC";
    listed(read, which, &[queue.into()], most)
}

/// Jobs of a queue, the first value, of which `which` holds, in its order.
fn listed(read: &dyn Read, which: &str, values: &[Cell], most: usize) -> Result<Vec<Job>, Failure> {
    let sql =
        format!("SELECT {COLUMNS} FROM \"job\" WHERE \"queue\" = ?1 AND {which} LIMIT {most}");
    read.rows(&sql, values)?.into_iter().map(job).collect()
}

fn held(job: &Job) -> [(&'static str, Cell); 3] {
    [("key", job.key.into()), ("fence", job.fence.into()), ("finished_at", Cell::Null)]
}

fn job(row: Row) -> Result<Job, Failure> {
    let mut row = Reading::new(row);
    Ok(Job {
        key: row.integer()?,
        queue: row.text()?,
        kind: row.text()?,
        unique_key: row.some_text(),
        body: row.text()?,
        due_at: row.integer()?,
        attempts: row.integer()?,
        holder: row.some_text(),
        fence: row.integer()?,
        created_at: row.integer()?,
        finished_at: row.some_integer(),
        error: row.some_text(),
    })
}

#[cfg(test)]
mod tests {
    use super::backoff;

    #[test]
    fn waits_double_up_to_an_hour() {
        let seconds = |attempts| backoff(attempts) / 1_000_000;
        assert_eq!([0, 1, 4, 10, 99].map(seconds), [10, 10, 80, 3600, 3600]);
    }
}
