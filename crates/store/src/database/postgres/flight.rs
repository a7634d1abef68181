//! Units through one connection in one flight: BEGIN, every statement and COMMIT are sent before
//! the first answer is read. A statement that fails, or meets another number of rows than
//! expected, spoils the transaction, and its COMMIT becomes a rollback.

use super::cells::unfit;
use super::connection::{Connection, run};
use super::errors::{Trouble, is_guard, trouble};
use super::text;
use crate::cell::Row;
use crate::database::failure::Failure;
use crate::database::unit::Unit;
use futures_util::future::{MaybeDone, maybe_done};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use tokio_postgres::{Client, Error, Statement};

/// How a flight ended badly.
#[derive(Debug)]
pub(super) enum Ended {
    /// Nothing was written.
    Undone(Trouble),
    /// Whether it was written is not known.
    Unknown,
}

type Ran = Result<(Vec<Row>, u64), Error>;
type Sent<'a> = Pin<Box<dyn Future<Output = Ran> + Send + 'a>>;

/// How long a lock is waited for that somebody else holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// As the session has it: others wait behind.
    Short,
    /// A unit alone.
    Long,
}

/// Writes the units as one transaction: the rows of each.
pub(super) async fn fly(
    connection: &mut Connection,
    units: &[&Unit],
    wait: Wait,
) -> Result<Vec<Vec<Row>>, Ended> {
    let mut prepared = Vec::with_capacity(units.len());
    for unit in units {
        let statements = prepare(connection, unit).await;
        let statements = statements.map_err(|error| Ended::Undone(trouble(&error)))?;
        // A statement that the driver refuses to send would be missing between BEGIN and COMMIT.
        for (one, statement) in unit.statements.iter().zip(&statements) {
            if let Some(why) = unfit(statement, &one.cells) {
                let fault = Failure::Fault(format!("{why}: {}", one.sql));
                return Err(Ended::Undone(Trouble::Failed(fault)));
            }
        }
        prepared.push(statements);
    }
    let doubts = connection.doubts();
    let client = &connection.client;
    // A count that the database cannot check itself is checked here, before COMMIT is sent.
    let checked = units.iter().flat_map(|unit| &unit.statements).all(is_checked);
    let mut sent: Vec<Sent> = vec![simple(client, begin(wait))];
    for (unit, statements) in units.iter().zip(&prepared) {
        for (one, statement) in unit.statements.iter().zip(statements) {
            sent.push(Box::pin(run(client, statement, &one.cells)));
        }
    }
    if checked {
        sent.push(simple(client, "COMMIT"));
    }
    let mut ran = in_order(sent).await;
    let commit = if checked { ran.pop() } else { None };
    let judged = judge(units, ran);
    let commit = match (commit, &judged) {
        (Some(commit), _) => commit,
        (None, Ok(_)) => simple(client, "COMMIT").await,
        (None, Err(_)) => simple(client, "ROLLBACK").await,
    };
    let rows = match judged {
        Ok(rows) => rows,
        // The server never saw the end of it only if it said so itself.
        Err((Trouble::Lost(_), false)) if checked => return Err(Ended::Unknown),
        Err((trouble, _)) => return Err(Ended::Undone(trouble)),
    };
    match commit {
        Ok(_) if connection.doubts() == doubts => Ok(rows),
        Err(error) if error.as_db_error().is_some() => match trouble(&error) {
            Trouble::Lost(_) => Err(Ended::Unknown),
            trouble => Err(Ended::Undone(trouble)),
        },
        _ => Err(Ended::Unknown),
    }
}

/// A unit that is alone waits longer for a lock than the session does by itself.
fn begin(wait: Wait) -> &'static str {
    match wait {
        Wait::Short => "BEGIN",
        Wait::Long => "BEGIN; SET LOCAL lock_timeout = 10000",
    }
}

async fn prepare(connection: &mut Connection, unit: &Unit) -> Result<Vec<Statement>, Error> {
    let mut statements = Vec::with_capacity(unit.statements.len());
    for one in &unit.statements {
        let expected = one.expect.filter(|_| text::can_be_guarded(&one.sql));
        statements.push(connection.prepare(&one.sql, expected).await?);
    }
    Ok(statements)
}

fn is_checked(statement: &crate::database::Statement) -> bool {
    statement.expect.is_none() || text::can_be_guarded(&statement.sql)
}

fn simple<'a>(client: &'a Client, sql: &'static str) -> Sent<'a> {
    Box::pin(async move {
        client.batch_execute(sql).await?;
        Ok((Vec::new(), 0))
    })
}

/// The rows of each unit, or the first that went wrong, and whether the server itself told of it.
type Judged = Result<Vec<Vec<Row>>, (Trouble, bool)>;

fn judge(units: &[&Unit], ran: Vec<Ran>) -> Judged {
    let mut ran = ran.into_iter();
    let told = |error: &Error| error.as_db_error().is_some();
    if let Some(Err(error)) = ran.next() {
        return Err((trouble(&error), told(&error)));
    }
    let mut all = Vec::with_capacity(units.len());
    for unit in units {
        let mut rows = Vec::new();
        for (number, one) in unit.statements.iter().enumerate() {
            let conflict = Trouble::Failed(Failure::Conflict { statement: number });
            let guarded = one.expect.is_some() && text::can_be_guarded(&one.sql);
            match ran.next() {
                Some(Ok(_)) if guarded => {}
                Some(Ok((_, changed))) if one.expect.is_some_and(|rows| rows != changed) => {
                    return Err((conflict, true));
                }
                Some(Ok((some, _))) => rows.extend(some),
                Some(Err(error)) if guarded && is_guard(&error) => {
                    return Err((conflict, true));
                }
                Some(Err(error)) => return Err((trouble(&error), told(&error))),
                None => return Err((Trouble::Lost("no answer".into()), false)),
            }
        }
        all.push(rows);
    }
    Ok(all)
}

/// Polls each future once, in order, so that all requests are on their way; then waits for the
/// answers, which come in the same order.
async fn in_order(sent: Vec<Sent<'_>>) -> Vec<Ran> {
    let mut waiting: Vec<MaybeDone<Sent>> = sent.into_iter().map(maybe_done).collect();
    let mut first = true;
    for place in 0..waiting.len() {
        poll_fn(|context| {
            if std::mem::take(&mut first) {
                for future in &mut waiting {
                    let _ = Pin::new(future).poll(context);
                }
            }
            Pin::new(&mut waiting[place]).poll(context)
        })
        .await;
    }
    waiting.iter_mut().filter_map(|future| Pin::new(future).take_output()).collect()
}

/// A read on its own, or one of several that are sent together.
pub(super) async fn read_all(
    connection: &mut Connection,
    reads: &[(&str, &[crate::cell::Cell])],
) -> Result<Vec<Vec<Row>>, Error> {
    let mut statements = Vec::with_capacity(reads.len());
    for (sql, _) in reads {
        statements.push(connection.prepare(sql, None).await?);
    }
    let client = &connection.client;
    let mut sent: Vec<Sent> = Vec::with_capacity(reads.len());
    for ((_, cells), statement) in reads.iter().zip(&statements) {
        sent.push(Box::pin(run(client, statement, *cells)));
    }
    in_order(sent).await.into_iter().map(|ran| Ok(ran?.0)).collect()
}
