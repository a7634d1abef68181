//! What a command says and hears: results, progress, notes, an input. The person may sit in this
//! process or at the other end of the local socket; a command does not know which.
//!
//! Results go to stdout, all else to stderr. With `--json` every line of both is one JSON value.

mod bar;
pub mod parcel;
mod teller;

pub use teller::{Sink, Teller};

use crate::failure::{Failure, Result, Text};
use model::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::io::{Read, Write};

/// How far something has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub what: Text,
    pub done: u64,
    /// Where it is known.
    pub total: Option<u64>,
}

/// The person's end of a command.
pub trait Console {
    fn language(&self) -> Language;

    fn json(&self) -> bool;

    /// A part of a result that may go to a file: an export, a backup.
    ///
    /// # Errors
    /// Where the other end is gone or full.
    fn bytes(&mut self, bytes: &[u8]) -> Result<()>;

    /// A line of the answer, without its end.
    ///
    /// # Errors
    /// As [`Console::bytes`].
    fn say(&mut self, line: &str) -> Result<()>;

    fn progress(&mut self, progress: &Progress);

    /// Something to know beside the result.
    fn note(&mut self, text: &Text);

    /// The next part of the input; empty at its end.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn input(&mut self) -> Result<Vec<u8>>;
}

impl dyn Console + '_ {
    /// The result: one line of JSON for programs, a text for people.
    ///
    /// # Errors
    /// As [`Console::bytes`].
    pub fn answer(&mut self, json: &Json, text: &Text) -> Result<()> {
        let line = match self.json() {
            true => json.to_string(),
            false => text.in_language(self.language()).trim_end().to_string(),
        };
        if line.is_empty() {
            return Ok(());
        }
        self.say(&line)
    }

    /// The input as something to read from.
    pub fn reader(&mut self) -> Input<'_, '_> {
        Input { console: self, part: Vec::new(), at: 0 }
    }
}

/// The place for bytes as something to write to.
pub struct Output<'a, 'c>(pub &'a mut (dyn Console + 'c));

impl Write for Output<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let failed = |failure: Failure| std::io::Error::other(failure.text(Language::EN));
        self.0.bytes(bytes).map_err(failed)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The input of a console.
pub struct Input<'a, 'c> {
    console: &'a mut (dyn Console + 'c),
    part: Vec<u8>,
    at: usize,
}

impl Read for Input<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.part.len() {
            let failed = |failure| std::io::Error::other(format!("{failure:?}"));
            self.part = self.console.input().map_err(failed)?;
            self.at = 0;
        }
        let count = into.len().min(self.part.len() - self.at);
        into[..count].copy_from_slice(&self.part[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
