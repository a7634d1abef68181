//! The one place in this crate that looks at a clock, and only at the monotonic one: for time
//! limits and the length of a group. What is stored never comes from here; instants come in as
//! arguments.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Now, for measuring how long something takes.
#[allow(clippy::disallowed_methods, reason = "the monotonic clock, for limits of time")]
pub(crate) fn moment() -> Instant {
    Instant::now()
}

fn ticks() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let elapsed = moment().duration_since(*START.get_or_init(moment));
    u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
}

/// When a read must stop; shared with the database's own loop, which asks now and then.
#[derive(Debug, Default)]
pub(crate) struct Deadline(AtomicU64);

impl Deadline {
    /// `None`: no limit.
    pub(crate) fn set(&self, limit: Option<Duration>) {
        let micros = limit.map(|limit| u64::try_from(limit.as_micros()).unwrap_or(u64::MAX));
        let end = micros.map_or(0, |micros| ticks().saturating_add(micros).max(1));
        self.0.store(end, Ordering::Relaxed);
    }

    pub(crate) fn is_over(&self) -> bool {
        let end = self.0.load(Ordering::Relaxed);
        end != 0 && ticks() > end
    }
}
