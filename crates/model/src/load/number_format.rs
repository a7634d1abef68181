//! How numbers of records read: `CHG-{000000}`.

/// Prefix, digits and suffix of a number format.
///
/// | text | answer |
/// | --- | --- |
/// | `CHG-{000000}` | `CHG-`, 6, nothing |
/// | `{0000}/A` | none: numbers begin with a letter |
/// | `CHG-{00}`, `CHG`, `A{000}{000}`, `a b{000}` | none |
pub(crate) fn parse(text: &str) -> Option<(&str, usize, &str)> {
    let (prefix, rest) = text.split_once('{')?;
    let (zeros, suffix) = rest.split_once('}')?;
    let plain = |part: &str| {
        part.len() <= 16 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let valid = prefix.starts_with(|c: char| c.is_ascii_alphabetic())
        && !prefix.ends_with(|c: char| c.is_ascii_digit())
        && !suffix.starts_with(|c: char| c.is_ascii_digit())
        && plain(prefix)
        && plain(suffix)
        && (3..=12).contains(&zeros.len())
        && zeros.bytes().all(|b| b == b'0');
    valid.then_some((prefix, zeros.len(), suffix))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn formats() {
        assert_eq!(parse("CHG-{000000}"), Some(("CHG-", 6, "")));
        assert_eq!(parse("A{000}-x"), Some(("A", 3, "-x")));
        let wrong =
            ["{0000}/A", "CHG-{00}", "CHG", "A{000}{000}", "a b{000}", "A1{000}", "变{000}", ""];
        for wrong in wrong {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
