//! From a place in a text to the place in the file where it is written.
//!
//! An expression stands in a TOML string, where quotes, escapes and line breaks take bytes that
//! the text does not have. Mistakes inside the expression must still point into the file.

/// The byte in `raw` (a TOML string with its quotes) at which byte `wanted` of its text is written;
/// the closing quote where the text is shorter.
///
/// | raw | wanted | answer |
/// | --- | --- | --- |
/// | `"ab"` | 1 | 2 |
/// | `'ab'` | 1 | 2 |
/// | `"\u00e9b"` | 2 | 7 |
/// | `"""⏎ab"""` | 0 | 4 |
pub fn raw_offset(raw: &str, wanted: usize) -> usize {
    let triple = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    // Without quotes it is not TOML, but is read all the same.
    let quotes = if triple { 3 } else { usize::from(raw.starts_with(['"', '\''])) };
    let literal = raw.starts_with('\'');
    let end = raw.len().saturating_sub(quotes);
    let mut at = quotes.min(raw.len());
    if quotes == 3 {
        at += line_break(&raw[at..]);
    }
    let mut written = 0;
    while at < end {
        let (raw_length, text_length) = if literal { plain(&raw[at..]) } else { unit(&raw[at..]) };
        if written + text_length > wanted {
            break;
        }
        written += text_length;
        // A broken escape may end inside a character: the file is not TOML, but read on.
        at = raw.ceil_char_boundary(at + raw_length.max(1));
    }
    at.min(end)
}

/// The length of a line break at the beginning, 0 where there is none.
fn line_break(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with('\n')) }
}

/// How many bytes one character takes in the file and in the text.
fn plain(rest: &str) -> (usize, usize) {
    let length = rest.chars().next().map_or(1, char::len_utf8);
    (length, length)
}

/// As [`plain`], where a backslash begins an escape.
fn unit(rest: &str) -> (usize, usize) {
    let Some(escape) = rest.strip_prefix('\\') else { return plain(rest) };
    let digits = match escape.chars().next() {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        Some(c) if c.is_whitespace() => {
            let blank = escape.len() - escape.trim_start().len();
            return (1 + blank, 0);
        }
        Some(c) => return (1 + c.len_utf8(), 1),
        None => return (1, 0),
    };
    let code = escape.get(1..1 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let written = code.and_then(char::from_u32).map_or(1, char::len_utf8);
    ((2 + digits).min(rest.len()), written)
}

#[cfg(test)]
mod tests {
    use super::raw_offset;

    #[test]
    fn offsets_skip_quotes_and_escapes() {
        let cases = [
            ("\"ab\"", 1, 2),
            ("'ab'", 1, 2),
            ("\"ab\"", 9, 3),
            (r#""\u00e9b""#, 2, 7),
            (r#""a\tb""#, 2, 4),
            ("\"\"\"\nab\"\"\"", 0, 4),
            ("'''\r\nab'''", 1, 6),
            ("\"\"\"a \\\n   b\"\"\"", 2, 10),
            ("\"变x\"", 3, 4),
            ("\"\\u变更变更x\"", 4, 12),
            ("\"", 0, 0),
            ("变更", 3, 3),
            ("", 3, 0),
        ];
        for (raw, wanted, answer) in cases {
            assert_eq!(raw_offset(raw, wanted), answer, "{raw} {wanted}");
        }
    }
}
