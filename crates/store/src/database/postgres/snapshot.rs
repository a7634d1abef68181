//! A snapshot on PostgreSQL: a transaction that reads one state. BEGIN travels with the first
//! read and the end with nobody waiting for it, so that a snapshot costs no round trip.

use super::Postgres;
use super::connection::{Connection, rows_once, run_once};
use super::errors::{Trouble, failure, trouble};
use super::flight::read_all;
use super::pool::Lent;
use crate::cell::{Cell, Row};
use crate::database::failure::Failure;
use futures_util::FutureExt;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Rows fetched at a time by [`Snapshot::each`].
const FETCH: usize = 500;

pub(crate) struct Snapshot {
    postgres: Arc<Postgres>,
    state: Mutex<State>,
}

struct State {
    lent: Option<Lent>,
    begun: bool,
    /// What the server was last told.
    limit: Duration,
    cursors: u64,
}

impl Snapshot {
    pub(super) fn new(postgres: Arc<Postgres>, lent: Lent, limit: Duration) -> Snapshot {
        let state = State { lent: Some(lent), begun: false, limit, cursors: 0 };
        Snapshot { postgres, state: Mutex::new(state) }
    }

    /// Several reads in one flight, each within the time.
    pub(crate) fn many(
        &self,
        reads: &[(&str, &[Cell])],
        time: Duration,
    ) -> Result<Vec<Vec<Row>>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.postgres.block_on(self.read(&mut state, reads, time))
    }

    async fn read(
        &self,
        state: &mut State,
        reads: &[(&str, &[Cell])],
        time: Duration,
    ) -> Result<Vec<Vec<Row>>, Failure> {
        let fresh = !state.begun;
        let mut lent = state.lent.take().ok_or_else(ended)?;
        begin(&lent.connection, state, time);
        let mut result = within(time, read_all(&mut lent.connection, reads)).await?;
        // Before the first read there is no state to keep to: another connection will do.
        if let (true, Err(error)) = (fresh, &result) {
            let again = match trouble(error) {
                Trouble::Lost(_) => {
                    lent = self.postgres.pool.renew(lent).await?;
                    true
                }
                Trouble::Stale => {
                    lent.connection.forget_statements();
                    end(&lent.connection);
                    true
                }
                _ => false,
            };
            if again {
                state.begun = false;
                begin(&lent.connection, state, time);
                result = within(time, read_all(&mut lent.connection, reads)).await?;
            }
        }
        if !lent.connection.client.is_closed() {
            state.lent = Some(lent);
        }
        result.map_err(|error| failure(&error))
    }

    /// Rows by a cursor, some hundred at a time: constant memory on both sides.
    pub(crate) fn each(
        &self,
        sql: &str,
        cells: &[Cell],
        take: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let name = self.declare(sql, cells)?;
        loop {
            // Not held while the caller has the rows: it may read here, too.
            let rows = self.step(&format!("FETCH {FETCH} FROM {name}"))?;
            let last = rows.len() < FETCH;
            if rows.into_iter().any(|row| take(row).is_break()) || last {
                break;
            }
        }
        self.step(&format!("CLOSE {name}")).map(drop)
    }

    fn declare(&self, sql: &str, cells: &[Cell]) -> Result<String, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.cursors += 1;
        let name = format!("c{}", state.cursors);
        let mut lent = state.lent.take().ok_or_else(ended)?;
        if !state.begun && lent.connection.client.is_closed() {
            lent = self.postgres.block_on(self.postgres.pool.renew(lent))?;
        }
        begin(&lent.connection, &mut state, Duration::ZERO);
        let text = format!("DECLARE {name} NO SCROLL CURSOR FOR {sql}");
        let declared = self
            .postgres
            .block_on(async { Ok(run_once(&lent.connection.client, &text, cells).await) })?;
        state.lent = Some(lent);
        declared.map(|()| name).map_err(|error| failure(&error))
    }

    fn step(&self, sql: &str) -> Result<Vec<Row>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let lent = state.lent.take().ok_or_else(ended)?;
        begin(&lent.connection, &mut state, Duration::ZERO);
        let stepped =
            self.postgres.block_on(async { Ok(rows_once(&lent.connection.client, sql).await) })?;
        state.lent = Some(lent);
        stepped.map_err(|error| failure(&error))
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(lent) = state.lent.take() {
            if state.begun {
                end(&lent.connection);
            }
            self.postgres.pool.give_back(lent);
        }
    }
}

/// Sends BEGIN and the limit of time where they are not there yet; the answers are not waited for,
/// since a read on a broken connection fails by itself.
fn begin(connection: &Connection, state: &mut State, time: Duration) {
    if !state.begun {
        let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let _ = connection.client.batch_execute(sql).now_or_never();
        state.begun = true;
    }
    if state.limit != time {
        let sql = format!("SET LOCAL statement_timeout = {}", time.as_millis());
        let _ = connection.client.batch_execute(&sql).now_or_never();
        state.limit = time;
    }
}

fn end(connection: &Connection) {
    // The next user's statements stand behind this one.
    let _ = connection.client.batch_execute("COMMIT").now_or_never();
}

fn ended() -> Failure {
    Failure::Unavailable("the snapshot's connection was lost".into())
}

/// A server that does not answer some time after the limit has gone. No limit at zero.
pub(super) async fn within<T>(time: Duration, read: impl Future<Output = T>) -> Result<T, Failure> {
    if time.is_zero() {
        return Ok(read.await);
    }
    let lost = || Failure::Unavailable("no answer from the server".into());
    tokio::time::timeout(time + Duration::from_secs(5), read).await.map_err(|_| lost())
}
