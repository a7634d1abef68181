//! `evenkeel token list`: the tokens of an account, without what they are.

use super::short;
use crate::command::user;
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::token::{self, Token};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct List {
    #[arg(value_name = "LOGIN")]
    pub login: String,
}

/// Does it: a line a token, newest first.
///
/// # Errors
/// Refused where there is no such account.
pub fn run(host: &Host, asked: List, console: &mut dyn Console) -> Result<()> {
    let account = user::account(host, &asked.login)?;
    for token in token::of_account(host.engine.database(), account)? {
        tell(&token, host.engine.now(), console)?;
    }
    Ok(())
}

fn tell(token: &Token, now: i64, console: &mut dyn Console) -> Result<()> {
    let instant = |at: i64| jiff::Timestamp::from_microsecond(at).map(|at| at.to_string()).ok();
    let over = token.expires_at.is_some_and(|at| at <= now);
    let (en, zh) = match (token.revoked_at, over) {
        (Some(_), _) => ("revoked", "已撤销"),
        (None, true) => ("expired", "已过期"),
        (None, false) => ("valid", "有效"),
    };
    let json = json!({
        "id": short(&token.hash), "name": &*token.name, "kind": &*token.kind, "state": en,
        "scopes": token.scopes.split_whitespace().collect::<Vec<_>>(),
        "created_at": instant(token.created_at), "expires_at": token.expires_at.and_then(instant),
        "last_used_at": token.last_used_at.and_then(instant),
    });
    let line = |state: &str| {
        let made = instant(token.created_at).unwrap_or_default();
        format!("{}\t{}\t{state}\t{made}", short(&token.hash), token.name)
    };
    console.answer(&json, &text(line(en), line(zh)))
}
