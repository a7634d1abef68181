//! The verifier fed with the lines of an export, one after another. It knows the order of lines
//! and numbers them; what an entry or checkpoint must be is `verify`, the form of a line `line`.

use crate::hash::Hash;
use crate::line::{Line, LineError, salvage};
use crate::report::{Problem, Report};
use crate::trust::{Trust, TrustError};
use crate::verify::Verifier;

/// The verification of an export under way. Its memory does not grow with the export.
pub struct ExportVerifier<'a> {
    verifier: Verifier<'a>,
    /// Lines taken so far.
    lines: u64,
    checkpoints: u64,
    ended: bool,
}

impl<'a> ExportVerifier<'a> {
    /// A verifier of an export from position 0 on, against what the auditor brings.
    pub fn new(trust: &Trust) -> Result<ExportVerifier<'a>, TrustError> {
        let verifier = Verifier::new(trust)?;
        Ok(ExportVerifier { verifier, lines: 0, checkpoints: 0, ended: false })
    }

    /// Adds an independent list of leaf hashes, see [`Verifier::with_copy`].
    pub fn with_copy(self, leaf: impl FnMut(u64) -> Option<Hash> + 'a) -> ExportVerifier<'a> {
        ExportVerifier { verifier: self.verifier.with_copy(leaf), ..self }
    }

    /// Takes the next line, without the newline that ends it. Bytes, because what is not UTF-8
    /// is a finding as well.
    pub fn line(&mut self, bytes: &[u8]) {
        self.lines += 1;
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let line = match text {
            "" => Err(LineError("empty, or not UTF-8".into())),
            text => Line::read(text),
        };
        self.check_place(&line);
        match line {
            Ok(Line::Head { origin }) => self.verifier.origin(&origin),
            Ok(Line::Entry { position, leaf, header, body }) => {
                self.verifier.entry(position, &header, &body, leaf);
            }
            Ok(Line::Checkpoint { note }) => {
                self.checkpoints += 1;
                self.verifier.checkpoint(&note);
            }
            Ok(Line::End { entries, checkpoints }) => self.end(entries, checkpoints),
            Err(error) => self.malformed(text, error),
        }
    }

    /// Ends the verification.
    pub fn finish(mut self) -> Report {
        if !self.ended {
            self.verifier.problem(Problem::Unended);
        }
        self.verifier.finish()
    }

    /// The head is the first line and only that; nothing stands behind the end.
    fn check_place(&mut self, line: &Result<Line, LineError>) {
        let is_head = matches!(line, Ok(Line::Head { .. }));
        let reason = if self.ended {
            "behind the last line"
        } else if is_head && self.lines > 1 {
            "a second head"
        } else if !is_head && self.lines == 1 {
            "not the head of an export"
        } else {
            return;
        };
        let (line, reason) = (self.lines, reason.to_string());
        self.verifier.problem(Problem::Malformed { line, position: None, reason });
    }

    fn malformed(&mut self, text: &str, error: LineError) {
        let salvaged = salvage(text);
        let position = salvaged.map(|(position, _)| position);
        let (line, reason) = (self.lines, error.to_string());
        self.verifier.problem(Problem::Malformed { line, position, reason });
        if let Some((position, leaf)) = salvaged {
            self.verifier.leaf(position, None, leaf);
        }
    }

    fn end(&mut self, entries: u64, checkpoints: u64) {
        self.ended = true;
        let counted = [
            ("entries", entries, self.verifier.next_position()),
            ("checkpoints", checkpoints, self.checkpoints),
        ];
        for (what, stated, found) in counted {
            if stated != found {
                self.verifier.problem(Problem::WrongCount { what, stated, found });
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"kind":"ledger","format":1,"origin":"a"}"#;
    const END: &str = r#"{"kind":"end","entries":0,"checkpoints":0}"#;

    fn problems(lines: &[&str]) -> Vec<String> {
        let mut verifier = ExportVerifier::new(&Trust::default()).unwrap();
        for line in lines {
            verifier.line(line.as_bytes());
        }
        verifier.finish().problems.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn head_and_end_have_their_places() {
        assert_eq!(problems(&[HEAD, END]), [""; 0]);
        assert_eq!(problems(&[]), ["the export ends without its last line"]);
        assert_eq!(problems(&[HEAD]), ["the export ends without its last line"]);
        assert_eq!(problems(&[END]), ["line 1: not the head of an export"]);
        assert_eq!(problems(&[HEAD, HEAD, END]), ["line 2: a second head"]);
        assert_eq!(problems(&[HEAD, END, END]), ["line 3: behind the last line"]);
        let wrong = END.replace('0', "1");
        let counts = ["entries", "checkpoints"].map(|what| format!("1 {what}, found 0"));
        let wanted = counts.map(|count| format!("the last line states {count}"));
        assert_eq!(problems(&[HEAD, &wrong]), wanted);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_line() {
        assert_eq!(problems(&[HEAD, "", END]), ["line 2: empty, or not UTF-8"]);
        let mut verifier = ExportVerifier::new(&Trust::default()).unwrap();
        verifier.line(HEAD.as_bytes());
        verifier.line(&[0xff]);
        verifier.line(END.as_bytes());
        let report = verifier.finish();
        assert_eq!(report.problem_count, 1);
        let found = &report.problems[0];
        assert!(matches!(found, Problem::Malformed { line: 2, position: None, .. }), "{found}");
    }
}
