//! The clients: they create incidents and edit some of their own until the server is gone, and
//! write into their book what they were told.

use super::book::{Book, Kind, Outcome, Write};
use super::marker;
use crate::http::api::{Api, Reply};
use crate::support::server::Server;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// One write in so many is an edit.
const EDIT_EACH: usize = 4;

/// Between a write without an answer and the next.
const PAUSE: Duration = Duration::from_millis(20);

/// Writes for a while, kills the server in the middle of it, and gives the book of all clients.
pub fn load_and_kill(
    server: Server,
    token: &str,
    round: usize,
    clients: usize,
    time: Duration,
) -> Book {
    let address = server.address;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let stop = &stop;
        let work = |client| move || write_until(address, token, round, client, stop, true);
        let threads: Vec<_> = (0..clients).map(|client| scope.spawn(work(client))).collect();
        std::thread::sleep(time);
        server.kill();
        stop.store(true, Ordering::Relaxed);
        joined(threads)
    })
}

/// Writes until the closure that runs beside it has ended; failures do not end a client.
pub fn load_during<T>(
    address: SocketAddr,
    token: &str,
    round: usize,
    clients: usize,
    beside: impl FnOnce() -> T,
) -> (Book, T) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let stop = &stop;
        let work = |client| move || write_until(address, token, round, client, stop, false);
        let threads: Vec<_> = (0..clients).map(|client| scope.spawn(work(client))).collect();
        let result = beside();
        stop.store(true, Ordering::Relaxed);
        (joined(threads), result)
    })
}

fn joined(threads: Vec<std::thread::ScopedJoinHandle<'_, Vec<Write>>>) -> Book {
    let writes = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default());
    Book { writes: writes.collect() }
}

fn write_until(
    address: SocketAddr,
    token: &str,
    round: usize,
    client: usize,
    stop: &AtomicBool,
    ends_with_server: bool,
) -> Vec<Write> {
    let mut writes: Vec<Write> = Vec::new();
    let mut last: Option<(String, String)> = None;
    let mut api = None;
    while !stop.load(Ordering::Relaxed) {
        let Some(open) = api.as_mut() else {
            api = Api::open(address, token).ok();
            if api.is_none() && ends_with_server {
                break;
            }
            continue;
        };
        let mut write = next_write(marker(round, client, writes.len()), last.take());
        let reply = perform(open, &mut write);
        let gone = write.outcome == Outcome::Unknown;
        last = reply.and_then(|reply| made(&write, &reply));
        writes.push(write);
        if gone && ends_with_server {
            break;
        }
        if gone {
            // Whoever hears that nothing can be written now does not try again at once.
            std::thread::sleep(PAUSE);
        }
    }
    writes
}

/// A creation, or an edit of the record that was made just before.
fn next_write(marker: String, last: Option<(String, String)>) -> Write {
    let number: usize =
        marker.trim_end_matches('-').rsplit('n').next().unwrap_or("0").parse().unwrap_or(0);
    let (kind, based_on) = match last.filter(|_| number % EDIT_EACH == EDIT_EACH - 1) {
        Some((record, etag)) => (Kind::Edit(record), Some(etag)),
        None => (Kind::Create, None),
    };
    let body = match kind {
        Kind::Create => json!({ "summary": marker, "impact": "low", "urgency": "low" }),
        Kind::Edit(_) => json!({ "symptom": marker }),
    };
    Write { marker, kind, body, based_on, outcome: Outcome::Unknown, record: None }
}

/// Sends a write and notes its outcome; the same key each time it is sent.
fn perform(api: &mut Api, write: &mut Write) -> Option<Reply> {
    let (method, path) = match &write.kind {
        Kind::Create => ("POST", "/api/v1/incident".to_string()),
        Kind::Edit(record) => ("PATCH", format!("/api/v1/incident/{record}")),
    };
    let mut headers = vec![("Idempotency-Key", write.marker.as_str())];
    headers.extend(write.based_on.as_deref().map(|etag| ("If-Match", etag)));
    let reply = api.send(method, &path, &headers, Some(&write.body)).ok();
    write.outcome = outcome(reply.as_ref().map(|reply| reply.status));
    if let (Some(reply), Kind::Create) = (&reply, &write.kind) {
        write.record = reply.body["id"].as_str().map(str::to_string);
    }
    reply
}

/// What a status tells of a write.
///
/// | status | outcome |
/// | --- | --- |
/// | none | unknown |
/// | 2xx | acknowledged |
/// | 4xx, 507 | refused: nothing was written |
/// | 503 | unknown: the connection to the database may have been lost while committing |
/// | other | unknown |
pub fn outcome(status: Option<u16>) -> Outcome {
    match status {
        Some(200..=299) => Outcome::Acknowledged,
        Some(400..=499 | 507) => Outcome::Refused,
        _ => Outcome::Unknown,
    }
}

/// The record of a creation and its version, for an edit.
fn made(write: &Write, reply: &Reply) -> Option<(String, String)> {
    let is_new = write.kind == Kind::Create && write.outcome == Outcome::Acknowledged;
    let record = write.record.clone().filter(|_| is_new)?;
    Some((record, reply.etag.clone()?))
}

/// Sends again what had no answer, with the same key: now each has taken effect exactly once.
pub fn repeat_unknown(api: &mut Api, book: &mut Book) -> Result<(), String> {
    const PATIENCE: Duration = Duration::from_secs(30);
    for write in book.writes.iter_mut().filter(|write| write.outcome == Outcome::Unknown) {
        let begin = Instant::now();
        let mut last = None;
        while write.outcome == Outcome::Unknown && begin.elapsed() < PATIENCE {
            last = perform(api, write);
        }
        if write.outcome == Outcome::Unknown {
            let marker = &write.marker;
            return Err(format!("{marker}: repeated with its key, answered at last: {last:?}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{marker, next_write, outcome};
    use crate::crash::book::{Kind, Outcome};

    #[test]
    fn each_fourth_write_is_an_edit_of_the_record_before() {
        let last = || Some(("id".to_string(), "\"1\"".to_string()));
        assert_eq!(next_write(marker(1, 2, 2), last()).kind, Kind::Create);
        assert_eq!(next_write(marker(1, 2, 3), last()).kind, Kind::Edit("id".into()));
        assert_eq!(next_write(marker(1, 2, 3), None).kind, Kind::Create);
    }

    #[test]
    fn a_status_tells_the_outcome() {
        assert_eq!(outcome(None), Outcome::Unknown);
        assert_eq!(outcome(Some(201)), Outcome::Acknowledged);
        assert_eq!(outcome(Some(412)), Outcome::Refused);
        assert_eq!(outcome(Some(507)), Outcome::Refused);
        assert_eq!(outcome(Some(503)), Outcome::Unknown);
    }
}
