//! Formula injection: a text that a spreadsheet would run when it opens a CSV file is written
//! with an apostrophe before it, and read without it. Numbers, dates and the like are not texts.
//! XLSX needs no guard: there a text is stored as text.

use std::borrow::Cow;

/// Whether a spreadsheet may take the text for a formula: OWASP's list, with the wide forms that
/// Chinese and Japanese keyboards write.
fn runs(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text as a CSV cell holds it.
///
/// | text | cell |
/// | --- | --- |
/// | `=1+1` | `'=1+1` |
/// | `- one` | `'- one` |
/// | `'=1+1` | `''=1+1`, so that reading gives the text again |
/// | `it's`, `'a'` | itself |
pub fn guarded(text: &str) -> Cow<'_, str> {
    if runs(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a CSV cell, without the apostrophe that guards it.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if runs(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_guarded_as_the_table_says() {
        let cases = [("=1+1", "'=1+1"), ("- one", "'- one"), ("'=1+1", "''=1+1"), ("it's", "it's")];
        for (text, cell) in cases {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
        assert_eq!(unguarded("'a'"), "'a'");
    }

    proptest! {
        #[test]
        fn a_guard_can_be_taken_off(text in "'{0,2}[=+@\t\r\n＝a-]{0,2}\\PC{0,5}") {
            let cell = guarded(&text);
            prop_assert!(!runs(&cell));
            prop_assert_eq!(unguarded(&cell), text.as_str());
        }
    }
}
