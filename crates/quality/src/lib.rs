//! Pure numbers: what can be computed from values alone. No I/O, no clock, no randomness, and
//! nothing of the other crates: each module is checked against published values.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod working_time;
