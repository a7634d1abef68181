//! `evenkeel user password`: sets the password of an account, from stdin.

use super::account::account;
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Password {
    #[arg(value_name = "LOGIN")]
    pub login: String,
    #[arg(long)]
    pub password_stdin: bool,
    #[arg(skip)]
    pub password: Option<String>,
}

/// Does it.
///
/// # Errors
/// Refused where there is no such account, or the password is weak.
pub fn run(host: &Host, asked: Password, console: &mut dyn Console) -> Result<()> {
    let Password { login, password, .. } = asked;
    let account = account(host, &login)?;
    host.engine.set_password(account, &login, &password.unwrap_or_default())?;
    let json = json!({ "login": login });
    let text = text(format!("{login} has a new password."), format!("已设置 {login} 的新密码。"));
    console.answer(&json, &text)
}
