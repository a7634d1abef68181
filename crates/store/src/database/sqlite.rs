//! SQLite: one thread that writes, connections that read beside it. This file ties the two
//! together; `writer` groups and commits, `readers` lends connections, `connection` sets them up,
//! `run` puts statements through one, `errors` names what went wrong.

pub(crate) mod connection;
mod errors;
mod readers;
mod run;
mod writer;

pub(crate) use readers::{Readers, Reading};
pub(crate) use writer::Order;

use super::answer::{Ticket, pair};
use super::failure::Failure;
use super::options::Options;
use super::unit::Unit;
use connection::Place;
use crossbeam_channel::Sender;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Units that wait before callers are held back.
const QUEUE: usize = 4096;

/// An open SQLite file.
pub(crate) struct Sqlite {
    /// Given up on drop, before the thread is waited for.
    orders: Option<Sender<Order>>,
    writer: Option<JoinHandle<()>>,
    pub(crate) readers: Arc<Readers>,
    options: Options,
}

impl Sqlite {
    pub(crate) fn open(place: Place, options: &Options) -> Result<Sqlite, Failure> {
        let place = Arc::new(place);
        let connection = connection::writing(&place, options)?;
        let (orders, queue) = crossbeam_channel::bounded(QUEUE);
        let fatal = options.on_fatal.clone();
        let writer = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer::run(connection, &queue, &*fatal))
            .map_err(|error| Failure::Unavailable(error.to_string()))?;
        let readers = Arc::new(Readers::new(place, options.readers));
        let options = options.clone();
        Ok(Sqlite { orders: Some(orders), writer: Some(writer), readers, options })
    }

    pub(crate) fn submit(&self, unit: Unit) -> Result<Ticket, Failure> {
        let (promise, ticket) = pair();
        self.send(Order::Write(unit, promise))?;
        Ok(ticket)
    }

    /// Runs on the writing connection between two groups, outside any transaction.
    pub(crate) fn alone(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<Ticket, Failure> {
        let (promise, ticket) = pair();
        self.send(Order::Alone(Box::new(work), promise))?;
        Ok(ticket)
    }

    fn send(&self, order: Order) -> Result<(), Failure> {
        let closing = || Failure::Unavailable("the database is closing".into());
        let orders = self.orders.as_ref().ok_or_else(closing)?;
        orders
            .send_timeout(order, self.options.begin_within)
            .map_err(|_| Failure::Unavailable("the queue of writes is full".into()))
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(writer) = self.writer.take() {
            // A writer that ended badly has said so already.
            let _ = writer.join();
        }
    }
}
