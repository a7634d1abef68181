//! `evenkeel ledger key`: the key with which others verify the ledger. Give it to auditors once, by
//! another way than exports.

use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use crate::signing;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Key {}

/// Does it.
///
/// # Errors
/// Refused where the signing key cannot be used.
pub fn run(host: &Host, _asked: Key, console: &mut dyn Console) -> Result<()> {
    let signing = signing::open(host)?;
    let key = signing.signer.verifying_key().to_string();
    let kept = signing::key_file(&host.settings).display().to_string();
    let json = json!({ "key": key, "origin": signing.origin, "kept": kept });
    console.answer(&json, &text(key.clone(), key))
}
