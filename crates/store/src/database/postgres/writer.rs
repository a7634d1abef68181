//! The tasks that write PostgreSQL: each has a connection and takes waiting units from one queue.
//! Several commits that are under way at once share the server's flush of its log, so the units
//! of many callers are spread over a few connections. A unit that the server undid for reasons of
//! its own is written again.

use super::connection::Connection;
use super::errors::Trouble;
use super::flight::{Ended, fly};
use super::pool::is_alive;
use super::server::{Purpose, Server};
use crate::cell::Row;
use crate::database::answer::{Promise, Written};
use crate::database::failure::Failure;
use crate::database::timing::moment;
use crate::database::unit::Unit;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;

/// Attempts at a unit that the server undid.
const ATTEMPTS: u32 = 8;

pub(super) struct Request {
    pub(super) unit: Unit,
    pub(super) promise: Promise,
}

pub(super) type Queue = Arc<Mutex<UnboundedReceiver<Request>>>;

/// What one task needs.
pub(super) struct Writer {
    pub(super) server: Arc<Server>,
    /// Units that share a transaction, at most.
    pub(super) group: usize,
    /// A flight without an answer in this time is given up.
    pub(super) patience: Duration,
    pub(super) connection: Option<Connection>,
}

/// Works until the queue is closed.
pub(super) async fn run(mut writer: Writer, queue: Queue) {
    loop {
        let batch = take(&queue, writer.group).await;
        if batch.is_empty() {
            return;
        }
        // A caller that gave up meanwhile is told the truth: nothing was written.
        let batch: Vec<Request> = batch.into_iter().filter(|one| one.promise.take()).collect();
        writer.write(batch).await;
    }
}

async fn take(queue: &Queue, most: usize) -> Vec<Request> {
    let mut queue = queue.lock().await;
    let mut batch: Vec<Request> = queue.recv().await.into_iter().collect();
    while !batch.is_empty() && batch.len() < most {
        match queue.try_recv() {
            Ok(request) => batch.push(request),
            Err(_) => break,
        }
    }
    batch
}

impl Writer {
    async fn write(&mut self, batch: Vec<Request>) {
        if batch.len() > 1 {
            let units: Vec<&Unit> = batch.iter().map(|request| &request.unit).collect();
            match self.fly(&units).await {
                Ok(all) => {
                    let answers = batch.into_iter().zip(all);
                    return answers.for_each(|(request, rows)| request.promise.answer(Ok(rows)));
                }
                Err(Ended::Unknown) => {
                    let lost = |request: Request| request.promise.answer(Err(Failure::Unknown));
                    return batch.into_iter().for_each(lost);
                }
                // Nothing was written; each alone, so that one does not spoil the others.
                Err(Ended::Undone(_)) => {}
            }
        }
        for request in batch {
            let written = self.alone(&request.unit).await;
            request.promise.answer(written);
        }
    }

    async fn alone(&mut self, unit: &Unit) -> Written {
        for attempt in 0..ATTEMPTS {
            let trouble = match self.fly(&[unit]).await {
                Ok(mut all) => return Ok(all.pop().unwrap_or_default()),
                Err(Ended::Unknown) => return Err(Failure::Unknown),
                Err(Ended::Undone(trouble)) => trouble,
            };
            match trouble {
                Trouble::Failed(failure) => return Err(failure),
                Trouble::Again(failure) if attempt + 1 == ATTEMPTS => return Err(failure),
                Trouble::Again(_) => {
                    // Those that met once should not meet again: each waits a time of its own.
                    let own = u64::from(moment().elapsed().subsec_nanos() % 7);
                    tokio::time::sleep(Duration::from_millis((1 << attempt) + own)).await;
                }
                Trouble::Stale => {
                    if let Some(connection) = &mut self.connection {
                        connection.forget_statements();
                    }
                }
                Trouble::Lost(why) if attempt > 0 => return Err(Failure::Unavailable(why)),
                Trouble::Lost(_) => self.connection = None,
            }
        }
        Err(Failure::Unavailable("the tables keep changing".into()))
    }

    /// One flight on a connection that is alive.
    async fn fly(&mut self, units: &[&Unit]) -> Result<Vec<Vec<Row>>, Ended> {
        let failed = |failure| Ended::Undone(Trouble::Failed(failure));
        let mut connection = match self.connection.take() {
            Some(connection) if is_alive(&connection).await => connection,
            _ => self.server.connect(Purpose::Write).await.map_err(failed)?,
        };
        let flown = tokio::time::timeout(self.patience, fly(&mut connection, units)).await;
        let flown = flown.unwrap_or_else(|_| {
            // The connection is in the middle of it and is closed below; the server, which may
            // wait for a standby for ever, is told to stop waiting.
            self.server.cancel(&connection);
            Err(Ended::Unknown)
        });
        if !matches!(flown, Err(Ended::Unknown)) && !connection.client.is_closed() {
            connection.used_at = moment();
            self.connection = Some(connection);
        }
        flown
    }
}
