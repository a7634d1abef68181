//! SQL: tables that follow the definitions, one builder for two databases.
//!
//! Knows tables and columns, never permission or workflow; SQL text exists in this crate only.
//! A read is a statement on a [`Snapshot`]; a write is a list of statements with the row counts
//! they must have, committed as one unit.

pub mod cell;
pub mod codec;
pub mod database;
pub mod layout;
pub mod search;
pub mod select;
pub mod sql;

pub use cell::{Cell, Row};
pub use database::{Database, Failure, Snapshot, Statement, Unit};
