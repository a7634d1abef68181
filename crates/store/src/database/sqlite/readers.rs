//! The connections that read SQLite: lent to the calling thread, so that a read costs no hop to
//! another one. A few are kept; more are opened where calls nest or pile up, and closed again.

use super::connection::{Place, reading};
use super::errors::failure;
use super::run;
use crate::cell::{Cell, Row};
use crate::database::failure::Failure;
use crate::database::timing::{Deadline, moment};
use rusqlite::Connection;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Instructions of SQLite between two looks at the time: a fraction of a millisecond.
const INSTRUCTIONS: i32 = 5_000;
/// Connections at once, at most; a caller waits when all are lent.
const MOST: usize = 64;
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that rested longer is closed, down to a few: its cache is memory.
const RESTED: Duration = Duration::from_secs(30);
const FEW: usize = 4;
/// How long a caller waits for one that is kept before another is opened.
const NESTED: Duration = Duration::from_millis(50);

pub(crate) struct Readers {
    place: Arc<Place>,
    keep: usize,
    lent: Mutex<Lent>,
    returned: Condvar,
}

#[derive(Default)]
struct Lent {
    idle: Vec<Reader>,
    open: usize,
}

struct Reader {
    connection: Connection,
    deadline: Arc<Deadline>,
    used_at: Instant,
}

/// A lent connection; given back on drop.
pub(crate) struct Reading {
    reader: Option<Reader>,
    readers: Arc<Readers>,
    /// A transaction is open: all reads see one state.
    snapshot: bool,
}

impl Readers {
    pub(crate) fn new(place: Arc<Place>, keep: usize) -> Readers {
        Readers { place, keep, lent: Mutex::default(), returned: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Lent> {
        self.lent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lends a connection; with `snapshot`, all reads through it see one state.
    pub(crate) fn lend(self: &Arc<Readers>, snapshot: bool) -> Result<Reading, Failure> {
        let reader = Some(self.take()?);
        let lent = Reading { reader, readers: self.clone(), snapshot };
        if snapshot {
            lent.simple("BEGIN").map_err(failure)?;
        }
        Ok(lent)
    }

    fn take(&self) -> Result<Reader, Failure> {
        let mut lent = self.lock();
        // More connections than are kept help nobody, unless all wait for one another: a thread
        // may hold one and ask for a second.
        for (most, patience) in [(self.keep, NESTED), (MOST, PATIENCE)] {
            if let Some(reader) = lent.idle.pop() {
                return Ok(reader);
            }
            if lent.open < most {
                lent.open += 1;
                drop(lent);
                return self.open().inspect_err(|_| self.lock().open -= 1);
            }
            let none = |lent: &mut Lent| lent.idle.is_empty() && lent.open >= most;
            let waited = self.returned.wait_timeout_while(lent, patience, none);
            lent = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let found = lent.idle.pop();
        found.ok_or_else(|| Failure::Unavailable("too many reads at once".into()))
    }

    fn open(&self) -> Result<Reader, Failure> {
        let mut connection = reading(&self.place)?;
        let deadline = Arc::new(Deadline::default());
        let limit = deadline.clone();
        let stop = Some(move || limit.is_over());
        connection.progress_handler(INSTRUCTIONS, stop).map_err(failure)?;
        Ok(Reader { connection, deadline, used_at: moment() })
    }

    fn give_back(&self, reader: Option<Reader>) {
        let mut closed = Vec::new();
        let mut lent = self.lock();
        match reader {
            Some(reader) if lent.idle.len() < self.keep => {
                lent.idle.push(Reader { used_at: moment(), ..reader });
            }
            other => closed.push(other),
        }
        // The last given back is the first lent, so those at the bottom rested longest.
        let rested = |lent: &Lent| lent.idle.first().is_some_and(|r| r.used_at.elapsed() > RESTED);
        if lent.idle.len() > FEW && rested(&lent) {
            closed.push(Some(lent.idle.remove(0)));
        }
        lent.open -= closed.len();
        drop(lent);
        self.returned.notify_one();
    }
}

impl Reading {
    /// Rows one at a time until the caller has enough, within the time.
    pub(crate) fn each(
        &self,
        sql: &str,
        cells: &[Cell],
        time: Option<Duration>,
        take: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let reader = self.reader()?;
        reader.deadline.set(time);
        let read = run::each(&reader.connection, sql, cells, take);
        reader.deadline.set(None);
        read.map_err(failure)
    }

    fn reader(&self) -> Result<&Reader, Failure> {
        self.reader.as_ref().ok_or_else(|| Failure::Fault("the read has ended".into()))
    }

    fn simple(&self, sql: &str) -> rusqlite::Result<()> {
        match &self.reader {
            Some(reader) => reader.connection.prepare_cached(sql)?.raw_execute().map(|_| ()),
            None => Ok(()),
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // A connection whose transaction cannot be ended would hold an old state for ever.
        let ended = !self.snapshot || self.simple("ROLLBACK").is_ok();
        let reader = self.reader.take().filter(|_| ended);
        self.readers.give_back(reader);
    }
}
