//! Why a record was found: the best part of its text with the words marked. Made when a hit is
//! shown, from the text as it is then; nothing of it is stored.

use super::tokens::{Piece, asked, pieces};
use std::collections::BTreeSet;
use std::ops::Range;

/// About how long a fragment is, in characters; a Chinese one says as much in a third of it.
const LENGTH: usize = 160;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The part, in bytes of the text; it begins and ends at characters.
    pub fragment: Range<usize>,
    /// The words found in it, in bytes of the text, ascending, apart from one another.
    pub marks: Vec<Range<usize>>,
}

/// The part of the text that holds the most of the words, near to one another; its beginning
/// where it holds none.
pub fn snippet(text: &str, words: &str) -> Snippet {
    let found = found(text, &asked(words).into_iter().collect());
    let best = best(text, &found);
    let fragment = around(text, best);
    let inside = |mark: &Range<usize>| mark.start >= fragment.start && mark.end <= fragment.end;
    let marks = found.into_iter().map(|(at, _)| at).filter(inside).collect();
    Snippet { fragment, marks: joined(marks) }
}

/// Each place of a wanted token, in order.
fn found(text: &str, wanted: &BTreeSet<String>) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Word { stem, at } if wanted.contains(&stem) => found.push((at, stem)),
            Piece::Word { .. } => {}
            Piece::Run(run) => found.extend(in_run(&run, wanted)),
        }
    }
    found
}

fn in_run(run: &[(char, Range<usize>)], wanted: &BTreeSet<String>) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    for start in 0..run.len() {
        for length in 1..=2 {
            let Some(part) = run.get(start..start + length) else { continue };
            let token: String = part.iter().map(|(character, _)| character).collect();
            if wanted.contains(&token) {
                found.push((part[0].1.start..part[length - 1].1.end, token));
            }
        }
    }
    found
}

/// The places between which the most different tokens stand within [`LENGTH`].
fn best(text: &str, found: &[(Range<usize>, String)]) -> Option<Range<usize>> {
    let mut best: Option<(usize, Range<usize>)> = None;
    for (first, (from, _)) in found.iter().enumerate() {
        let near = found[first..]
            .iter()
            .take_while(|(at, _)| at.end - from.start <= LENGTH)
            .take_while(|(at, _)| text[from.start..at.end].chars().count() <= LENGTH / 2);
        let (tokens, last) = near.fold((BTreeSet::new(), from), |(mut tokens, _), (at, token)| {
            tokens.insert(token);
            (tokens, at)
        });
        if best.as_ref().is_none_or(|(count, _)| tokens.len() > *count) {
            best = Some((tokens.len(), from.start..last.end));
        }
    }
    best.map(|(_, at)| at)
}

/// The place with as much of the text around it as fits, cut between words where there are any.
fn around(text: &str, best: Option<Range<usize>>) -> Range<usize> {
    let best = best.unwrap_or(0..0);
    let room = LENGTH.saturating_sub(text[best.clone()].chars().count());
    let before = if best.start == 0 { 0 } else { room / 3 };
    let back = text[..best.start].char_indices().rev().take(before).last();
    let start = back.map_or(best.start, |(at, _)| at);
    let on = text[best.end..].char_indices().nth(room - before);
    let end = on.map_or(text.len(), |(at, _)| best.end + at);
    word_start(text, start, best.start)..word_end(text, best.end, end)
}

/// After the first gap from `start` on, where one is near.
fn word_start(text: &str, start: usize, limit: usize) -> usize {
    let gap = text[start..limit].char_indices().take(20).find(|(_, c)| c.is_whitespace());
    match gap {
        Some((at, character)) if start > 0 => start + at + character.len_utf8(),
        _ => start,
    }
}

/// Before the last gap until `end`, where one is near.
fn word_end(text: &str, limit: usize, end: usize) -> usize {
    let gap = text[limit..end].char_indices().rev().take(20).find(|(_, c)| c.is_whitespace());
    match gap {
        Some((at, _)) if end < text.len() => limit + at,
        _ => end,
    }
}

/// Marks that touch become one: the pairs of a Chinese word.
fn joined(marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match all.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => all.push(mark),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, words: &str) -> String {
        let Snippet { fragment, marks } = snippet(text, words);
        let mut out = String::new();
        let mut at = fragment.start;
        for mark in marks {
            out += &format!("{}[{}]", &text[at..mark.start], &text[mark.clone()]);
            at = mark.end;
        }
        out + &text[at..fragment.end]
    }

    #[test]
    fn words_are_marked_in_their_forms() {
        assert_eq!(shown("The printers print.", "printer"), "The [printers] print.");
        assert_eq!(shown("Nothing here", "printer"), "Nothing here");
        assert_eq!(shown("", "printer"), "");
    }

    #[test]
    fn chinese_is_marked_as_one_word() {
        assert_eq!(
            shown("无法连接网络打印机，请处理。", "网络打印"),
            "无法连接[网络打印]机，请处理。"
        );
        assert_eq!(shown("变更", "变"), "[变]更");
    }

    #[test]
    fn the_part_with_most_words_is_shown() {
        let text = format!("disk {} the disk is full {}", "lorem ".repeat(60), "ipsum ".repeat(60));
        let shown = shown(&text, "disk full");
        assert!(shown.contains("[disk] is [full]"), "{shown}");
        assert!(shown.chars().count() < 180 && shown.starts_with("lorem"), "{shown}");
    }
}
