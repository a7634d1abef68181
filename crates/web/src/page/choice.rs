//! How pages look and listen in this browser: theme, language, single keys, kept as cookies so that
//! the first byte of the next page is right already. The language of whoever is in is their own;
//! the cookie speaks at the door.

use super::Page;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::{cookie, csrf};
use crate::problem::{Problem, Result};
use axum::http::header;

/// What may be chosen, and from what.
const CHOICES: [(&str, &[&str]); 3] =
    [("theme", &["auto", "light", "dark"]), ("language", &["en", "zh"]), ("keys", &["on", "off"])];

pub fn keep(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let (name, value) = (form.text("name").unwrap_or(""), form.text("value").unwrap_or(""));
    let known = CHOICES.iter().find(|(known, _)| *known == name);
    let (name, values) = known.ok_or_else(Problem::missing)?;
    let value = values.iter().find(|known| **known == value).ok_or_else(Problem::missing)?;
    let to = own_path(form.text("to").unwrap_or("/"));
    // Whoever is in says so once, for every browser.
    if let Some(session) = call.kept.session.as_ref().filter(|_| *name == "language")
        && call.session.actor().account.is_some()
    {
        csrf::demand_token(session, form.text(csrf::FIELD))?;
        if call.session.actor().viewing.is_none() {
            super::me::speak(&page, value)?;
        }
    }
    Ok(page
        .go(&page.to(to), None)
        .header(header::SET_COOKIE, &cookie::choice(name, value, call.secure)))
}

/// A path of ours; the start for whatever would lead elsewhere.
///
/// | text | path |
/// | --- | --- |
/// | `/incident?list=mine` | itself |
/// | `//evil.example`, `https://evil.example`, `/\evil.example` | `/` |
pub fn own_path(text: &str) -> &str {
    let foreign = !text.starts_with('/') || text.starts_with("//") || text.contains('\\');
    if foreign || text.chars().any(char::is_control) { "/" } else { text }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_own_paths_are_gone_to() {
        for (text, path) in [
            ("/incident?list=mine", "/incident?list=mine"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\nb", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(text), path, "{text}");
        }
    }
}
