//! CSV: UTF-8, commas, rows ended by CR LF (RFC 4180), texts guarded against being formulas.

use super::super::guard::guarded;
use super::{Cell, date, decimal};
use csv::{Terminator, WriterBuilder};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::io::{Error, Result, Write};

pub struct Csv<W: Write> {
    out: csv::Writer<W>,
    width: usize,
}

impl<W: Write> Csv<W> {
    pub fn new(mut out: W, mark: bool) -> Result<Csv<W>> {
        if mark {
            out.write_all("\u{FEFF}".as_bytes())?;
        }
        let out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        Ok(Csv { out, width: 0 })
    }

    pub fn start(&mut self, columns: &[&str]) -> Result<()> {
        self.width = columns.len();
        self.record(columns.iter().map(|name| guarded(name)))
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let filled = cells.iter().chain(std::iter::repeat(&Cell::Empty));
        self.record(filled.take(self.width).map(text))
    }

    pub fn finish(self) -> Result<W> {
        self.out.into_inner().map_err(|error| Error::other(error.to_string()))
    }

    fn record<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> Result<()> {
        for cell in cells {
            self.out.write_field(cell.as_bytes())?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

/// Only texts are guarded: `-5` is a number where the column is one.
fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty | Cell::Json(Json::Null) => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Json(Json::String(text)) => guarded(text),
        Cell::YesNo(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Decimal(number) => Cow::Owned(decimal(*number)),
        Cell::Date(days) => Cow::Owned(date(*days).map_or(String::new(), |date| date.to_string())),
        Cell::Local(at) => Cow::Owned(at.strftime("%Y-%m-%d %H:%M").to_string()),
        Cell::Json(json) => Cow::Owned(json.to_string()),
    }
}
