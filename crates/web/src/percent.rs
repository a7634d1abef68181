//! Percent-encoding, read strictly: what cannot be read for sure is refused, never guessed.

/// Why a path or query cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// A `%` without two hexadecimal digits.
    Encoding,
    /// Bytes that are no UTF-8.
    Utf8,
    /// NUL or another control character.
    Control,
}

/// Decodes once. `+` is a blank only in queries.
///
/// # Errors
/// [`Bad`].
pub fn decode(text: &str, plus_is_blank: bool) -> Result<String, Bad> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let (high, low) = (digit(bytes.next()), digit(bytes.next()));
                high.zip(low).map(|(high, low)| high * 16 + low).ok_or(Bad::Encoding)?
            }
            b'+' if plus_is_blank => b' ',
            other => other,
        });
    }
    let text = String::from_utf8(out).map_err(|_| Bad::Utf8)?;
    let is_bad = |c: char| c.is_control() && c != '\n' && c != '\t' && c != '\r';
    if text.chars().any(is_bad) { Err(Bad::Control) } else { Ok(text) }
}

fn digit(byte: Option<u8>) -> Option<u8> {
    char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Encodes one segment of a path, or one value of a header by RFC 8187.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded_or_refused() {
        for (text, plus, decoded) in [
            ("a+b", true, Ok("a b")),
            ("a+b", false, Ok("a+b")),
            ("%E6%94%AF", false, Ok("支")),
            ("%2B", true, Ok("+")),
            ("%", false, Err(Bad::Encoding)),
            ("%zz", false, Err(Bad::Encoding)),
            ("%+1", false, Err(Bad::Encoding)),
            ("%ff", false, Err(Bad::Utf8)),
            ("%00", false, Err(Bad::Control)),
            ("%c2%85", false, Err(Bad::Control)),
            ("a%0Ab", true, Ok("a\nb")),
        ] {
            assert_eq!(decode(text, plus), decoded.map(String::from), "{text}");
        }
        assert_eq!(encode("a b/支"), "a%20b%2F%E6%94%AF");
    }
}
