//! `evenkeel user disable`: keeps an account from being used, at once.

use super::account::set_disabled;
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Disable {
    #[arg(value_name = "LOGIN")]
    pub login: String,
}

/// Does it.
///
/// # Errors
/// Refused where there is no such account.
pub fn run(host: &Host, asked: Disable, console: &mut dyn Console) -> Result<()> {
    let login = asked.login;
    set_disabled(host, &login, true)?;
    let json = json!({ "login": login, "disabled": true });
    console.answer(&json, &text(format!("Disabled {login}."), format!("已停用 {login}。")))
}
