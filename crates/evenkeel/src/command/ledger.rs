//! `evenkeel ledger`: the tamper-evident history: verified, exported, signed.

pub mod checkpoint;
pub mod export;
pub mod key;
mod report;
pub mod verify;

pub use verify::verify_live;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Ledger {
    Verify(verify::Verify),
    Export(export::Export),
    Checkpoint(checkpoint::Checkpoint),
    Key(key::Key),
}
