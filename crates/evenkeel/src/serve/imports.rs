//! Works on imports that were asked for in the program, one after the other, beside the jobs: an
//! import may take hours, a timer must not wait for it.

use super::threads::Stop;
use crate::host::{Host, holder};
use engine::import::work;
use std::time::Duration;

/// How long is waited between two looks: other processes ask for imports as well.
const PAUSE: Duration = Duration::from_millis(500);

/// Works until told to stop; what is at work then goes on at the next start.
pub fn run(host: &Host, stop: &Stop) {
    let holder = holder(&host.engine);
    let goes_on = || !stop.wait(Duration::ZERO);
    let mut pause = Duration::ZERO;
    while !stop.wait(pause) {
        pause = PAUSE;
        let now = host.engine.now();
        let done = match work::next_due(&host.engine) {
            // Looked for first: a claim is a write, and mostly nothing is due.
            Ok(due) if due.is_none_or(|due| due > now) => Ok(0),
            Ok(_) => work::run_due(&host.engine, &holder, &goes_on),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            tracing::warn!(?error, "imports were not worked on; they are tried again");
            pause = PAUSE * 4;
        }
    }
}
