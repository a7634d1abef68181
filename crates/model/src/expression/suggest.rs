//! "Did you mean": the known name nearest to what was written. Only for hints; nothing is decided
//! by it.

use crate::name::Name;

/// ``did you mean `emergency`?`` where a known name is near enough, else the known names, at most
/// twelve of them; `None` where nothing is known.
pub(super) fn hint<S: AsRef<str>>(written: &str, known: &[S]) -> Option<String> {
    if let Some(near) = nearest(written, known) {
        return Some(format!("did you mean `{near}`?"));
    }
    let shown: Vec<&str> = known.iter().take(12).map(AsRef::as_ref).collect();
    let more = if known.len() > shown.len() { ", …" } else { "" };
    (!shown.is_empty()).then(|| format!("known: {}{more}", shown.join(", ")))
}

/// The known name with the fewest edits, where these are at most a third of its letters.
pub(super) fn nearest<'k, S: AsRef<str>>(written: &str, known: &'k [S]) -> Option<&'k str> {
    if written.len() > Name::MAX {
        return None;
    }
    let rated = known.iter().map(|name| (edits(written, name.as_ref()), name.as_ref()));
    let near = rated.filter(|(edits, name)| *edits <= (name.chars().count() / 3).max(1));
    near.filter(|(edits, name)| *edits < name.chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// Letters to insert, remove, replace or swap with their neighbour.
fn edits(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for i in 1..=from.len() {
        let mut next = vec![i];
        for j in 1..=to.len() {
            let replaced = row[j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut best = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        let known = ["normal", "standard", "emergency"];
        let cases = [
            ("emergancy", Some("did you mean `emergency`?")),
            ("nromal", Some("did you mean `normal`?")),
            ("xyz", Some("known: normal, standard, emergency")),
        ];
        for (written, expected) in cases {
            assert_eq!(hint(written, &known).as_deref(), expected, "{written}");
        }
        assert_eq!(hint::<&str>("a", &[]), None);
        assert_eq!(nearest("低", &["高"]), None);
    }

    #[test]
    fn edits_count_a_swap_once() {
        let cases =
            [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "", 3), ("高", "低", 1)];
        for (from, to, expected) in cases {
            assert_eq!(edits(from, to), expected, "{from} {to}");
        }
    }
}
