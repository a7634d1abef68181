//! What all requests share: the engine, the settings, the places for work, the counts.

use crate::limiter::Limiter;
use crate::live::Hub;
use crate::metrics::Metrics;
use crate::pool::Pool;
use crate::settings::Settings;
use bytes::Bytes;
use engine::Engine;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, watch};

/// One server over one engine.
pub struct App {
    pub engine: Engine,
    pub settings: Settings,
    /// Places for calls that are over soon.
    pub calls: Pool,
    /// Places for exports, uploads and downloads.
    pub transfers: Pool,
    /// Places for those who wait for changes.
    pub watchers: Arc<Semaphore>,
    /// By the key of the account.
    pub accounts: Limiter<i64>,
    pub addresses: Limiter<IpAddr>,
    /// The description of the interface, by the version of the definitions it was made from.
    pub description: Mutex<Option<(i64, Bytes)>>,
    pub metrics: Metrics,
    /// The open streams of events.
    pub live: Hub,
    /// Becomes true when the server is to stop, so that nobody goes on waiting.
    pub stopping: watch::Sender<bool>,
    ids: Ids,
}

/// Numbers of requests: different in each run of the program.
struct Ids {
    run: String,
    next: AtomicU64,
}

impl App {
    pub fn new(engine: Engine, settings: Settings) -> App {
        let limits = &settings.limits;
        let mut run = [0; 4];
        engine.world().random(&mut run);
        App {
            calls: Pool::new(limits.workers, limits.waiting),
            transfers: Pool::new(limits.transfers, limits.waiting),
            watchers: Arc::new(Semaphore::new(limits.watchers)),
            accounts: Limiter::new(limits.rate_limit),
            addresses: Limiter::new(limits.address_rate_limit),
            description: Mutex::default(),
            metrics: Metrics::new(),
            live: Hub::new(limits),
            stopping: watch::Sender::new(false),
            ids: Ids { run: hex::encode(run), next: AtomicU64::new(1) },
            engine,
            settings,
        }
    }

    /// A number for the next request, which its log lines and its faults carry.
    pub fn next_id(&self) -> Arc<str> {
        let number = self.ids.next.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number:x}", self.ids.run).into()
    }
}
