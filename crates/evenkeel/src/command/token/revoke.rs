//! `evenkeel token revoke`: ends a token at once.

use super::short;
use crate::command::user;
use crate::console::Console;
use crate::failure::{Failure, Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::token;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Revoke {
    #[arg(value_name = "LOGIN")]
    pub login: String,
    #[arg(value_name = "ID_OR_NAME")]
    pub token: String,
}

/// Does it. A name that several valid tokens have ends all of them.
///
/// # Errors
/// Refused where there is no such account or no such valid token.
pub fn run(host: &Host, asked: Revoke, console: &mut dyn Console) -> Result<()> {
    let account = user::account(host, &asked.login)?;
    let all = token::of_account(host.engine.database(), account)?;
    let is_meant = |id: &str, name: &str| id == asked.token || name == asked.token;
    let meant = all.iter().filter(|one| one.revoked_at.is_none());
    let meant: Vec<_> = meant.filter(|one| is_meant(&short(&one.hash), &one.name)).collect();
    if meant.is_empty() {
        let token = &asked.token;
        return Err(Failure::refused(
            "not-found",
            format!(
                "{} has no valid token \"{token}\"; `evenkeel token list` lists them.",
                asked.login
            ),
            format!("{} 没有有效令牌“{token}”；可用 `evenkeel token list` 查看。", asked.login),
        ));
    }
    for one in &meant {
        host.engine.revoke_token(&one.hash)?;
    }
    let ids: Vec<String> = meant.iter().map(|one| short(&one.hash)).collect();
    let shown = ids.join(", ");
    let json = json!({ "revoked": ids });
    console.answer(&json, &text(format!("Revoked {shown}."), format!("已撤销 {shown}。")))
}
