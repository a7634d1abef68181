//! A filter taken apart for people: each of its conditions in words, and how it is written.

use crate::list::filter;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use crate::words;

/// One of the conditions that a filter joins by `and`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPart {
    /// As it is written.
    pub source: String,
    /// As one says it; none where it is not understood.
    pub words: Option<String>,
}

impl Session {
    /// The conditions of a filter over a record type, in their order.
    ///
    /// # Errors
    /// `NotFound` for an unknown record type.
    pub fn filter_parts(&self, record_type: &str, text: &str) -> Result<Vec<FilterPart>> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, record_type)?;
        let language = self.language();
        let part = |source: &str| {
            let found = filter(&catalogue, &definition, source).ok();
            let said = |e| words::of(&catalogue.model, &definition, &e, language);
            FilterPart { source: source.to_string(), words: found.map(said) }
        };
        Ok(conditions(text).into_iter().map(part).collect())
    }

    /// Whether a filter can be asked.
    ///
    /// # Errors
    /// `BadQuestion` with each mistake.
    pub fn check_filter(&self, record_type: &str, text: &str) -> Result<()> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, record_type)?;
        match filter(&catalogue, &definition, text) {
            Ok(_) => Ok(()),
            Err(slips) => Err(Refusal::BadQuestion(slips).into()),
        }
    }
}

/// Cuts a text at each `and` that stands outside of brackets and quotes; one that also has such an
/// `or` is left whole, because cutting it would change what it says.
///
/// | text | conditions |
/// | --- | --- |
/// | `a == 1 and b in ['x and y']` | `a == 1`, `b in ['x and y']` |
/// | `(a or b) and c` | `(a or b)`, `c` |
/// | `a and b or c` | the whole |
fn conditions(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut from) = (0_i32, None, 0);
    let mut cuts = Vec::new();
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, _) if depth == 0 && begins(text, place, "or") => return vec![text.trim()],
            (None, _) if depth == 0 && begins(text, place, "and") => cuts.push(place),
            _ => {}
        }
    }
    let mut parts = Vec::new();
    for cut in cuts.into_iter().chain([text.len()]) {
        parts.push(text[from..cut].trim());
        from = (cut + "and".len()).min(text.len());
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether the word stands here, as a word of its own.
fn begins(text: &str, place: usize, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = text[..place].chars().next_back();
    let Some(rest) = text[place..].strip_prefix(word) else { return false };
    !before.is_some_and(part_of_word) && !rest.chars().next().is_some_and(part_of_word)
}

#[cfg(test)]
mod tests {
    use super::conditions;

    #[test]
    fn a_filter_is_cut_where_nothing_changes() {
        for (text, parts) in [
            ("a == 1 and b in ['x and y']", vec!["a == 1", "b in ['x and y']"]),
            ("(a or b) and c", vec!["(a or b)", "c"]),
            ("a and b or c", vec!["a and b or c"]),
            ("brand is set and android", vec!["brand is set", "android"]),
            ("", vec![]),
        ] {
            assert_eq!(conditions(text), parts, "{text}");
        }
    }
}
