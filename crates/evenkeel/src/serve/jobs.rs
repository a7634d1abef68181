//! Runs jobs as they come due: timers, mails, whatever the definitions ask for later.

use super::threads::Stop;
use crate::host::{Host, holder};
use engine::{Result, jobs};
use std::time::Duration;

/// The longest and the shortest wait between two looks: other processes make jobs as well.
const LONGEST: Duration = Duration::from_millis(1000);
const SHORTEST: Duration = Duration::from_millis(20);
const DAY: i64 = 86_400_000_000;

/// Runs jobs until told to stop.
pub fn run(host: &Host, stop: &Stop) {
    let holder = holder(&host.engine);
    let mut tidied = i64::MIN;
    let mut wait = Duration::ZERO;
    while !stop.wait(wait) {
        wait = match round(host, &holder, &mut tidied) {
            Ok(wait) => jitter(host, wait),
            Err(error) => {
                tracing::warn!(?error, "jobs were not run; they are tried again");
                LONGEST * 2
            }
        };
    }
}

/// Does what is due; how long to wait for the next.
fn round(host: &Host, holder: &str, tidied: &mut i64) -> Result<Duration> {
    let now = host.engine.now();
    if now.saturating_sub(*tidied) >= DAY {
        jobs::tidy(&host.engine, now)?;
        *tidied = now;
    }
    let due = jobs::next_due(&host.engine)?;
    // Looked for first: a claim is a write, and mostly nothing is due.
    if due.is_some_and(|due| due <= now) {
        jobs::run_due(&host.engine, holder, now)?;
        return Ok(SHORTEST);
    }
    let left = due.map_or(i64::MAX, |due| due - now);
    Ok(Duration::from_micros(u64::try_from(left).unwrap_or(0)).clamp(SHORTEST, LONGEST))
}

/// The time, a fifth longer or shorter by chance, so that several processes do not ask at once.
fn jitter(host: &Host, time: Duration) -> Duration {
    let mut chance = [0];
    host.engine.world().random(&mut chance);
    time * 4 / 5 + time * u32::from(chance[0]) / 640
}
