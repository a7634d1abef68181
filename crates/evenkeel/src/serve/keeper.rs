//! The keeper of the ledger: gives entries their positions soon after they are written, signs
//! checkpoints, and writes these out of the house. Of several processes one does it at a time.

use super::threads::Stop;
use crate::failure::Result;
use crate::host::{Host, holder};
use crate::signing::{self, Signing};
use engine::sealer::{Round, Sealer};
use std::sync::Arc;
use std::time::Duration;

/// An entry waits no longer than this for its position, plus the time of a write.
const EVERY: Duration = Duration::from_millis(250);
/// After a failure.
const LATER: Duration = Duration::from_secs(2);

pub struct Keeper {
    host: Arc<Host>,
    sealer: Sealer,
    signing: Signing,
    /// Microseconds between checkpoints, and when the next one is due.
    every: i64,
    next: i64,
}

impl Keeper {
    /// # Errors
    /// Refused where the signing key cannot be used.
    pub fn new(host: &Arc<Host>) -> Result<Keeper> {
        let signing = signing::open(host)?;
        let sealer = Sealer::new(&host.engine, &holder(&host.engine));
        let every = host.settings.duration("ledger.checkpoint_every").as_micros();
        let every = i64::try_from(every).unwrap_or(i64::MAX / 2);
        let next = host.engine.now() + every;
        Ok(Keeper { host: host.clone(), sealer, signing, every, next })
    }

    /// Seals and signs until told to stop; then once more.
    pub fn run(mut self, stop: &Stop) {
        let mut wait = EVERY;
        while !stop.wait(wait) {
            wait = match self.round() {
                Ok(()) => EVERY,
                Err(failure) => {
                    tracing::warn!(?failure, "sealing failed; it is tried again");
                    LATER
                }
            };
        }
        self.next = 0;
        if let Err(failure) = self.round() {
            tracing::error!(
                ?failure,
                "what was written last is not sealed; the next start does it"
            );
        }
        self.sealer.stop();
    }

    fn round(&mut self) -> Result<()> {
        let round = self.sealer.drain()?;
        let now = self.host.engine.now();
        if round != Round::NotOurs && now >= self.next {
            self.next = now + self.every;
            self.signing.checkpoint(&self.host)?;
        }
        Ok(())
    }
}
