//! The local socket beside the records, through which a command reaches the server that has them.
//! Only the owner of the data folder can open it, so whoever comes through is the operator.
//!
//! Frames are JSON, each a line. The command asks once; the server answers with results, notes and
//! progress as they come, asks for parts of the input where it needs them, and ends with `done`.

mod client;
mod frame;
mod server;

pub use client::ask;
pub use server::listen;
