//! Runs jobs as they come due: timers, mails, whatever the definitions ask for later.

use super::threads::Stop;
use crate::host::Host;
use std::time::Duration;

/// How often is looked, at least.
const EVERY: Duration = Duration::from_millis(500);

/// Runs jobs until told to stop.
pub fn run(host: &Host, stop: &Stop) {
    let mut wait = EVERY;
    while !stop.wait(wait) {
        wait = jitter(host, EVERY);
    }
}

/// The time, a fifth longer or shorter by chance, so that several processes do not ask at once.
fn jitter(host: &Host, time: Duration) -> Duration {
    let mut chance = [0];
    host.engine.world().random(&mut chance);
    time * 4 / 5 + time * u32::from(chance[0]) / 640
}
