//! SQL: tables that follow the definitions, one builder for two databases.
//!
//! Knows tables and columns, never permission or workflow; SQL text exists in this crate only.
//! A read is a statement on a [`Snapshot`]; a write is a list of statements with the row counts
//! they must have, committed as one unit.

pub mod backup;
pub mod cell;
pub mod codec;
pub mod core;
pub mod database;
pub mod layout;
pub mod past;
pub mod record;
pub mod search;
pub mod select;
pub mod sql;
pub mod sync;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use crate::core::{
    attachment, blob, clock, credential, definition, guard, history, idempotency,
};
pub use crate::core::{factor, identity, login_event, notification, one_time, presence, throttle};
pub use crate::core::{job, lease, link, movement, seal, sequence, setting, spine, token, vote};
pub use cell::{Cell, Row};
pub use database::{Database, Failure, Limit, Location, Options, Read, Snapshot, Statement, Unit};
