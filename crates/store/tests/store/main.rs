//! The lower half of the store, on SQLite and on PostgreSQL: units, snapshots, core tables, sync,
//! backup, and what happens when a process or a server dies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod backup;
mod crash;
mod door;
mod heal;
mod jobs;
mod reads;
mod sequences;
mod sync;
mod tables;
mod units;
