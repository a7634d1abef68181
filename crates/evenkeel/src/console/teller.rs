//! The console of this process: stdout or a file for results, stderr for the rest, a file or stdin
//! as input.

use super::bar::Bar;
use super::parcel::Folder;
use super::{Console, Progress};
use crate::failure::{CLOSED, Failure, Result, Text};
use crate::folder;
use model::Language;
use serde_json::json;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Where results go.
pub enum Sink {
    Stdout,
    /// A file that gets its name when it is whole.
    File {
        path: PathBuf,
        part: PathBuf,
        file: File,
    },
    /// Several files in a folder of their own.
    Folder(Folder),
}

/// The console of this process.
pub struct Teller {
    language: Language,
    json: bool,
    bar: Bar,
    sink: Sink,
    input: Option<Box<dyn Read>>,
}

/// Bytes of one part of the input.
const PART: usize = 256 * 1024;

impl Sink {
    /// A file to be written, private to its owner.
    ///
    /// # Errors
    /// Refused where it cannot be made.
    pub fn file(path: &Path) -> Result<Sink> {
        let part = folder::beside(path, "part");
        folder::remove(&part)?;
        let file = folder::create_private(&part)?;
        Ok(Sink::File { path: path.to_path_buf(), part, file })
    }

    /// A folder to be filled, private to its owner.
    ///
    /// # Errors
    /// Refused where it cannot be made, or holds something.
    pub fn folder(path: &Path) -> Result<Sink> {
        Folder::new(path).map(Sink::Folder)
    }
}

impl Teller {
    pub fn new(language: Language, json: bool) -> Teller {
        let bar = Bar::new(language, json, false);
        Teller { language, json, bar, sink: Sink::Stdout, input: None }
    }

    /// Shows a bar where somebody looks on.
    #[must_use]
    pub fn on_terminal(mut self, terminal: bool) -> Teller {
        self.bar = Bar::new(self.language, self.json, terminal);
        self
    }

    #[must_use]
    pub fn writing_to(mut self, sink: Sink) -> Teller {
        self.sink = sink;
        self
    }

    #[must_use]
    pub fn reading_from(mut self, input: Box<dyn Read>) -> Teller {
        self.input = Some(input);
        self
    }

    /// The result is whole: a file gets its name, or goes where the command failed.
    ///
    /// # Errors
    /// Refused where the file cannot be finished.
    pub fn finish(&mut self, good: bool) -> Result<()> {
        self.bar.end();
        match std::mem::replace(&mut self.sink, Sink::Stdout) {
            Sink::Stdout => {
                let _ = std::io::stdout().flush();
                Ok(())
            }
            Sink::Folder(folder) => folder.finish(good),
            Sink::File { part, .. } if !good => folder::remove(&part),
            Sink::File { path, part, file } => {
                file.sync_all().map_err(|error| Failure::outside(&shown(&path), error))?;
                folder::rename(&part, &path)
            }
        }
    }

    /// Says why a command ended.
    pub fn failure(&self, failure: &Failure) {
        if failure.code() == CLOSED {
            // `evenkeel ... | head`: they have what they wanted.
            return;
        }
        if let Failure::Fault(fault) = failure {
            tracing::error!(fault, "the command ended with a fault");
        }
        match self.json {
            true => line(&failure.to_json(self.language).to_string()),
            false => line(&format!("evenkeel: {}", failure.text(self.language))),
        }
    }
}

/// A line on stderr; where nobody reads that either (`2>&1 | head`), nothing.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn unwritten(error: &std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Failure::refused(CLOSED, "Nobody reads the result.", "结果无人读取。");
    }
    let (en, zh) = ("The result cannot be written", "无法写出结果");
    Failure::refused("output", format!("{en}: {error}."), format!("{zh}：{error}。"))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl Console for Teller {
    fn language(&self) -> Language {
        self.language
    }

    fn json(&self) -> bool {
        self.json
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match &mut self.sink {
            Sink::Stdout => std::io::stdout().write_all(bytes),
            Sink::File { file, .. } => file.write_all(bytes),
            Sink::Folder(folder) => folder.take(bytes),
        };
        written.map_err(|error| unwritten(&error))
    }

    fn say(&mut self, line: &str) -> Result<()> {
        self.bar.end();
        writeln!(std::io::stdout(), "{line}").map_err(|error| unwritten(&error))
    }

    fn progress(&mut self, progress: &Progress) {
        self.bar.show(progress);
    }

    fn note(&mut self, text: &Text) {
        self.bar.end();
        let text = text.in_language(self.language);
        match self.json {
            true => line(&json!({ "note": text }).to_string()),
            false => line(text),
        }
    }

    fn input(&mut self) -> Result<Vec<u8>> {
        let Some(input) = &mut self.input else { return Ok(Vec::new()) };
        let mut part = Vec::with_capacity(PART);
        let read = input.take(PART as u64).read_to_end(&mut part);
        read.map_err(|error| {
            let (en, zh) =
                (format!("The input cannot be read: {error}."), format!("无法读取输入：{error}。"));
            Failure::refused("input", en, zh)
        })?;
        Ok(part)
    }
}
