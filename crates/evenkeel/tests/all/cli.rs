//! The command line as its users run it: processes on a folder of their own, their output, their
//! exit codes, beside a running server and alone.
#![allow(clippy::unwrap_used)]

mod definitions;
mod files;
mod ledger;
mod outside;
mod people;
mod program;
mod server;
mod tls;
mod words;
