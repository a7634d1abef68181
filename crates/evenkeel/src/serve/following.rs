//! Goes on with the definitions that another process on the same database brought into force.
//! On SQLite there is no other process.

use super::threads::Stop;
use crate::host::{Host, unfit};
use crate::product::product;
use std::time::Duration;
use store::database::Dialect;

const EVERY: Duration = Duration::from_secs(2);
/// After a version that this program cannot work with.
const LATER: Duration = Duration::from_secs(60);

/// Follows until told to stop.
pub fn run(host: &Host, stop: &Stop) {
    if host.engine.database().dialect() == Dialect::Sqlite {
        return;
    }
    let mut wait = EVERY;
    while !stop.wait(wait) {
        wait = match host.engine.follow(&product()).map_err(unfit) {
            Ok(followed) => {
                if followed {
                    let version = host.engine.catalogue().version;
                    tracing::info!(version, "another process brought definitions into force");
                }
                EVERY
            }
            Err(failure) => {
                tracing::warn!(?failure, "the definitions in force do not fit this program");
                LATER
            }
        };
    }
}
