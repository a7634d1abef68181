//! Events that tell the pages of a browser what changes: one stream a browser, ids only, as far as
//! its person may read. Here is who listens and what wakes them; what is told stands in
//! [`stream`].
//!
//! Nobody holds a worker or a reader of the database while they wait. One task a process looks
//! whether the end of the feed has moved, for as long as anybody listens; several processes on one
//! database each look for themselves. A stream that is woken waits for one of a few places.

mod stream;

use crate::answer::{Answer, Content};
use crate::app::App;
use crate::call::Call;
use crate::problem::{Problem, Result};
use crate::route::{Kind, Parameter};
use crate::settings::Limits;
use axum::body::Body;
use axum::http::{HeaderName, StatusCode, header};
use bytes::Bytes;
use engine::refusal::Refusal;
use futures_util::stream::poll_fn;
use model::Key;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};

/// What the address of the stream may hold.
pub const QUERY: &[Parameter] = &[Parameter {
    name: "from",
    kind: Kind::Number { min: 0, max: i64::MAX },
    says: "The position of the feed that the page was drawn at.",
    required: false,
}];

/// How often the end of the feed is looked at.
const LOOK: Duration = Duration::from_millis(400);
/// Streams that read at the same time: few, because requests of people come first.
const READING: usize = 4;
/// Pieces that wait for a browser to take them; one that is further behind is dropped, and comes
/// back by itself with the position it has.
const AHEAD: usize = 8;
/// What the end of the feed is while nobody looks.
const UNKNOWN: i64 = -1;

/// Everybody who listens.
pub struct Hub {
    most: usize,
    most_of_account: usize,
    seats: Mutex<Seats>,
    end: watch::Sender<i64>,
    /// Records at which somebody came, left or typed a moment ago, with when.
    present: watch::Sender<Arc<[(Key, i64)]>>,
    reading: Arc<Semaphore>,
}

/// Streams by the key of their account, and whether somebody looks for them.
#[derive(Default)]
struct Seats {
    taken: HashMap<i64, usize>,
    looked_after: bool,
}

/// The place of one stream; given back when it is dropped.
struct Seat {
    app: Arc<App>,
    account: i64,
}

impl Hub {
    pub fn new(limits: &Limits) -> Hub {
        Hub {
            most: limits.streams,
            most_of_account: limits.account_streams,
            seats: Mutex::default(),
            end: watch::Sender::new(UNKNOWN),
            present: watch::Sender::new(Arc::from([])),
            reading: Arc::new(Semaphore::new(READING)),
        }
    }

    /// How many streams are open.
    pub fn streams(&self) -> usize {
        self.seats().taken.values().sum()
    }

    /// The end of the feed, at most a moment old; asked of the database where nobody listens. A
    /// page that is drawn after it was asked for misses nothing from there on.
    ///
    /// # Errors
    /// A failed read.
    pub fn position(&self, engine: &engine::Engine) -> engine::Result<i64> {
        match *self.end.borrow() {
            UNKNOWN => engine.feed_end(),
            end => Ok(end),
        }
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody listens any more; then the looking has ended.
    fn rests(&self) -> bool {
        let mut seats = self.seats();
        let rests = seats.taken.is_empty();
        if rests {
            seats.looked_after = false;
            self.end.send_replace(UNKNOWN);
        }
        rests
    }
}

impl Seat {
    /// A place for one more stream of the account; the first of all begins the looking.
    fn take(app: &Arc<App>, account: i64) -> Result<Seat> {
        let mut seats = app.live.seats();
        let all: usize = seats.taken.values().sum();
        let own = seats.taken.get(&account).copied().unwrap_or(0);
        if all >= app.live.most || own >= app.live.most_of_account {
            return Err(Problem::busy(60));
        }
        seats.taken.insert(account, own + 1);
        if !std::mem::replace(&mut seats.looked_after, true) {
            tokio::spawn(look(app.clone()));
        }
        Ok(Seat { app: app.clone(), account })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.app.live.seats();
        let left = seats.taken.get(&self.account).map_or(0, |taken| taken.saturating_sub(1));
        match left {
            0 => seats.taken.remove(&self.account),
            left => seats.taken.insert(self.account, left),
        };
    }
}

/// Looks where the feed ends, and wakes who listens, until nobody does.
async fn look(app: Arc<App>) {
    let mut stopping = app.stopping.subscribe();
    while !*stopping.borrow() {
        let engine = app.engine.clone();
        let asked = move || engine::Result::Ok((engine.feed_end()?, engine.presence_changes()?));
        match tokio::task::spawn_blocking(asked).await {
            Ok(Ok((end, present))) => {
                put(&app.live.end, end);
                put(&app.live.present, Arc::from(present));
            }
            Ok(Err(error)) => tracing::warn!(?error, "the end of the feed was not read"),
            Err(error) => tracing::warn!(%error, "the end of the feed was not read"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
        if app.live.rests() {
            return;
        }
    }
}

/// Wakes who listens where this is news.
fn put<T: PartialEq>(known: &watch::Sender<T>, now: T) {
    known.send_if_modified(|before| {
        let is_new = *before != now;
        *before = now;
        is_new
    });
}

/// Opens the stream of a browser, from the position that its page holds or that it has come to.
pub fn begin(call: &Call) -> Result<Answer> {
    let program = call.headers.contains_key(header::AUTHORIZATION);
    let session = call.kept.session.clone().filter(|_| !program);
    let (Some(session), Some(account)) = (session, call.session.actor().account) else {
        return Err(Refusal::NotLoggedIn.into());
    };
    let resumed = call.headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let from = resumed.or_else(|| call.query.number("from"));
    let seat = Seat::take(&call.app, account.0)?;
    let (sender, mut pieces) = mpsc::channel::<io::Result<Bytes>>(AHEAD);
    tokio::spawn(stream::run(stream::Stream::new(seat, session, from, sender)));
    let body = Body::from_stream(poll_fn(move |context| pieces.poll_recv(context)));
    let content = Content::Stream { media_type: "text/event-stream", body };
    let answer = Answer { status: StatusCode::OK, headers: Vec::new(), content };
    // A proxy that collects what it passes on would hold every event back.
    Ok(answer.header(HeaderName::from_static("x-accel-buffering"), "no"))
}
