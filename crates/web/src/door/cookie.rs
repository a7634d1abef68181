//! What a browser keeps of us: the session, how pages look, and the one thing to be said on the
//! next page.

use crate::percent;
use axum::http::{HeaderMap, header};
use model::Language;

/// The cookies of one request that we know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The text of the session's token.
    pub session: Option<String>,
    /// The text of a login between its two steps.
    pub half: Option<String>,
    /// The text of a login that is under way at a provider.
    pub sign_on: Option<String>,
    /// Keys without Ctrl or Alt are switched off (WCAG 2.1.4).
    pub no_keys: bool,
    pub theme: Theme,
    /// The language chosen at the door of this browser; whoever is in has their own.
    pub language: Option<Language>,
    /// What was done on the page before, to be said once.
    pub said: Option<String>,
    /// What takes it back.
    pub undo: Option<String>,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn named(text: &str) -> Theme {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

/// Over HTTPS the name binds the cookie to this very host; plain HTTP has no such thing.
fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-evenkeel" } else { "evenkeel" }
}

fn half_name(secure: bool) -> &'static str {
    if secure { "__Host-evenkeel-half" } else { "evenkeel-half" }
}

fn sign_on_name(secure: bool) -> &'static str {
    if secure { "__Host-evenkeel-sign-on" } else { "evenkeel-sign-on" }
}

/// Reads the cookies that we know; all others are left alone.
pub fn read(headers: &HeaderMap, secure: bool) -> Kept {
    let mut kept = Kept::default();
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    for pair in lines.flat_map(|line| line.split(';')) {
        let Some((name, value)) = pair.trim().split_once('=') else { continue };
        match name {
            "theme" => kept.theme = Theme::named(value),
            "language" => kept.language = Language::new(value).filter(is_spoken),
            "keys" => kept.no_keys = value == "off",
            "said" => kept.said = percent::decode(value, false).ok().filter(|t| !t.is_empty()),
            "undo" => kept.undo = percent::decode(value, false).ok(),
            _ if name == session_name(secure) && (1..=512).contains(&value.len()) => {
                kept.session = Some(value.to_string());
            }
            _ if name == half_name(secure) && (1..=512).contains(&value.len()) => {
                kept.half = Some(value.to_string());
            }
            _ if name == sign_on_name(secure) && (1..=512).contains(&value.len()) => {
                kept.sign_on = Some(value.to_string());
            }
            _ => {}
        }
    }
    kept
}

fn is_spoken(language: &Language) -> bool {
    Language::REQUIRED.contains(language)
}

/// Keeps the session until the browser is told otherwise.
pub fn session(text: &str, seconds: i64, secure: bool) -> String {
    let name = session_name(secure);
    let only = if secure { "; Secure" } else { "" };
    format!("{name}={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}")
}

/// Forgets the session.
pub fn no_session(secure: bool) -> String {
    session("", 0, secure)
}

/// Keeps a login between its two steps; an empty text forgets it.
pub fn half(text: &str, secure: bool) -> String {
    let (name, seconds) = (half_name(secure), if text.is_empty() { 0 } else { 300 });
    let only = if secure { "; Secure" } else { "" };
    format!("{name}={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}")
}

/// Keeps what ties the way back from a provider to this browser; an empty text forgets it.
pub fn sign_on(text: &str, secure: bool) -> String {
    let (name, seconds) = (sign_on_name(secure), if text.is_empty() { 0 } else { 600 });
    let only = if secure { "; Secure" } else { "" };
    format!("{name}={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}")
}

/// Keeps a choice of how pages look for a year.
pub fn choice(name: &str, value: &str, secure: bool) -> String {
    let only = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000{only}")
}

/// Says a text on the next page.
pub fn said(text: &str, secure: bool) -> String {
    let only = if secure { "; Secure" } else { "" };
    let text = percent::encode(&text.chars().take(300).collect::<String>());
    format!("said={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age=30{only}")
}

/// Offers on the next page to take back what was done.
pub fn undo(text: &str, secure: bool) -> String {
    let only = if secure { "; Secure" } else { "" };
    let text = percent::encode(text);
    format!("undo={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age=30{only}")
}

/// It has been offered.
pub fn nothing_to_undo(secure: bool) -> String {
    let only = if secure { "; Secure" } else { "" };
    format!("undo=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{only}")
}

/// It has been said.
pub fn nothing_said(secure: bool) -> String {
    let only = if secure { "; Secure" } else { "" };
    format!("said=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{only}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(line: &str, secure: bool) -> Kept {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, line.parse().unwrap());
        read(&headers, secure)
    }

    #[test]
    fn only_our_cookies_are_read() {
        let all = kept("a=b; evenkeel=es_x; theme=dark; language=zh; said=%E5%A5%BD", false);
        assert_eq!(all.session.as_deref(), Some("es_x"));
        assert_eq!((all.theme, all.language), (Theme::Dark, Some(Language::ZH)));
        assert_eq!(all.said.as_deref(), Some("好"));
        assert_eq!(kept("evenkeel=es_x", true).session, None);
        assert_eq!(kept("__Host-evenkeel=es_x", true).session.as_deref(), Some("es_x"));
        assert_eq!(kept("language=fr; theme=blue; said=%", false), Kept::default());
    }
}
