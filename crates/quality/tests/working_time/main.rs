//! Working time against figures that others computed or published, against a naive count, and
//! against the clock on the wall. Tables of single functions are tests in their own files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod bpic14;
mod property;
mod reference;
mod shared;
mod speed;
mod zones;
