//! One connection to PostgreSQL: its prepared statements, and the warnings the server sends.
//! A connection has one user at a time; statements on it run in the order in which they are sent.

use super::text;
use crate::cell::{Cell, Row};
use crate::database::timing::moment;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::error::Severity;
use tokio_postgres::types::BorrowToSql;
use tokio_postgres::{AsyncMessage, Client, Error, Statement};

/// Statements kept prepared.
const STATEMENTS: usize = 300;
/// The same for those of `joined`, which are long.
const JOINED: usize = 50;

pub(super) struct Connection {
    pub(super) client: Client,
    statements: HashMap<Box<str>, Prepared>,
    guarded: HashMap<(Box<str>, u64), Prepared>,
    joined: HashMap<String, Statement>,
    uses: u64,
    /// Warnings that put a commit in doubt.
    doubts: Arc<AtomicU64>,
    pub(super) used_at: Instant,
}

struct Prepared {
    statement: Statement,
    used: u64,
}

impl Connection {
    /// Must be called within the runtime, which then carries the line.
    pub(super) fn over<S, T>(client: Client, line: tokio_postgres::Connection<S, T>) -> Connection
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let doubts = Arc::new(AtomicU64::new(0));
        tokio::spawn(carry(line, doubts.clone()));
        let (statements, guarded, joined) = Default::default();
        Connection { client, statements, guarded, joined, uses: 0, doubts, used_at: moment() }
    }

    /// Prepares the statement unless it is; with a count, so that it checks it itself.
    pub(super) async fn prepare(
        &mut self,
        sql: &str,
        expected: Option<u64>,
    ) -> Result<Statement, Error> {
        self.uses += 1;
        let used = self.uses;
        let known = match expected {
            None => self.statements.get_mut(sql),
            // The key is made anew each time; short beside a round trip.
            Some(rows) => self.guarded.get_mut(&(sql.into(), rows)),
        };
        if let Some(prepared) = known {
            prepared.used = used;
            return Ok(prepared.statement.clone());
        }
        let text = match expected {
            None => text::postgres(sql),
            Some(rows) => text::guarded(sql, rows),
        };
        let statement = self.client.prepare(&text).await?;
        let prepared = Prepared { statement: statement.clone(), used };
        self.make_room();
        match expected {
            None => drop(self.statements.insert(sql.into(), prepared)),
            Some(rows) => drop(self.guarded.insert((sql.into(), rows), prepared)),
        }
        Ok(statement)
    }

    /// Prepares what stands under the key, whose text is made only where it is not prepared.
    pub(super) async fn prepare_joined(
        &mut self,
        key: String,
        text: impl FnOnce() -> String,
    ) -> Result<Statement, Error> {
        if let Some(statement) = self.joined.get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&text()).await?;
        if self.joined.len() >= JOINED {
            self.joined.clear();
        }
        self.joined.insert(key, statement.clone());
        Ok(statement)
    }

    /// Forgets the quarter that was used longest ago.
    fn make_room(&mut self) {
        if self.statements.len() + self.guarded.len() < STATEMENTS {
            return;
        }
        let all = self.statements.values().chain(self.guarded.values());
        let mut uses: Vec<u64> = all.map(|prepared| prepared.used).collect();
        uses.sort_unstable();
        let least = uses[uses.len() / 4];
        self.statements.retain(|_, prepared| prepared.used > least);
        self.guarded.retain(|_, prepared| prepared.used > least);
    }

    pub(super) fn forget_statements(&mut self) {
        self.statements.clear();
        self.guarded.clear();
        self.joined.clear();
    }

    pub(super) fn doubts(&self) -> u64 {
        self.doubts.load(Ordering::Acquire)
    }
}

/// Sends the statement; its rows and how many it changed. The request is on its way after the
/// first poll.
pub(super) async fn run<P, I>(
    client: &Client,
    statement: &Statement,
    cells: I,
) -> Result<(Vec<Row>, u64), Error>
where
    P: BorrowToSql,
    I: IntoIterator<Item = P>,
    I::IntoIter: ExactSizeIterator,
{
    let stream = client.query_raw(statement, cells).await?;
    futures_util::pin_mut!(stream);
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(read_row(&row?)?);
    }
    let changed = stream.rows_affected().unwrap_or(0);
    Ok((rows, changed))
}

/// The same for a text that will not come again in this shape, without keeping it prepared.
pub(super) async fn run_once(client: &Client, sql: &str, cells: &[Cell]) -> Result<(), Error> {
    let statement = client.prepare(&text::postgres(sql)).await?;
    run(client, &statement, cells).await.map(drop)
}

/// The rows of a text without arguments, never prepared.
pub(super) async fn rows_once(client: &Client, sql: &str) -> Result<Vec<Row>, Error> {
    let none: [(Cell, tokio_postgres::types::Type); 0] = [];
    let stream = client.query_typed_raw(sql, none).await?;
    futures_util::pin_mut!(stream);
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(read_row(&row?)?);
    }
    Ok(rows)
}

fn read_row(row: &tokio_postgres::Row) -> Result<Row, Error> {
    (0..row.len()).map(|place| row.try_get(place)).collect()
}

/// Moves bytes until the line ends, and counts warnings on the way.
async fn carry<S, T>(mut line: tokio_postgres::Connection<S, T>, doubts: Arc<AtomicU64>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = std::future::poll_fn(|context| line.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) => {
                // Committed here but perhaps not on the standby: the server says so with a plain
                // warning, in its own language, and reports success.
                let code = notice.code().code();
                let warning = notice.parsed_severity() == Some(Severity::Warning);
                if warning && (code == "01000" || code == "57P01") {
                    doubts.fetch_add(1, Ordering::Release);
                    tracing::warn!("PostgreSQL: {}", notice.message());
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!("a connection to PostgreSQL ended: {error}");
                break;
            }
        }
    }
}
