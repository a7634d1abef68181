//! Forgets what has served its time (answers to idempotency keys, finished jobs, ended sessions,
//! used links, old logins, notifications that were read, who was where) and keeps the planner's
//! statistics fresh.

use super::threads::Stop;
use crate::failure::Result;
use crate::host::Host;
use engine::access::event;
use engine::notices;
use std::time::Duration;
use store::{
    Unit, idempotency, job, login_event, notification, one_time, presence, throttle, token,
};

const EVERY: Duration = Duration::from_secs(600);
/// Rounds between two looks at statistics: about a day.
const STATISTICS: u32 = 144;
/// Longer than anything that was guessed wrongly is closed, in microseconds.
const A_DAY: i64 = 86_400_000_000;

/// Tidies until told to stop.
pub fn run(host: &Host, stop: &Stop) {
    let mut round = 0;
    while !stop.wait(EVERY) {
        round += 1;
        let mut done = tidy(host);
        if round % STATISTICS == 0 {
            done = done.and_then(|()| Ok(host.engine.database().optimize()?));
        }
        if let Err(failure) = done {
            tracing::warn!(?failure, "tidying failed; it is tried again later");
        }
    }
}

/// One round.
///
/// # Errors
/// A failed write.
pub fn tidy(host: &Host) -> Result<()> {
    let now = host.engine.now();
    let before = |name: &str| {
        let kept = host.settings.duration(name).as_micros();
        now - i64::try_from(kept).unwrap_or(i64::MAX).min(now)
    };
    let mut unit = Unit::new();
    idempotency::sweep(&mut unit, before("keep.idempotency"));
    job::sweep(&mut unit, before("keep.jobs"));
    token::sweep(&mut unit, now);
    one_time::sweep(&mut unit, now);
    throttle::sweep(&mut unit, now - A_DAY);
    presence::sweep(&mut unit, now);
    notification::sweep(&mut unit, now - notices::KEPT, now - notices::KEPT_UNREAD);
    login_event::sweep(&mut unit, now - event::KEPT);
    Ok(host.engine.database().write(unit)?)
}
