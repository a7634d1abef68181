//! What every rig stands on: folders, the program and its command line, a running server, a
//! throw-away PostgreSQL, and what the kernel says of a process.

pub mod folder;
pub mod postgres;
pub mod process;
pub mod program;
pub mod server;
pub mod site;
