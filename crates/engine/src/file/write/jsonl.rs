//! JSON lines: an object a row, with every column, `null` where unset.

use super::{Cell, date, decimal};
use serde_json::{Map, Value as Json};
use std::io::{BufWriter, Error, Result, Write};

pub struct Jsonl<W: Write> {
    out: BufWriter<W>,
    columns: Vec<String>,
}

impl<W: Write> Jsonl<W> {
    pub fn new(out: W) -> Jsonl<W> {
        Jsonl { out: BufWriter::new(out), columns: Vec::new() }
    }

    pub fn start(&mut self, columns: &[&str]) -> Result<()> {
        self.columns = columns.iter().map(|name| name.to_string()).collect();
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let filled = cells.iter().chain(std::iter::repeat(&Cell::Empty));
        let pairs = self.columns.iter().zip(filled);
        let object: Map<_, _> = pairs.map(|(name, cell)| (name.clone(), json(cell))).collect();
        serde_json::to_writer(&mut self.out, &object)?;
        self.out.write_all(b"\n")
    }

    pub fn finish(self) -> Result<W> {
        self.out.into_inner().map_err(|error| Error::other(error.to_string()))
    }
}

fn json(cell: &Cell) -> Json {
    match cell {
        Cell::Empty => Json::Null,
        Cell::Text(text) => Json::from(text.as_str()),
        Cell::YesNo(yes) => Json::Bool(*yes),
        Cell::Integer(number) => Json::from(*number),
        Cell::Decimal(number) => Json::from(decimal(*number)),
        Cell::Date(days) => date(*days).map_or(Json::Null, |date| date.to_string().into()),
        Cell::Local(at) => Json::from(at.to_string()),
        Cell::Json(json) => json.clone(),
    }
}
