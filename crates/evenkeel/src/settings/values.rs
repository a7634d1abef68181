//! Reading the text of a setting by its kind, with a refusal that names it and says the mend.

use super::keys::{Key, Kind};
use crate::failure::{Failure, Result};
use std::net::SocketAddr;
use std::time::Duration;

/// Refuses a text that is not of its kind.
///
/// # Errors
/// Refused, naming the setting and what fits.
pub fn check(key: &Key, name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    let fits = match key.kind {
        Kind::Text | Kind::Path | Kind::List => true,
        Kind::Address => value.parse::<SocketAddr>().is_ok(),
        Kind::Number(from, to) => value.parse().is_ok_and(|n| (from..=to).contains(&n)),
        Kind::Duration => duration(value).is_some(),
        Kind::Choice(words) => words.contains(&value),
        Kind::Map => map(value).is_some(),
    };
    if fits { Ok(()) } else { Err(unfit(key, name, value)) }
}

/// | text | duration |
/// | --- | --- |
/// | `90s`, `15m`, `2h`, `7d`, `1w` | itself |
/// | `90`, `1.5h`, `-1s` | none |
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = number.parse().ok().filter(|_| digits)?;
    number.checked_mul(seconds).filter(|s| *s < 1 << 40).map(Duration::from_secs)
}

/// Pairs of names and values; a name may hold `=`, as those of directories do.
///
/// | text | pairs |
/// | --- | --- |
/// | `desk=agent; cn=heads,dc=x=manager` | `desk`, `agent`; `cn=heads,dc=x`, `manager` |
/// | `desk`, `=agent`, `desk=` | none |
pub fn map(text: &str) -> Option<Vec<(String, String)>> {
    let pairs = text.split(';').map(str::trim).filter(|pair| !pair.is_empty());
    let both = |pair: &str| {
        let (name, value) = pair.rsplit_once('=')?;
        let (name, value) = (name.trim().to_string(), value.trim().to_string());
        (!name.is_empty() && !value.is_empty()).then_some((name, value))
    };
    pairs.map(both).collect()
}

fn unfit(key: &Key, name: &str, value: &str) -> Failure {
    let (en, zh) = match key.kind {
        Kind::Address => {
            ("an address like 127.0.0.1:8020".into(), "形如 127.0.0.1:8020 的地址".into())
        }
        Kind::Number(from, to) => {
            (format!("a whole number from {from} to {to}"), format!("{from} 到 {to} 的整数"))
        }
        Kind::Duration => {
            ("a time like 90s, 15m, 2h or 7d".into(), "形如 90s、15m、2h、7d 的时长".into())
        }
        Kind::Choice(words) => (format!("one of {}", words.join(", ")), words.join("、")),
        Kind::Map => {
            ("pairs like GROUP=role; GROUP=role".into(), "形如 组=角色; 组=角色 的对应".into())
        }
        Kind::Text | Kind::Path | Kind::List => (String::new(), String::new()),
    };
    let shown = if key.secret { "…" } else { value };
    Failure::refused(
        "bad-setting",
        format!("The setting \"{name}\" is \"{shown}\"; it takes {en}."),
        format!("设置“{name}”的值为“{shown}”；应为：{zh}。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::keys::find;

    #[test]
    fn durations() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800)] {
            assert_eq!(duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["90", "1.5h", "-1s", "", "s", "+1s", "1年", "99999999999999999d"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn pairs() {
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        let found = map("desk=agent; cn=heads,dc=x = manager;").unwrap();
        assert_eq!(found, [pair("desk", "agent"), pair("cn=heads,dc=x", "manager")]);
        for text in ["desk", "=agent", "desk=", "a=b;c"] {
            assert_eq!(map(text), None, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_does() {
        let refused = check(find("listen").unwrap(), "listen", "8020").unwrap_err();
        assert!(refused.text(model::Language::EN).contains("\"listen\""));
        assert!(check(find("limits.workers").unwrap(), "limits.workers", "0").is_err());
        assert!(check(find("log.format").unwrap(), "log.format", "json").is_ok());
    }
}
