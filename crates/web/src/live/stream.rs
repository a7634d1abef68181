//! One stream of events, told as server-sent events to a browser that reads on.
//!
//! | event | data |
//! | --- | --- |
//! | `changes` | `{"changes":[{"type","id","position"}]}`: records that changed and may be read |
//! | `here` | `{"here":[id]}`: somebody came, left or types at a record that is open here too |
//! | `unread` | `{"unread"}`: how many notifications the person has not read |
//! | `lost` | too much has happened since the position given: draw anew |
//! | `ended` | the session is over; nothing more comes |
//!
//! The id of an event is the position from which to go on. Between events a line that says nothing
//! keeps the way open.

use super::Seat;
use bytes::Bytes;
use engine::{Engine, Error, Refusal, Session};
use model::Key;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until};

/// How often it is asked whether the session still stands.
const CHECK: Duration = Duration::from_secs(5);
/// Checks between two lines that say nothing: proxies close what is silent for a minute.
const SILENT: u32 = 4;
/// Shortest time between two looks of one stream.
const REST: Duration = Duration::from_millis(300);
/// Entries of one event.
const ENTRIES: usize = 500;
/// How far behind a stream may begin, in entries.
const BEHIND: i64 = 5_000;

/// One stream on its way.
pub(super) struct Stream {
    seat: Seat,
    session: String,
    /// The position to go on from; none until the first look has found the end.
    from: Option<i64>,
    sender: Sender<io::Result<Bytes>>,
    silent: u32,
    /// Unread notifications as they were told last, with what tells that it may be others.
    unread: Option<Unread>,
    /// Who came, left or typed, as it was looked at last.
    present: Arc<[(Key, i64)]>,
}

/// How many notifications were unread, and the mark of what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unread {
    told: usize,
    mark: (i64, usize),
}

/// What one look has found.
struct Found {
    text: String,
    from: i64,
    more: bool,
    unread: Option<Unread>,
}

impl Stream {
    pub(super) fn new(
        seat: Seat,
        session: String,
        from: Option<i64>,
        sender: Sender<io::Result<Bytes>>,
    ) -> Stream {
        Stream { seat, session, from, sender, silent: 0, unread: None, present: Arc::from([]) }
    }

    /// Whether the browser could take it at once.
    fn send(&mut self, text: String) -> bool {
        self.silent = 0;
        self.sender.try_send(Ok(Bytes::from(text))).is_ok()
    }

    /// The records at which somebody came, left or typed since it was asked last.
    fn moved(&mut self) -> Vec<Key> {
        let changes = self.seat.app.live.present.borrow().clone();
        // Not by the instant: what began earlier may be written later.
        let before = std::mem::replace(&mut self.present, changes.clone());
        changes.iter().filter(|one| !before.contains(one)).map(|(record, _)| *record).collect()
    }

    /// Looks and tells; whether to go on.
    async fn tell(&mut self) -> bool {
        loop {
            let Ok(_place) = self.seat.app.live.reading.clone().acquire_owned().await else {
                return false;
            };
            let (engine, text) = (self.seat.app.engine.clone(), self.session.clone());
            let (from, unread, present) = (self.from, self.unread, self.moved());
            let asked = move || look(&engine, &text, (from, unread), &present);
            let looked = tokio::task::spawn_blocking(asked);
            match looked.await {
                Ok(Ok(found)) => {
                    (self.from, self.unread) = (Some(found.from), found.unread);
                    if !found.text.is_empty() && !self.send(found.text) {
                        return false;
                    }
                    if !found.more {
                        return true;
                    }
                }
                Ok(Err(Error::Refused(refusal))) if *refusal == Refusal::NotLoggedIn => {
                    self.send("event: ended\ndata: {}\n\n".into());
                    return false;
                }
                // The database does not answer just now: the next look may find more.
                Ok(Err(_)) => return true,
                Err(_) => return false,
            }
        }
    }
}

/// Tells what happens until the browser leaves, is too slow, its session ends, or the server stops.
pub(super) async fn run(mut stream: Stream) {
    let mut end = stream.seat.app.live.end.subscribe();
    let mut present = stream.seat.app.live.present.subscribe();
    let mut stopping = stream.seat.app.stopping.subscribe();
    if *stopping.borrow() || !stream.send("retry: 3000\n\n".into()) {
        return;
    }
    loop {
        if !stream.tell().await {
            return;
        }
        let rested = Instant::now() + REST;
        let check = Instant::now() + CHECK;
        let sender = stream.sender.clone();
        tokio::select! {
            () = async {
                sleep_until(rested).await;
                tokio::select! { _ = end.changed() => {} _ = present.changed() => {} }
            } => {}
            () = sleep_until(check) => {
                stream.silent += 1;
                if stream.silent >= SILENT && !stream.send(":\n\n".into()) { return }
            }
            () = sender.closed() => return,
            _ = stopping.changed() => return,
        }
    }
}

/// What is to be told from a position on, and how many notifications are unread where that is news.
fn look(
    engine: &Engine,
    text: &str,
    (from, unread): (Option<i64>, Option<Unread>),
    present: &[Key],
) -> engine::Result<Found> {
    let session = Session::new(engine, engine.authenticate_unattended(text)?);
    let mut found = found(engine, &session, from)?;
    found.unread = unread;
    // Asked at each look: a job tells approvers without an entry of the feed.
    let mark = session.unread_mark()?;
    if unread.is_none_or(|before| before.mark != mark) {
        let told = session.unread()?;
        found.unread = Some(Unread { told, mark });
        if unread.is_none_or(|before| before.told != told) {
            let data = json!({ "unread": told });
            found.text.push_str(&format!("event: unread\ndata: {data}\n\n"));
        }
    }
    let here = if present.is_empty() { Vec::new() } else { session.also_at(present)? };
    if !here.is_empty() {
        let data = json!({ "here": here });
        found.text.push_str(&format!("event: here\ndata: {data}\n\n"));
    }
    Ok(found)
}

/// What is to be told from a position on, as the person of the session may read it now.
fn found(engine: &Engine, session: &Session, from: Option<i64>) -> engine::Result<Found> {
    let end = engine.feed_end()?;
    let unread = None;
    let Some(from) = from else {
        return Ok(Found { text: format!("id: {end}\n\n"), from: end, more: false, unread });
    };
    // A position that does not exist yet is one of another database: a restored one, say.
    if from > end || end - from > BEHIND {
        let text = format!("id: {end}\nevent: lost\ndata: {{}}\n\n");
        return Ok(Found { text, from: end, more: false, unread });
    }
    if from == end {
        return Ok(Found { text: String::new(), from, more: false, unread });
    }
    let changes = session.changes(from, ENTRIES, &[])?;
    let mut seen = BTreeSet::new();
    let told: Vec<Json> = changes
        .changes
        .iter()
        .rev()
        .filter(|one| seen.insert(one["id"].to_string()))
        .map(|one| json!({ "type": one["type"], "id": one["id"], "position": one["position"] }))
        .collect();
    let next = changes.next;
    let text = match told.is_empty() {
        true => format!("id: {next}\n\n"),
        false => {
            let data = json!({ "changes": told });
            format!("id: {next}\nevent: changes\ndata: {data}\n\n")
        }
    };
    Ok(Found { text, from: next, more: next < end, unread })
}
