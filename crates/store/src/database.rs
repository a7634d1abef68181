//! One interface to two databases: open, read from a snapshot, write a unit.
//!
//! Callers block; there is no future in any signature here. A write is a [`Unit`]: statements
//! with the row counts they must have, all or none. There are no interactive transactions: read,
//! decide in memory, write once. What the two databases do differently stays below this file.

mod answer;
mod failure;
mod options;
pub(crate) mod postgres;
mod snapshot;
pub(crate) mod sqlite;
pub(crate) mod timing;
pub(crate) mod unit;

pub use crate::sql::Dialect;
pub use answer::Ticket;
pub use failure::Failure;
#[cfg(any(test, feature = "testing"))]
pub(crate) use options::temporary_path;
pub use options::{Limit, Location, OnFatal, Options};
pub use snapshot::{Read, Snapshot};
pub use unit::{Statement, Unit};

use crate::cell::{Cell, Row};
use postgres::Postgres;
use snapshot::{Rows, at_most, collect};
use sqlite::Sqlite;
use sqlite::connection::Place;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

/// A connection to SQLite (a file) or PostgreSQL (a pool), cheap to clone.
#[derive(Clone)]
pub struct Database {
    driver: Driver,
    options: Arc<Options>,
}

#[derive(Clone)]
enum Driver {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Database {
    /// Opens with the default [`Options`]. Tables are made by [`crate::core::prepare`].
    ///
    /// # Errors
    /// Where the file or the server cannot be reached.
    pub fn open(location: &Location) -> Result<Database, Failure> {
        Database::open_with(location, Options::default())
    }

    /// # Errors
    /// Where the file or the server cannot be reached.
    pub fn open_with(location: &Location, options: Options) -> Result<Database, Failure> {
        let driver = match location {
            Location::File(path) => {
                let place = Place { path: path.clone(), temporary: false };
                Driver::Sqlite(Arc::new(Sqlite::open(place, &options)?))
            }
            Location::Temporary => {
                let place = Place { path: options::temporary_path(), temporary: true };
                Driver::Sqlite(Arc::new(Sqlite::open(place, &options)?))
            }
            Location::Postgres(url) => Driver::Postgres(Arc::new(Postgres::open(url, &options)?)),
        };
        Ok(Database { driver, options: Arc::new(options) })
    }

    /// An existing SQLite file that goes away with its last user.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn open_temporary(
        path: std::path::PathBuf,
        options: Options,
    ) -> Result<Database, Failure> {
        let place = Place { path, temporary: true };
        let driver = Driver::Sqlite(Arc::new(Sqlite::open(place, &options)?));
        Ok(Database { driver, options: Arc::new(options) })
    }

    pub fn dialect(&self) -> Dialect {
        match &self.driver {
            Driver::Sqlite(_) => Dialect::Sqlite,
            Driver::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Blocks until the unit is durable.
    ///
    /// # Errors
    /// [`Failure`]; nothing of the unit is written unless it is [`Failure::Unknown`].
    pub fn write(&self, unit: Unit) -> Result<(), Failure> {
        self.write_rows(unit).map(drop)
    }

    /// Blocks until the unit is durable; the rows of its statements that give any (`RETURNING`),
    /// in order. Such a statement counts the rows it gives as those it changed.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_rows(&self, unit: Unit) -> Result<Vec<Row>, Failure> {
        if unit.is_empty() {
            return Ok(Vec::new());
        }
        self.submit(unit)?.wait(self.options.begin_within, self.options.end_within)
    }

    /// The same without a limit of time once it has begun: building an index.
    pub(crate) fn write_however_long(&self, unit: Unit) -> Result<(), Failure> {
        self.submit(unit)?.wait(self.options.begin_within, Duration::MAX).map(drop)
    }

    /// Hands a unit over without waiting. Units handed over one after the other may be written
    /// in any order.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] where the queue does not move.
    pub fn submit(&self, unit: Unit) -> Result<Ticket, Failure> {
        match &self.driver {
            Driver::Sqlite(sqlite) => sqlite.submit(unit),
            Driver::Postgres(postgres) => postgres.submit(unit),
        }
    }

    /// The answer to a unit that was handed over by [`Database::submit`].
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn wait(&self, ticket: Ticket) -> Result<Vec<Row>, Failure> {
        ticket.wait(self.options.begin_within, self.options.end_within)
    }

    /// A consistent view for several reads, as of the first of them.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub fn snapshot(&self) -> Result<Snapshot, Failure> {
        let rows = match &self.driver {
            Driver::Sqlite(sqlite) => Rows::Sqlite(sqlite.readers.lend(true)?),
            Driver::Postgres(postgres) => Rows::Postgres(Box::new(postgres.snapshot()?)),
        };
        Ok(Snapshot::new(rows, self.options.limit))
    }

    /// One read on its own: cheaper than a snapshot.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn rows(&self, sql: &str, cells: &[Cell]) -> Result<Vec<Row>, Failure> {
        let limit = self.options.limit;
        match &self.driver {
            Driver::Sqlite(sqlite) => {
                let reading = sqlite.readers.lend(false)?;
                collect(limit.rows, |take| reading.each(sql, cells, Some(limit.time), take))
            }
            Driver::Postgres(postgres) => at_most(limit.rows, postgres.rows(sql, cells)?),
        }
    }

    /// The first row of a read on its own, if there is one.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn row(&self, sql: &str, cells: &[Cell]) -> Result<Option<Row>, Failure> {
        Ok(self.rows(sql, cells)?.into_iter().next())
    }

    /// Rows one at a time, in constant memory and without a limit of time, until there are no
    /// more or the caller has enough.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn each(
        &self,
        sql: &str,
        cells: &[Cell],
        take: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        self.snapshot()?.each(sql, cells, take)
    }

    /// Statistics for the planner of queries; cheap, to be called once in a while and after
    /// indexes were built. PostgreSQL does this by itself.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn optimize(&self) -> Result<(), Failure> {
        match self.dialect() {
            Dialect::Sqlite => {
                self.run_alone("PRAGMA analysis_limit = 1000")?;
                self.run_alone("PRAGMA optimize")
            }
            Dialect::Postgres => Ok(()),
        }
    }

    /// One statement outside any transaction, with no limit of time: building an index, tidying.
    pub(crate) fn run_alone(&self, sql: &str) -> Result<(), Failure> {
        let sql = sql.to_string();
        match &self.driver {
            Driver::Sqlite(sqlite) => {
                let ticket = sqlite.alone(move |connection| connection.execute_batch(&sql))?;
                ticket.wait(self.options.begin_within, Duration::MAX).map(drop)
            }
            Driver::Postgres(postgres) => postgres.alone(&sql),
        }
    }
}
