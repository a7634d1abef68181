//! What is wrong with a definition: where, which rule of the language it breaks, and what to do.
//!
//! Holds how problems are collected, ordered and shown. How each is worded stands in
//! [`message`], in one place, so that the tone is one and every id can be listed.

use crate::source::{Excerpt, Position, Sources, Span};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt;

mod chinese;
mod ids;
pub mod message;

pub use chinese::in_chinese;
pub use ids::IDS;
pub use message::nearest;

/// One mistake in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable, for programs and for searching: `unknown-field`.
    pub id: &'static str,
    pub path: String,
    pub from: Position,
    /// One after the last character.
    pub to: Position,
    pub excerpt: Excerpt,
    pub message: String,
    pub hint: Option<String>,
}

/// All mistakes of all files of one load, by file and place. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    /// At most [`Problems::MAX`]; the first ones.
    pub list: Vec<Problem>,
}

/// A problem while it is collected: its place is still a span.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    span: Span,
    id: &'static str,
    message: String,
    hint: Option<String>,
}

/// Collects problems. Files that are not TOML are muted: what follows from half a file would only
/// hide the mistake that caused it.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: Vec<Finding>,
    muted: BTreeSet<usize>,
}

impl Problems {
    /// How many problems are kept; a file with more is not a definition at all.
    pub const MAX: usize = 500;

    /// For programs (`--json`): an array of objects with id, path, line, column, end_line,
    /// end_column, message and hint.
    pub fn to_json(&self) -> Value {
        self.list.iter().map(Problem::to_json).collect()
    }
}

impl Problem {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id, "path": self.path,
            "line": self.from.line, "column": self.from.column,
            "end_line": self.to.line, "end_column": self.to.column,
            "message": self.message, "hint": self.hint,
        })
    }
}

/// As a person reads it in a terminal:
/// ```text
/// change.toml:105:9: error[unknown-value]: unknown type `mony`
///   | type  = "mony"
///   |         ^^^^^^
///   = help: did you mean `money`?
/// ```
impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.from;
        writeln!(out, "{}:{line}:{column}: error[{}]: {}", self.path, self.id, self.message)?;
        writeln!(out, "  | {}", self.excerpt.line)?;
        writeln!(out, "  | {}", self.excerpt.marks)?;
        match &self.hint {
            Some(hint) => writeln!(out, "  = help: {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.list {
            write!(out, "{problem}")?;
        }
        match self.list.len() {
            1 => writeln!(out, "1 problem"),
            Problems::MAX => writeln!(out, "{} problems or more", Problems::MAX),
            count => writeln!(out, "{count} problems"),
        }
    }
}

impl std::error::Error for Problems {}

impl Report {
    /// From now on takes nothing more about the file.
    pub fn mute(&mut self, file: usize) {
        self.muted.insert(file);
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether more would not be shown anyway; hints need not be looked for any more.
    fn is_full(&self) -> bool {
        self.found.len() >= 4 * Problems::MAX
    }

    fn add(&mut self, id: &'static str, span: Span, message: String, hint: Option<String>) {
        if !self.is_full() && !self.muted.contains(&span.file) {
            self.found.push(Finding { span, id, message, hint });
        }
    }

    /// In the order of the files; the same mistake found twice is told once.
    pub fn finish(mut self, sources: &Sources) -> Problems {
        self.found.sort_by(|a, b| (a.span, a.id, &a.message).cmp(&(b.span, b.id, &b.message)));
        self.found.dedup();
        self.found.truncate(Problems::MAX);
        Problems { list: self.found.into_iter().map(|finding| placed(finding, sources)).collect() }
    }
}

fn placed(finding: Finding, sources: &Sources) -> Problem {
    let (from, to) = sources.positions(finding.span);
    Problem {
        id: finding.id,
        path: sources.path(finding.span.file).to_string(),
        from,
        to,
        excerpt: sources.excerpt(finding.span),
        message: finding.message,
        hint: finding.hint,
    }
}
