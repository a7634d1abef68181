//! `evenkeel user enable`: lets an account be used again.

use super::account::set_disabled;
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Enable {
    #[arg(value_name = "LOGIN")]
    pub login: String,
}

/// Does it.
///
/// # Errors
/// Refused where there is no such account.
pub fn run(host: &Host, asked: Enable, console: &mut dyn Console) -> Result<()> {
    let login = asked.login;
    set_disabled(host, &login, false)?;
    let json = json!({ "login": login, "disabled": false });
    console.answer(&json, &text(format!("Enabled {login}."), format!("已启用 {login}。")))
}
