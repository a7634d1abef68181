//! Writing tables: the same rows as CSV, JSON lines or a workbook, to anything that takes bytes,
//! in constant memory. Which records and columns, and whether as people or as programs read
//! them, the caller decides.

mod csv;
mod jsonl;
mod xlsx;

use super::Format;
use jiff::civil;
use model::value::Decimal;
use serde_json::Value as Json;
use std::io::{Error, ErrorKind, Result, Write};

/// How a table is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    pub format: Format,
    /// CSV starts with the mark that it is UTF-8, without which spreadsheets in Chinese take it
    /// for GBK.
    pub mark: bool,
    /// The name of the sheet in a workbook; characters that it cannot have are left out.
    pub sheet: String,
    /// When the workbook says it was made: microseconds since 1970-01-01T00:00:00Z.
    pub created: i64,
}

/// A cell to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    YesNo(bool),
    Integer(i64),
    Decimal(Decimal),
    /// Days since 1970-01-01.
    Date(i32),
    /// On the clock of the reader's zone.
    Local(civil::DateTime),
    /// For programs: as a field type shows it.
    Json(Json),
}

/// A table being written: `start`, each `row`, `finish`.
pub struct Writer<W: Write + Send> {
    body: Body<W>,
    width: usize,
}

enum Body<W: Write + Send> {
    Csv(Box<csv::Csv<W>>),
    Jsonl(jsonl::Jsonl<W>),
    Xlsx(Box<xlsx::Sheet<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// # Errors
    /// What the system says.
    pub fn new(out: W, writing: &Writing) -> Result<Writer<W>> {
        let body = match writing.format {
            Format::Csv => Body::Csv(Box::new(csv::Csv::new(out, writing.mark)?)),
            Format::Jsonl => Body::Jsonl(jsonl::Jsonl::new(out)),
            Format::Xlsx => Body::Xlsx(Box::new(xlsx::Sheet::new(out, writing)?)),
        };
        Ok(Writer { body, width: 0 })
    }

    /// Names the columns; once, before all rows.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(&mut self, columns: &[&str]) -> Result<()> {
        self.width = columns.len();
        match &mut self.body {
            Body::Csv(csv) => csv.start(columns),
            Body::Jsonl(jsonl) => jsonl.start(columns),
            Body::Xlsx(sheet) => sheet.start(columns),
        }
    }

    /// Writes one row, a cell for each column.
    ///
    /// # Errors
    /// What the system says; as `InvalidInput` more cells than columns, and as
    /// [`super::FileSlip`] more rows than a sheet holds.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if cells.len() > self.width {
            return Err(Error::new(ErrorKind::InvalidInput, "more cells than columns"));
        }
        match &mut self.body {
            Body::Csv(csv) => csv.row(cells),
            Body::Jsonl(jsonl) => jsonl.row(cells),
            Body::Xlsx(sheet) => sheet.row(cells),
        }
    }

    /// Ends the table; only now it is whole. A workbook is written here.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> Result<W> {
        match self.body {
            Body::Csv(csv) => csv.finish(),
            Body::Jsonl(jsonl) => jsonl.finish(),
            Body::Xlsx(sheet) => sheet.finish(),
        }
    }
}

/// A decimal number with all its places.
fn decimal(number: Decimal) -> String {
    crate::field::decimal_text(number)
}

/// `2026-03-01`; empty outside the years 1 to 9999.
fn date(days: i32) -> Option<civil::Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    let date = civil::Date::constant(1970, 1, 1).checked_add(span).ok()?;
    (date.year() > 0).then_some(date)
}
