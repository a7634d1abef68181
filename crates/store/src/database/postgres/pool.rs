//! Connections for reading: lent, given back, made anew when they died. Writers have their own.

use super::connection::Connection;
use super::server::{Purpose, Server};
use crate::database::failure::Failure;
use crate::database::timing::moment;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections beyond those that are kept, for callers that hold one and need a second.
const EXTRA: usize = 16;
/// How long a caller waits for one that is kept before another is opened.
const NESTED: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that rested longer is asked whether it is still there: a line that was cut says
/// nothing by itself.
const RESTED: Duration = Duration::from_secs(15);

pub(crate) struct Pool {
    server: Arc<Server>,
    keep: usize,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    extra: Arc<Semaphore>,
}

/// A lent connection. Dropped, it is closed; [`Pool::give_back`] keeps it.
pub(super) struct Lent {
    pub(super) connection: Connection,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(server: Arc<Server>, keep: usize) -> Pool {
        let (permits, extra) = (Arc::new(Semaphore::new(keep)), Arc::new(Semaphore::new(EXTRA)));
        Pool { server, keep, idle: Mutex::default(), permits, extra }
    }

    pub(super) async fn lend(&self) -> Result<Lent, Failure> {
        let _permit = self.permit().await?;
        loop {
            let Some(idle) = self.pop() else { break };
            if is_alive(&idle).await {
                return Ok(Lent { connection: idle, _permit });
            }
        }
        let connection = self.server.connect(Purpose::Read).await?;
        Ok(Lent { connection, _permit })
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Failure> {
        for (permits, patience) in [(&self.permits, NESTED), (&self.extra, PATIENCE)] {
            let permit = tokio::time::timeout(patience, permits.clone().acquire_owned()).await;
            if let Ok(Ok(permit)) = permit {
                return Ok(permit);
            }
        }
        Err(Failure::Unavailable("too many reads at once".into()))
    }

    /// A connection of its own, made now: the one before turned out to be dead, and so may be
    /// the others.
    pub(super) async fn renew(&self, dead: Lent) -> Result<Lent, Failure> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let connection = self.server.connect(Purpose::Read).await?;
        Ok(Lent { connection, ..dead })
    }

    fn pop(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn give_back(&self, lent: Lent) {
        let mut connection = lent.connection;
        if connection.client.is_closed() {
            return;
        }
        connection.used_at = moment();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.keep {
            idle.push(connection);
        }
    }
}

/// Whether the connection can be used.
pub(super) async fn is_alive(connection: &Connection) -> bool {
    if connection.client.is_closed() {
        return false;
    }
    if connection.used_at.elapsed() < RESTED {
        return true;
    }
    let asked = tokio::time::timeout(Duration::from_secs(2), connection.client.check_connection());
    matches!(asked.await, Ok(Ok(())))
}
