//! `evenkeel token create`: makes a token and prints it, alone, this once.

use crate::command::user;
use crate::console::Console;
use crate::failure::{Failure, Result, text};
use crate::host::Host;
use crate::settings::duration;
use clap::Args;
use engine::access::NewToken;
use model::Key;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Create {
    #[arg(value_name = "LOGIN")]
    pub login: String,
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
}

/// Does it.
///
/// # Errors
/// Refused where there is no such account, for an unknown scope, for an expiry in the past.
pub fn run(host: &Host, asked: Create, console: &mut dyn Console) -> Result<()> {
    let account = user::account(host, &asked.login)?;
    let expires_at = asked.expires.as_deref().map(|text| expiry(text, host.engine.now()));
    let expires_at = expires_at.transpose()?;
    let token = create_token(host, account, &asked.name, &asked.scopes, expires_at)?;
    let until = expires_at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let json = json!({
        "token": token, "login": asked.login, "name": asked.name, "scopes": asked.scopes,
        "expires_at": until.map(|at| at.to_string()),
    });
    console.answer(&json, &text(token.clone(), token))
}

/// Makes a token for an account.
///
/// # Errors
/// As the engine refuses.
pub fn create_token(
    host: &Host,
    account: Key,
    name: &str,
    scopes: &[String],
    expires_at: Option<i64>,
) -> Result<String> {
    Ok(host.engine.create_token(&NewToken { account, name, scopes, expires_at })?)
}

/// | text | expiry |
/// | --- | --- |
/// | `90d` | ninety days from now |
/// | `2027-01-31` | the end of that day in UTC |
fn expiry(text: &str, now: i64) -> Result<i64> {
    let span = duration(text).and_then(|time| i64::try_from(time.as_micros()).ok());
    let day = text.parse::<jiff::civil::Date>().ok();
    let end = day.and_then(|day| day.tomorrow().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let end = end.map(|end| end.timestamp().as_microsecond());
    span.map(|span| now + span).or(end).ok_or_else(|| {
        Failure::usage(
            format!("--expires takes a time like 90d or a day like 2027-01-31, not \"{text}\"."),
            format!("--expires 应为 90d 之类的时长或 2027-01-31 之类的日期，而不是“{text}”。"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_time_from_now_or_a_day() {
        assert_eq!(expiry("2d", 5).unwrap(), 2 * 86_400_000_000 + 5);
        assert_eq!(expiry("1970-01-01", 0).unwrap(), 86_400_000_000);
        assert_eq!(expiry("soon", 0).unwrap_err().exit_code(), 2);
    }
}
