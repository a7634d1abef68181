//! Exports: a list from its first record to its last, as a table, written while it is read, in
//! constant memory.

use super::left;
use super::record::question;
use crate::answer::Answer;
use crate::call::Call;
use crate::media;
use crate::problem::Result;
use axum::http::header;
use engine::export::Form;
use engine::file::Format;
use std::io::{self, Write};

/// The formats by their names, as a parameter gives them.
pub const FORMATS: &[&str] = &["csv", "jsonl", "xlsx"];

pub const CSV: &str = "text/csv; charset=utf-8; header=present";
pub const JSONL: &str = "application/jsonl";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn export(call: &Call) -> Result<Answer> {
    let (format, name, media_type) = match call.query.text("format") {
        Some("jsonl") => (Format::Jsonl, "jsonl", JSONL),
        Some("xlsx") => (Format::Xlsx, "xlsx", XLSX),
        _ => (Format::Csv, "csv", CSV),
    };
    let form = Form { format, names: !call.query.yes("labels") };
    let asked = question(call)?;
    let file = media::attachment(&format!("{}.{name}", asked.record_type));
    let session = call.session.clone();
    let produce = move |out: &mut (dyn Write + Send)| {
        let mut out = Listened { out, gone: None };
        let written = session.export(&asked, form, &mut out);
        match (written, out.gone) {
            // Nobody listens any more: not a fault of ours.
            (Err(_), Some(error)) => Err(left(&error)),
            (written, _) => Ok(written.map(drop)?),
        }
    };
    let answer = Answer::produced(media_type, Box::new(produce));
    Ok(answer.header(header::CONTENT_DISPOSITION, &file))
}

/// A way out that remembers whether the other end has left.
struct Listened<'a> {
    out: &'a mut (dyn Write + Send),
    gone: Option<io::Error>,
}

impl Write for Listened<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).inspect_err(|error| self.gone = Some(error.kind().into()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
