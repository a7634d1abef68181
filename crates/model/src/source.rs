//! The texts of one load, and positions in them as people count them.
//!
//! Reads no file: whoever does gives path and text. Apart from `problem`, because it knows where
//! something stands and nothing of what is wrong there.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A stretch of one source, in bytes; `file` counts from 0 in the order of [`Sources::add`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

/// The files of one load: definitions, `roles.toml`, `engine.toml` and overlays. Overlays are laid
/// in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<(String, String)>,
}

/// Where something stands: lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// One line of a source with carets below the place that is meant. `marks` lines up with `line`
/// in a terminal: wide (Chinese) characters take two columns, a tab stays a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub line: String,
    pub marks: String,
}

/// Columns shown of a long line before and after the place that is meant.
const BEFORE: usize = 160;
const AFTER: usize = 160;

impl Sources {
    /// No files yet.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a file. Its path decides what it is: `roles.toml` and `engine.toml` by name, any other
    /// a record type of the process folder it stands in (`processes/change/change.toml` belongs
    /// to `change`) or, where it begins with `extend`, an overlay.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> &mut Sources {
        self.files.push((path.into(), text.into()));
        self
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Paths and texts in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The path of a file; empty where there is no such file.
    pub fn path(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |(path, _)| path)
    }

    /// The text of a file; empty where there is no such file.
    pub fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |(_, text)| text)
    }

    /// The text of a span; empty where it lies outside.
    pub fn slice(&self, span: Span) -> &str {
        let (start, end) = self.inside(span);
        self.text(span.file).get(start..end).unwrap_or("")
    }

    /// The positions of the first and of the one after the last character of a span.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let (start, end) = self.inside(span);
        let text = self.text(span.file);
        (position(text, start), position(text, end))
    }

    /// The line in which a span begins, with carets below its part of that line.
    pub fn excerpt(&self, span: Span) -> Excerpt {
        let (start, end) = self.inside(span);
        let text = self.text(span.file);
        let from = line_start(text, start);
        let until = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let meant = &text[start..end.clamp(start, until)];
        let before = tail(&text[from..start], BEFORE);
        let after = head(&text[start..until], AFTER);
        let dots = if before.len() < start - from { "…" } else { "" };
        let line = shown(&format!("{dots}{before}{after}"));
        let marked = shown(head(meant, AFTER)).trim_end().width().max(1);
        let marks = format!("{}{}", blank(dots), blank(&shown(before))) + &"^".repeat(marked);
        Excerpt { line: line.trim_end().to_string(), marks }
    }

    /// Both ends of a span, moved inside the text and onto the beginning of a character.
    fn inside(&self, span: Span) -> (usize, usize) {
        let text = self.text(span.file);
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.floor_char_boundary(span.end.min(text.len()));
        (start, end.max(start))
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn position(text: &str, at: usize) -> Position {
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = text[line_start(text, at)..at].chars().filter(|c| *c != '\u{feff}').count() + 1;
    Position { line, column }
}

/// The last `limit` characters.
fn tail(text: &str, limit: usize) -> &str {
    let cut = text.char_indices().rev().take(limit).last().map_or(text.len(), |(at, _)| at);
    &text[cut..]
}

/// The first `limit` characters.
fn head(text: &str, limit: usize) -> &str {
    text.char_indices().nth(limit).map_or(text, |(at, _)| &text[..at])
}

/// Text as a terminal may show it: no control character but the tab, no byte order mark.
fn shown(text: &str) -> String {
    let safe = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    text.trim_end_matches('\r').chars().filter(|c| *c != '\u{feff}').map(safe).collect()
}

/// Spaces as wide as the text; tabs stay.
fn blank(text: &str) -> String {
    let space = |c: char| if c == '\t' { "\t".into() } else { " ".repeat(c.width().unwrap_or(0)) };
    text.chars().map(space).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// | text | what is meant | position | marks |
    #[test]
    fn carets_stand_under_what_is_meant() {
        let cases = [
            ("label = 1", "label", (1, 1), "^^^^^"),
            ("a\nzh = \"变更\", x", "x", (2, 12), "             ^"),
            ("\tname = 变更", "变更", (1, 9), "\t       ^^^^"),
            ("a = 1\r\nb = 2\r\n", "b", (2, 1), "^"),
        ];
        for (text, meant, (line, column), marks) in cases {
            let mut sources = Sources::new();
            sources.add("a.toml", text);
            let start = text.rfind(meant).unwrap_or_default();
            let span = Span { file: 0, start, end: start + meant.len() };
            assert_eq!(sources.positions(span).0, Position { line, column }, "{text:?}");
            assert_eq!(sources.excerpt(span).marks, marks, "{text:?}");
        }
    }

    #[test]
    fn a_span_outside_or_inside_a_character_is_moved() {
        let mut sources = Sources::new();
        sources.add("a.toml", "变更");
        assert_eq!(sources.slice(Span { file: 0, start: 1, end: 99 }), "变更");
        assert_eq!(sources.slice(Span { file: 7, start: 1, end: 99 }), "");
        assert_eq!(sources.excerpt(Span { file: 3, start: 9, end: 2 }).marks, "^");
    }
}
