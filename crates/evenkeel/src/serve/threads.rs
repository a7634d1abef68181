//! The threads that work beside requests: sealing and signing, jobs, imports, a full-text index
//! that a restore left unfinished, keeping tidy. Each waits on one condition, so that a stop is
//! heard at once.

use super::keeper::Keeper;
use super::{following, imports, jobs, reindexing, tidying};
use crate::failure::{Failure, Result};
use crate::host::Host;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The threads of a server.
pub struct Threads {
    stop: Arc<Stop>,
    /// In the order in which they end; the keeper last, so that it seals what others wrote.
    handles: Vec<JoinHandle<()>>,
    keeper: JoinHandle<()>,
    keep: Arc<Stop>,
}

/// Whether to stop, and a way to wait for it.
#[derive(Default)]
pub struct Stop {
    said: Mutex<bool>,
    heard: Condvar,
}

impl Stop {
    pub fn say(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_all();
    }

    /// Waits so long; whether to stop.
    pub fn wait(&self, time: Duration) -> bool {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.heard.wait_timeout_while(said, time, |said| !*said);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Starts them.
///
/// # Errors
/// Refused where the signing key cannot be used.
pub fn start(host: &Arc<Host>) -> Result<Threads> {
    let keeper = Keeper::new(host)?;
    let (stop, keep) = (Arc::new(Stop::default()), Arc::new(Stop::default()));
    let until = keep.clone();
    let keeper = thread("keeper", move || keeper.run(&until))?;
    let handles = vec![
        thread("jobs", {
            let (host, stop) = (host.clone(), stop.clone());
            move || jobs::run(&host, &stop)
        })?,
        thread("imports", {
            let (host, stop) = (host.clone(), stop.clone());
            move || imports::run(&host, &stop)
        })?,
        thread("following", {
            let (host, stop) = (host.clone(), stop.clone());
            move || following::run(&host, &stop)
        })?,
        thread("reindexing", {
            let (host, stop) = (host.clone(), stop.clone());
            move || reindexing::run(&host, &stop)
        })?,
        thread("tidying", {
            let (host, stop) = (host.clone(), stop.clone());
            move || tidying::run(&host, &stop)
        })?,
    ];
    Ok(Threads { stop, handles, keeper, keep })
}

impl Threads {
    /// Ends them and waits.
    pub fn stop(self) {
        self.stop.say();
        for handle in self.handles {
            let _ = handle.join();
        }
        self.keep.say();
        let _ = self.keeper.join();
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let spawned = std::thread::Builder::new().name(name.into()).spawn(run);
    spawned.map_err(|error| Failure::outside("a thread", error))
}
