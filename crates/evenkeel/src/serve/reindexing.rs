//! Goes on with a full-text index that `restore` was kept from finishing, beside requests. Ends
//! once the index is whole, which it mostly is at the start.

use super::threads::Stop;
use crate::host::Host;
use engine::Rebuilt;
use std::time::Duration;

/// Between two pages: requests go first.
const PAUSE: Duration = Duration::from_millis(5);
/// Where another process is at it, or after a failure.
const LATER: Duration = Duration::from_secs(2);

/// Goes on until the index is whole or it is told to stop.
pub fn run(host: &Host, stop: &Stop) {
    let (mut wait, mut begun) = (Duration::ZERO, false);
    while !stop.wait(wait) {
        wait = match host.engine.rebuild_search() {
            Ok(Rebuilt::Whole) => {
                if begun {
                    tracing::info!("search is ready again");
                }
                return;
            }
            Ok(Rebuilt::Part(done)) => {
                if !begun {
                    tracing::info!(done, "search is being made ready after a restore");
                }
                begun = true;
                PAUSE
            }
            Ok(Rebuilt::Elsewhere) => LATER,
            Err(error) => {
                tracing::warn!(?error, "search was not made ready; it is tried again");
                LATER
            }
        };
    }
}
