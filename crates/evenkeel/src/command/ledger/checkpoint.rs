//! `evenkeel ledger checkpoint`: signs the ledger as it is sealed now, and prints the note.

use crate::console::Console;
use crate::failure::{Failure, Result, text};
use crate::host::{Host, holder};
use crate::signing;
use clap::Args;
use engine::sealer::Sealer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::seal;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Checkpoint {}

/// Does it; the last note again where nothing was written since.
///
/// # Errors
/// Refused where nothing was ever written.
pub fn run(host: &Host, _asked: Checkpoint, console: &mut dyn Console) -> Result<()> {
    if !host.serves {
        Sealer::new(&host.engine, &holder(&host.engine)).drain()?;
    }
    let note = match signing::open(host)?.checkpoint(host)? {
        Some(note) => note,
        None => {
            let last = seal::checkpoints(host.engine.database(), 1)?.into_iter().next();
            last.ok_or_else(empty)?.note.to_string()
        }
    };
    console.answer(&json!({ "note": note }), &text(note.clone(), note))
}

fn empty() -> Failure {
    Failure::refused(
        "empty-ledger",
        "Nothing was written yet; there is nothing to sign.",
        "尚无任何历史，无可签名。",
    )
}
