//! PostgreSQL: a few connections that write, a pool that reads, on a small runtime of our own, so
//! that callers block and know of no futures. May be called from any thread that may block, those
//! of another runtime included.

mod cells;
mod connection;
mod errors;
mod flight;
mod insert;
mod joined;
mod pool;
mod server;
mod snapshot;
mod text;
mod writer;

pub(crate) use snapshot::Snapshot;

use super::answer::{Ticket, pair};
use super::failure::Failure;
use super::options::Options;
use super::unit::Unit;
use crate::cell::{Cell, Row};
use errors::{Trouble, failure, trouble};
use flight::read_all;
use joined::Shapes;
use pool::Pool;
use server::{Purpose, Server};
use snapshot::within;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use writer::{Queue, Request, Writer};

/// A PostgreSQL database, by URL.
pub(crate) struct Postgres {
    /// Taken on drop: a runtime may not be waited for where another one runs.
    runtime: Option<Runtime>,
    server: Arc<Server>,
    pool: Pool,
    writes: UnboundedSender<Request>,
    limit: Duration,
}

impl Postgres {
    pub(crate) fn open(url: &str, options: &Options) -> Result<Postgres, Failure> {
        let server = Arc::new(Server::new(url, options)?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            // It only moves bytes, and callers decode what is theirs; a second thread would be
            // woken by the first for each message.
            .worker_threads(1)
            .thread_name("store-net")
            .enable_all()
            .build()
            .map_err(|error| Failure::Unavailable(error.to_string()))?;
        let (writes, queue) = unbounded_channel();
        let queue = Arc::new(Queue::new(queue));
        for _ in 0..options.writers.max(1) {
            let writer = Writer {
                server: server.clone(),
                group: options.group.max(1),
                patience: options.end_within + Duration::from_secs(1),
                connection: None,
                shapes: Shapes::default(),
            };
            runtime.spawn(writer::run(writer, queue.clone()));
        }
        let pool = Pool::new(server.clone(), options.readers);
        let limit = options.limit.time;
        let postgres = Postgres { runtime: Some(runtime), server, pool, writes, limit };
        postgres.check()?;
        Ok(postgres)
    }

    /// The server is there, and its texts are ours.
    fn check(&self) -> Result<(), Failure> {
        let rows = self.rows("SELECT current_setting('server_encoding')", &[])?;
        match rows.first().and_then(|row| row.first()?.text()) {
            Some("UTF8") => Ok(()),
            other => Err(Failure::Fault(format!("the database's encoding is {other:?}, not UTF8"))),
        }
    }

    pub(crate) fn submit(&self, unit: Unit) -> Result<Ticket, Failure> {
        let (promise, ticket) = pair();
        let closing = |_| Failure::Unavailable("the database is closing".into());
        self.writes.send(Request { unit, promise }).map_err(closing)?;
        Ok(ticket)
    }

    /// One read on its own: no transaction, one round trip.
    pub(crate) fn rows(&self, sql: &str, cells: &[Cell]) -> Result<Vec<Row>, Failure> {
        self.block_on(async {
            let mut lent = self.pool.lend().await?;
            let reads = [(sql, cells)];
            let mut result = within(self.limit, read_all(&mut lent.connection, &reads)).await?;
            if let Err(error) = &result {
                match trouble(error) {
                    Trouble::Lost(_) => lent = self.pool.renew(lent).await?,
                    Trouble::Stale => lent.connection.forget_statements(),
                    _ => {
                        self.pool.give_back(lent);
                        return Err(failure(error));
                    }
                }
                result = within(self.limit, read_all(&mut lent.connection, &reads)).await?;
            }
            self.pool.give_back(lent);
            let mut all = result.map_err(|error| failure(&error))?;
            Ok(all.pop().unwrap_or_default())
        })
    }

    pub(crate) fn snapshot(self: &Arc<Postgres>) -> Result<Snapshot, Failure> {
        let lent = self.block_on(self.pool.lend())?;
        Ok(Snapshot::new(self.clone(), lent, self.limit))
    }

    /// One statement outside any transaction, however long it takes.
    pub(crate) fn alone(&self, sql: &str) -> Result<(), Failure> {
        self.block_on(async {
            let connection = self.server.connect(Purpose::Long).await?;
            connection.client.batch_execute(sql).await.map_err(|error| failure(&error))
        })
    }

    fn block_on<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => Err(Failure::Unavailable("the database is closing".into())),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
