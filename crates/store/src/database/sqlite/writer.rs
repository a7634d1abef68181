//! The thread that writes SQLite. Units that wait together are committed together: one flush of
//! the disk for all of them. Nearly all succeed, so they first run without anything between them;
//! only where one fails is the group undone and run again with a savepoint for each, so that the
//! one that fails takes nobody with it.

use super::errors::{failure, is_fatal, named};
use super::{connection, run};
use crate::cell::Row;
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

/// Units that are committed together, with what their callers will hear if the commit succeeds.
#[derive(Default)]
struct Group {
    units: Vec<Unit>,
    promises: Vec<Promise>,
    /// As many as have run.
    written: Vec<Written>,
}

/// Why the statements of a unit were not all run.
enum Stop {
    /// A statement met another number of rows than it expects.
    Conflict {
        statement: usize,
    },
    Error(rusqlite::Error),
}

/// Runs the statements of a unit, one after the other; the rows they give back.
fn statements(connection: &Connection, unit: &Unit) -> Result<Vec<Row>, Stop> {
    let mut rows = Vec::new();
    for (place, statement) in unit.statements.iter().enumerate() {
        let changed = run::write(connection, &statement.sql, &statement.cells, &mut rows);
        let changed = changed.map_err(Stop::Error)?;
        if statement.expect.is_some_and(|expected| expected != changed) {
            return Err(Stop::Conflict { statement: place });
        }
    }
    Ok(rows)
}

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
        if let Err(failure) = self.begin() {
            promise.answer(Err(failure));
            return None;
        }
        let begun = moment();
        let mut group = Group::default();
        let mut next = Some(Order::Write(unit, promise));
        let mut after = None;
        let mut whole = true;
        while let Some(order) = next.take() {
            match order {
                Order::Write(unit, promise) => {
                    if promise.take() {
                        group.units.push(unit);
                        group.promises.push(promise);
                        whole = self.plain(&mut group);
                    }
                }
                Order::Alone(work, promise) => {
                    after = Some((work, promise));
                    break;
                }
            }
            let room = group.units.len() < GROUP && begun.elapsed() < WORK;
            if whole && room {
                next = queue.try_recv().ok();
            }
        }
        if whole {
            self.commit(group)
        } else {
            self.again(group)
        }
        after
    }

    fn begin(&mut self) -> Result<(), Failure> {
        self.simple("BEGIN IMMEDIATE").map_err(|error| {
            self.judge(&error);
            failure(error)
        })
    }

    /// Runs the last unit of the group as a part of the whole; false where it failed, and the group
    /// has to be run again unit by unit.
    fn plain(&mut self, group: &mut Group) -> bool {
        let Some(unit) = group.units.last() else { return true };
        let connection = &self.connection;
        match catch_unwind(AssertUnwindSafe(|| statements(connection, unit))) {
            Ok(Ok(rows)) => group.written.push(Ok(rows)),
            Ok(Err(_)) | Err(_) => return false,
        }
        true
    }

    /// Undoes the group and runs each unit within a savepoint of its own.
    fn again(&mut self, mut group: Group) {
        if !self.connection.is_autocommit() {
            let _ = self.simple("ROLLBACK");
        }
        group.written.clear();
        if let Err(failure) = self.begin() {
            group.written.push(Err(failure));
            return self.commit(group);
        }
        for unit in &group.units {
            let written = catch_unwind(AssertUnwindSafe(|| self.apart(unit)))
                .unwrap_or_else(|_| self.undo(Failure::Fault("the unit panicked".into())));
            group.written.push(written);
            if self.connection.is_autocommit() {
                break;
            }
        }
        self.commit(group);
    }

    /// One unit within the group.
    fn apart(&mut self, unit: &Unit) -> Written {
        if let Err(error) = self.simple("SAVEPOINT unit") {
            return Err(failure(error));
        }
        match statements(&self.connection, unit) {
            Ok(rows) => self.simple("RELEASE unit").map(|()| rows).map_err(failure),
            Err(Stop::Conflict { statement }) => self.undo(Failure::Conflict { statement }),
            Err(Stop::Error(error)) => {
                self.judge(&error);
                let failure = named(&self.connection, error);
                self.undo(failure)
            }
        }
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

    fn commit(&mut self, group: Group) {
        let Group { promises, written, .. } = group;
        let whole = if self.connection.is_autocommit() {
            // Rolled back under a unit that failed: its failure is that of all.
            let cause = written.iter().rev().find_map(|written| written.clone().err());
            Err(cause.unwrap_or(Failure::Full))
        } else {
            self.simple("COMMIT").map_err(|error| {
                self.judge(&error);
                let _ = self.simple("ROLLBACK");
                failure(error)
            })
        };
        let mut written = written.into_iter();
        for promise in promises {
            promise.answer(match (&whole, written.next()) {
                (Ok(()), Some(written)) => written,
                (Err(failure), Some(written)) => written.and(Err(failure.clone())),
                // Not begun, since the transaction had ended under one before it.
                (Err(failure), None) => Err(failure.clone()),
                (Ok(()), None) => Err(Failure::Fault("a unit of the group was not run".into())),
            });
        }
    }

    fn alone(&mut self, work: Work, promise: Promise) {
        if !promise.take() {
            return;
        }
        let connection = &self.connection;
        let work = || {
            connection::large_work(connection)?;
            let ended = work(connection);
            connection::small_work(connection).and(ended)
        };
        let ended = catch_unwind(AssertUnwindSafe(work));
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
