//! Media types and names of files, as headers write them.

use crate::percent;
use axum::http::{HeaderMap, header};

/// The type without its parameters, in small letters.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Whether a body of this `Content-Type` is JSON in UTF-8.
pub fn is_json(media_type: &str) -> bool {
    let kind = essence(media_type);
    let charset = media_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("charset").then(|| value.trim_matches('"').to_ascii_lowercase())
    });
    let utf8 = charset.is_none_or(|charset| ["utf-8", "utf8", "us-ascii"].contains(&&*charset));
    utf8 && (kind == "application/json" || kind == "application/merge-patch+json")
}

/// Whether the client takes an answer of this type (`Accept`). Without the header it takes all.
pub fn is_accepted(headers: &HeaderMap, media_type: &str) -> bool {
    let values: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let main = media_type.split('/').next().unwrap_or("");
    let mut ranges = values.iter().flat_map(|value| value.split(',')).peekable();
    ranges.peek().is_none()
        || ranges.any(|range| {
            let kind = essence(range);
            let fits = kind.is_empty()
                || kind == "*/*"
                || kind == media_type
                || kind.strip_suffix("/*") == Some(main);
            fits && !is_refused(range)
        })
}

/// Whether a range carries the weight 0.
fn is_refused(range: &str) -> bool {
    let weight = range.split(';').skip(1).find_map(|part| part.trim().strip_prefix("q="));
    weight.is_some_and(|weight| weight.trim().parse::<f32>() == Ok(0.0))
}

/// The name in a `Content-Disposition` (RFC 6266): `filename*` before `filename`, the last part of
/// a path only.
pub fn file_name(header: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(header).ok()?;
    let (mut plain, mut extended) = (None, None);
    for part in parts(text) {
        let Some((name, value)) = part.split_once('=') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        match name.as_str() {
            "filename*" => extended = decode_extended(value),
            "filename" => plain = Some(unquote(value)),
            _ => {}
        }
    }
    last_part(&extended.or(plain)?)
}

/// Parts between semicolons that stand outside quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c: char| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' => return !quoted,
            _ => {}
        }
        false
    })
    .collect()
}

/// `UTF-8''%e6%8a%a5.pdf` (RFC 8187).
fn decode_extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let charset = parts.next()?;
    let text = parts.nth(1)?;
    charset.eq_ignore_ascii_case("utf-8").then(|| percent::decode(text, false).ok()).flatten()
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_string();
    };
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        // A backslash before anything but a quote or itself is part of a Windows path.
        match (letter, letters.clone().next()) {
            ('\\', Some(next @ ('"' | '\\'))) => {
                out.push(next);
                letters.next();
            }
            _ => out.push(letter),
        }
    }
    out
}

/// The last part of a path of any system; none where nothing is left of it.
pub fn last_part(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("").trim();
    let last: String = last.chars().filter(|c| !c.is_control()).take(255).collect();
    (!last.is_empty() && last != "." && last != "..").then_some(last)
}

/// A `Content-Disposition` that offers a file for saving, never for showing.
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent::encode(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_read() {
        for (header, name) in [
            ("attachment; filename=\"plan.pdf\"", Some("plan.pdf")),
            ("attachment; filename=plan.pdf", Some("plan.pdf")),
            ("attachment; filename=\"a;b.pdf\"; x=y", Some("a;b.pdf")),
            ("attachment; filename=x.pdf; filename*=UTF-8''%E6%8A%A5.pdf", Some("报.pdf")),
            ("attachment; filename=\"../../etc/passwd\"", Some("passwd")),
            ("attachment; filename=\"C:\\temp\\a.txt\"", Some("a.txt")),
            ("attachment; filename=\"\"", None),
            ("attachment; filename=\"..\"", None),
            ("attachment", None),
        ] {
            assert_eq!(file_name(header.as_bytes()).as_deref(), name, "{header}");
        }
        assert_eq!(
            attachment("报 告\".pdf"),
            "attachment; filename=\"_ __.pdf\"; filename*=UTF-8''%E6%8A%A5%20%E5%91%8A%22.pdf",
        );
    }

    #[test]
    fn media_types_are_told() {
        for (media_type, json) in [
            ("application/json", true),
            ("Application/JSON; Charset=\"UTF-8\"", true),
            ("application/json; charset=gbk", false),
            ("text/plain", false),
        ] {
            assert_eq!(is_json(media_type), json, "{media_type}");
        }
        for (accept, accepted) in [
            ("*/*", true),
            ("application/*", true),
            ("text/html, application/json;q=0.5", true),
            ("application/json;q=0", false),
            ("text/html", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(is_accepted(&headers, "application/json"), accepted, "{accept}");
        }
    }
}
