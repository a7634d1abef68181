//! The tasks that write PostgreSQL: each has a connection and takes waiting units from one queue.
//! Units that wait together fly together: those that only add rows as one statement (`joined`), the
//! others one after the other in a transaction (`flight`). Where one spoils the group, nothing was
//! written, and each is written by itself; those that wait for a lock come last. A unit that the
//! server undid for reasons of its own is written again.

use super::connection::Connection;
use super::errors::Trouble;
use super::flight::{Ended, Wait, fly};
use super::insert::Shape;
use super::joined::{self, Shapes};
use super::pool::is_alive;
use super::server::{Purpose, Server};
use crate::cell::Row;
use crate::database::answer::Promise;
use crate::database::failure::Failure;
use crate::database::timing::moment;
use crate::database::unit::Unit;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

/// Attempts at a unit that the server undid.
const ATTEMPTS: u32 = 8;
/// While so many flights are under way, the units of the next one gather: the server's log is
/// flushed for one flight while the next is carried out.
const FLIGHTS: usize = 2;
/// And for how long: a flight that waits for a lock must not keep the others.
const GATHERING: Duration = Duration::from_millis(5);

pub(super) struct Request {
    pub(super) unit: Unit,
    pub(super) promise: Promise,
}

/// What waits to be written.
pub(super) struct Queue {
    requests: Mutex<UnboundedReceiver<Request>>,
    /// Flights that may be under way without the next one waiting.
    places: Semaphore,
}

impl Queue {
    pub(super) fn new(requests: UnboundedReceiver<Request>) -> Queue {
        Queue { requests: Mutex::new(requests), places: Semaphore::new(FLIGHTS) }
    }

    /// Units for one flight, and its place, which is free when the flight has landed. No units
    /// where the queue is closed.
    async fn take(&self, most: usize) -> (Vec<Request>, Option<SemaphorePermit<'_>>) {
        let mut requests = self.requests.lock().await;
        let mut batch: Vec<Request> = requests.recv().await.into_iter().collect();
        // Others gather meanwhile, and are much cheaper together.
        let place = tokio::time::timeout(GATHERING, self.places.acquire()).await;
        while !batch.is_empty() && batch.len() < most {
            match requests.try_recv() {
                Ok(request) => batch.push(request),
                Err(_) => break,
            }
        }
        (batch, place.ok().and_then(Result::ok))
    }
}

/// What one task needs.
pub(super) struct Writer {
    pub(super) server: Arc<Server>,
    /// Units that share a transaction, at most.
    pub(super) group: usize,
    /// A flight without an answer in this time is given up.
    pub(super) patience: Duration,
    pub(super) connection: Option<Connection>,
    pub(super) shapes: Shapes,
}

/// A unit, with the shapes of its statements where it only adds rows.
type Shaped<'a> = (&'a Unit, Option<&'a [Arc<Shape>]>);

/// Works until the queue is closed.
pub(super) async fn run(mut writer: Writer, queue: Arc<Queue>) {
    loop {
        let (batch, _place) = queue.take(writer.group).await;
        if batch.is_empty() {
            return;
        }
        // A caller that gave up meanwhile is told the truth: nothing was written.
        let batch: Vec<Request> = batch.into_iter().filter(|one| one.promise.take()).collect();
        writer.write(batch).await;
    }
}

impl Writer {
    /// Units that only add rows fly apart from the others: they are one statement.
    async fn write(&mut self, batch: Vec<Request>) {
        let (mut adding, mut others) = (Vec::new(), Vec::new());
        for request in batch {
            match self.shapes.of(&request.unit) {
                Some(shapes) => adding.push((request, Some(shapes))),
                None => others.push((request, None)),
            }
        }
        for group in [adding, others] {
            self.write_group(group).await;
        }
    }

    async fn write_group(&mut self, group: Vec<(Request, Option<Vec<Arc<Shape>>>)>) {
        if group.len() > 1 {
            let units = group.iter().map(|(request, shapes)| (&request.unit, shapes.as_deref()));
            match self.fly(&units.collect::<Vec<_>>(), Wait::Short).await {
                Ok(all) => {
                    let answers = group.into_iter().zip(all);
                    return answers
                        .for_each(|((request, _), rows)| request.promise.answer(Ok(rows)));
                }
                Err(Ended::Unknown) => {
                    let lost = |(request, _): (Request, _)| {
                        request.promise.answer(Err(Failure::Unknown));
                    };
                    return group.into_iter().for_each(lost);
                }
                // Nothing was written; each alone, so that one does not spoil the others.
                Err(Ended::Undone(_)) => {}
            }
        }
        let wait = if group.len() > 1 { Wait::Short } else { Wait::Long };
        let mut locked = Vec::new();
        for (request, shapes) in group {
            match self.alone((&request.unit, shapes.as_deref()), wait).await {
                Err(Trouble::Locked(_)) if wait == Wait::Short => locked.push((request, shapes)),
                ended => request.promise.answer(ended.map_err(Failure::from)),
            }
        }
        for (request, shapes) in locked {
            let ended = self.alone((&request.unit, shapes.as_deref()), Wait::Long).await;
            request.promise.answer(ended.map_err(Failure::from));
        }
    }

    async fn alone(&mut self, unit: Shaped<'_>, wait: Wait) -> Result<Vec<Row>, Trouble> {
        let failed = |failure| Err(Trouble::Failed(failure));
        for attempt in 0..ATTEMPTS {
            let trouble = match self.fly(&[unit], wait).await {
                Ok(mut all) => return Ok(all.pop().unwrap_or_default()),
                Err(Ended::Unknown) => return failed(Failure::Unknown),
                Err(Ended::Undone(trouble)) => trouble,
            };
            match trouble {
                Trouble::Failed(_) | Trouble::Locked(_) => return Err(trouble),
                Trouble::Again(_) if attempt + 1 == ATTEMPTS => return Err(trouble),
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
                Trouble::Lost(_) if attempt > 0 => return Err(trouble),
                Trouble::Lost(_) => self.connection = None,
            }
        }
        failed(Failure::Unavailable("the tables keep changing".into()))
    }

    /// One flight on a connection that is alive.
    async fn fly(&mut self, units: &[Shaped<'_>], wait: Wait) -> Result<Vec<Vec<Row>>, Ended> {
        let failed = |failure| Ended::Undone(Trouble::Failed(failure));
        let mut connection = match self.connection.take() {
            Some(connection) if is_alive(&connection).await => connection,
            _ => self.server.connect(Purpose::Write).await.map_err(failed)?,
        };
        let flown =
            tokio::time::timeout(self.patience, take_off(&mut connection, units, wait)).await;
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

/// One statement for all units where that can be, else one after the other.
async fn take_off(
    connection: &mut Connection,
    units: &[Shaped<'_>],
    wait: Wait,
) -> Result<Vec<Vec<Row>>, Ended> {
    let adding = units.iter().map(|(unit, shapes)| Some((*unit, (*shapes)?)));
    if let Some(adding) = adding.collect::<Option<Vec<_>>>() {
        match joined::fly(connection, &adding).await {
            Ok(Some(rows)) => return Ok(rows),
            Ok(None) => {}
            // As a transaction it can say that it waits longer.
            Err(Ended::Undone(Trouble::Locked(_))) if wait == Wait::Long => {}
            Err(ended) => return Err(ended),
        }
    }
    let units: Vec<&Unit> = units.iter().map(|(unit, _)| *unit).collect();
    fly(connection, &units, wait).await
}
