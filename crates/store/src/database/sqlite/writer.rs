//! The thread that writes SQLite. Units that wait together are committed together: one flush of
//! the disk for all of them, a savepoint for each, so that one that fails takes nobody with it.

use super::errors::{failure, is_fatal, named};
use super::run;
use crate::database::answer::{Promise, Written};
use crate::database::failure::Failure;
use crate::database::timing::moment;
use crate::database::unit::Unit;
use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Units in one commit, at most.
const GROUP: usize = 512;
/// Work in one commit, about; a caller waits no longer than this for the others.
const WORK: Duration = Duration::from_millis(5);
/// After this long without a write the log is moved into the file.
const IDLE: Duration = Duration::from_secs(2);

type Work = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// What the thread is asked for.
pub(crate) enum Order {
    Write(Unit, Promise),
    Alone(Work, Promise),
}

/// A unit that has run, with what its caller will hear if the commit succeeds.
type Done = (Promise, Written);

/// Works until every sender is gone, then closes the file properly.
pub(crate) fn run(connection: Connection, queue: &Receiver<Order>, fatal: &dyn Fn(&str)) {
    let mut writer = Writer { connection, fatal, broken: false };
    let mut written = false;
    loop {
        match queue.recv_timeout(IDLE) {
            Ok(order) => {
                writer.serve(order, queue);
                written = true;
            }
            Err(RecvTimeoutError::Timeout) if written => {
                writer.checkpoint("PASSIVE");
                written = false;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    writer.checkpoint("TRUNCATE");
}

struct Writer<'a> {
    connection: Connection,
    fatal: &'a dyn Fn(&str),
    /// After a fatal error nothing is written any more.
    broken: bool,
}

impl Writer<'_> {
    fn serve(&mut self, first: Order, queue: &Receiver<Order>) {
        if self.broken {
            let (Order::Write(_, promise) | Order::Alone(_, promise)) = first;
            return promise.answer(Err(Failure::Full));
        }
        match first {
            Order::Write(unit, promise) => {
                if let Some((work, promise)) = self.group(unit, promise, queue) {
                    self.alone(work, promise);
                }
            }
            Order::Alone(work, promise) => self.alone(work, promise),
        }
    }

    /// Writes the unit and those that wait behind it. Work that must run alone ends the group
    /// and is handed back.
    fn group(
        &mut self,
        unit: Unit,
        promise: Promise,
        queue: &Receiver<Order>,
    ) -> Option<(Work, Promise)> {
        if let Err(error) = self.simple("BEGIN IMMEDIATE") {
            self.judge(&error);
            promise.answer(Err(failure(error)));
            return None;
        }
        let begun = moment();
        let mut done: Vec<Done> = Vec::new();
        let mut next = Some(Order::Write(unit, promise));
        let mut after = None;
        while let Some(order) = next.take() {
            match order {
                Order::Write(unit, promise) => self.join(&unit, promise, &mut done),
                Order::Alone(work, promise) => {
                    after = Some((work, promise));
                    break;
                }
            }
            let room = done.len() < GROUP && begun.elapsed() < WORK;
            if room && !self.connection.is_autocommit() {
                next = queue.try_recv().ok();
            }
        }
        self.commit(done);
        after
    }

    fn join(&mut self, unit: &Unit, promise: Promise, done: &mut Vec<Done>) {
        if promise.take() {
            let written = catch_unwind(AssertUnwindSafe(|| self.apart(unit)))
                .unwrap_or_else(|_| self.undo(Failure::Fault("the unit panicked".into())));
            done.push((promise, written));
        }
    }

    /// One unit within the group.
    fn apart(&mut self, unit: &Unit) -> Written {
        if let Err(error) = self.simple("SAVEPOINT unit") {
            return Err(failure(error));
        }
        let mut rows = Vec::new();
        for (place, statement) in unit.statements.iter().enumerate() {
            match run::write(&self.connection, &statement.sql, &statement.cells, &mut rows) {
                Ok(changed) if statement.expect.is_none_or(|expected| expected == changed) => {}
                Ok(_) => return self.undo(Failure::Conflict { statement: place }),
                Err(error) => {
                    self.judge(&error);
                    let failure = named(&self.connection, error);
                    return self.undo(failure);
                }
            }
        }
        self.simple("RELEASE unit").map_err(failure)?;
        Ok(rows)
    }

    fn undo(&mut self, failure: Failure) -> Written {
        // A full disk rolls the whole transaction back by itself; then there is no savepoint.
        if !self.connection.is_autocommit() {
            let undone = self.simple("ROLLBACK TO unit").and_then(|()| self.simple("RELEASE unit"));
            if undone.is_err() {
                let _ = self.simple("ROLLBACK");
            }
        }
        Err(failure)
    }

    fn commit(&mut self, done: Vec<Done>) {
        let whole = if self.connection.is_autocommit() {
            // Rolled back under a unit that failed: its failure is that of all.
            let cause = done.iter().rev().find_map(|(_, written)| written.clone().err());
            Err(cause.unwrap_or(Failure::Full))
        } else {
            self.simple("COMMIT").map_err(|error| {
                self.judge(&error);
                let _ = self.simple("ROLLBACK");
                failure(error)
            })
        };
        for (promise, written) in done {
            promise.answer(match &whole {
                Ok(()) => written,
                Err(failure) => written.and(Err(failure.clone())),
            });
        }
    }

    fn alone(&mut self, work: Work, promise: Promise) {
        if !promise.take() {
            return;
        }
        let connection = &self.connection;
        let ended = catch_unwind(AssertUnwindSafe(|| work(connection)));
        promise.answer(match ended {
            Ok(Ok(())) => Ok(Vec::new()),
            Ok(Err(error)) => {
                self.judge(&error);
                Err(named(&self.connection, error))
            }
            Err(_) => Err(Failure::Fault("the work panicked".into())),
        });
    }

    fn simple(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.raw_execute().map(|_| ())
    }

    fn judge(&mut self, error: &rusqlite::Error) {
        if is_fatal(error) {
            self.broken = true;
            (self.fatal)(&format!("the disk did not take what was written: {error}"));
        }
    }

    fn checkpoint(&mut self, kind: &str) {
        let sql = format!("PRAGMA wal_checkpoint({kind})");
        if let Err(error) = self.connection.query_row(&sql, [], |_| Ok(())) {
            self.judge(&error);
        }
    }
}
