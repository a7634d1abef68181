//! Tables as files: CSV, XLSX and JSON lines, packed (xz, gzip, zstd) or not, read row by row in
//! constant memory where the format allows it, and written.
//!
//! What a cell means is not known here: a cell is text or JSON until a field type reads it.
//! Files are opened by the caller; here are readers and writers only.

mod columns;
mod csv;
mod format;
mod guard;
mod jsonl;
mod limit;
mod packed;
mod sniff;
mod write;
mod xlsx;
mod zip;

#[cfg(test)]
mod tests;

pub use write::{Cell, Writer, Writing};

use crate::refusal::Refusal;
use model::Language;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt;
use std::io::{Cursor, Read};

/// How many bytes are looked at to tell format, separator and encoding.
const PREFIX: u64 = 64 * 1024;

/// What a table is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Jsonl,
    Xlsx,
}

/// What the text of a CSV file is written in; JSON lines are always UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    #[default]
    Utf8,
    /// GBK and GB2312 are parts of it.
    Gb18030,
}

/// What a file may cost; a file that passes a limit is refused where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after unpacking.
    pub unpacked_bytes: u64,
    /// Bytes unpacked for each byte packed, from the first mebibyte on.
    pub ratio: u64,
    pub rows: usize,
    pub columns: usize,
    /// Bytes of one row of CSV or JSON lines.
    pub row_bytes: u64,
}

impl Default for Limits {
    /// What an upload may be; a command on the server may allow more.
    fn default() -> Limits {
        const MIB: u64 = 1024 * 1024;
        Limits {
            unpacked_bytes: 100 * MIB,
            ratio: 100,
            rows: 1_048_576,
            columns: 1_000,
            row_bytes: 16 * MIB,
        }
    }
}

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub charset: Charset,
    pub limits: Limits,
    /// The sheet of an XLSX file; the first visible one where not said.
    pub sheet: Option<String>,
}

/// What stands in a cell; an empty cell is no cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellText {
    Text(String),
    /// From JSON lines: anything but a text or `null`.
    Json(Json),
}

impl CellText {
    /// As text for a field type, JSON as it is written.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            CellText::Text(text) => Cow::Borrowed(text),
            CellText::Json(json) => Cow::Owned(json.to_string()),
        }
    }
}

/// One row, with as many cells as there are columns.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRow {
    /// As a spreadsheet counts: the header is row 1. In JSON lines, which have no header, the
    /// first line is row 1.
    pub number: usize,
    pub cells: Vec<Option<CellText>>,
}

/// Why a file or a row of it cannot be taken, and the mend, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSlip {
    /// As [`FileRow::number`]; none where the slip is about the whole file.
    pub row: Option<usize>,
    pub column: Option<String>,
    pub en: String,
    pub zh: String,
}

impl FileSlip {
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> FileSlip {
        FileSlip { row: None, column: None, en: en.into(), zh: zh.into() }
    }

    pub fn at(mut self, row: usize) -> FileSlip {
        self.row = Some(row);
        self
    }

    pub fn column(mut self, column: &str) -> FileSlip {
        self.column = Some(column.to_string());
        self
    }

    /// The whole sentence, row and column first.
    pub fn text(&self, language: Language) -> String {
        let zh = language == Language::ZH;
        let said = if zh { &self.zh } else { &self.en };
        match (self.row, &self.column, zh) {
            (None, _, _) => said.clone(),
            (Some(row), None, false) => format!("Row {row}: {said}"),
            (Some(row), None, true) => format!("第 {row} 行：{said}"),
            (Some(row), Some(column), false) => format!("Row {row}, column \"{column}\": {said}"),
            (Some(row), Some(column), true) => format!("第 {row} 行“{column}”列：{said}"),
        }
    }

    /// A failed read: the slip inside, where a limit made it fail, else what the system says.
    fn of(error: std::io::Error) -> FileSlip {
        match error.downcast::<FileSlip>() {
            Ok(slip) => slip,
            Err(error) => FileSlip::new(
                format!("The file cannot be read: {error}."),
                format!("无法读取文件：{error}。"),
            ),
        }
    }
}

impl fmt::Display for FileSlip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text(Language::EN))
    }
}

impl std::error::Error for FileSlip {}

impl From<FileSlip> for Refusal {
    fn from(slip: FileSlip) -> Refusal {
        Refusal::Malformed { en: slip.text(Language::EN), zh: slip.text(Language::ZH) }
    }
}

/// A reader of bytes, whatever it reads from.
type Bytes<'a> = Box<dyn Read + Send + 'a>;

/// The rows of one format; the limit on their number is kept by [`Rows`].
type Body<'a> = Box<dyn Iterator<Item = Result<FileRow, FileSlip>> + Send + 'a>;

/// The rows of a file, one by one. A row that cannot be taken is a slip with its number; rows
/// after it still come, where the file can be read on. Rows without any cell are left out.
pub struct Rows<'a> {
    pub format: Format,
    /// The names of the columns: never empty, no name twice.
    pub columns: Vec<String>,
    body: Body<'a>,
    /// How many more rows may come.
    left: usize,
}

/// Opens a table. Packing is told by content, the format by name and content, which must agree.
/// CSV and JSON lines are read in constant memory; a workbook is held whole, within the limits.
///
/// # Errors
/// Why it is not a table that can be read.
pub fn open<'a>(
    source: impl Read + Send + 'a,
    name: &str,
    reading: &Reading,
) -> Result<Rows<'a>, FileSlip> {
    let mut bytes = packed::unpack(Box::new(source), &reading.limits)?;
    let mut prefix = Vec::new();
    bytes.by_ref().take(PREFIX).read_to_end(&mut prefix).map_err(FileSlip::of)?;
    let format = format::of(name, &prefix)?;
    let whole: Bytes<'a> = Box::new(Cursor::new(prefix.clone()).chain(bytes));
    let (columns, body) = match format {
        Format::Csv => csv::open(whole, &prefix, reading)?,
        Format::Jsonl => jsonl::open(whole, &reading.limits)?,
        Format::Xlsx => xlsx::open(whole, reading)?,
    };
    Ok(Rows { format, columns, body, left: reading.limits.rows })
}

impl Iterator for Rows<'_> {
    type Item = Result<FileRow, FileSlip>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.body.next()?;
        if self.left == 0 {
            self.body = Box::new(std::iter::empty());
            return Some(Err(FileSlip::new(
                "The file has more rows than may be taken at once; split it.",
                "文件行数超过一次允许的数量，请拆分后再导入。",
            )));
        }
        self.left -= 1;
        Some(item)
    }
}
