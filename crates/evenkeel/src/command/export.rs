//! `evenkeel export`: records of a type as CSV, XLSX or JSON lines, with the sight of the system
//! itself: everything, as it stands at one moment. What it writes can be imported again. With
//! `--everything`, all records of all types and their history.

mod everything;

use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::host::Host;
use clap::Args;
use engine::Question;
use engine::file::{Cell, Format, Writer, Writing};
use model::definition::BUILT_IN;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use store::select::Count;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Export {
    #[arg(value_name = "RECORD_TYPE", required_unless_present = "everything")]
    pub record_type: Option<String>,
    #[arg(long = "where", value_name = "EXPR")]
    pub filter: Option<String>,
    #[arg(long, value_name = "FIELDS", allow_hyphen_values = true)]
    pub sort: Option<String>,
    #[arg(long, value_name = "FIELDS")]
    pub columns: Option<String>,
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "csv",
        value_parser = ["csv", "jsonl", "xlsx"]
    )]
    pub format: String,
    #[arg(long, short, value_name = "FILE")]
    #[serde(skip)]
    pub output: Option<PathBuf>,
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["record_type", "filter", "sort", "columns", "format", "output"]
    )]
    #[serde(skip)]
    pub everything: Option<PathBuf>,
}

/// Does it: the records of a type, or everything where none is named.
///
/// # Errors
/// Refused for an unknown record type or a filter that does not fit.
pub fn run(host: &Host, asked: Export, console: &mut dyn Console) -> Result<()> {
    let Some(record_type) = asked.record_type else { return everything::run(host, console) };
    let question = Question {
        record_type: record_type.clone(),
        filter: asked.filter,
        sort: asked.sort,
        columns: asked.columns,
        ..Question::default()
    };
    let session = host.system();
    let total = match session.count(&question)? {
        Count::Exactly(total) => u64::try_from(total).ok(),
        Count::AtLeast(_) => None,
    };
    let writing = Writing {
        format: format(&asked.format),
        mark: false,
        sheet: record_type,
        created: host.engine.now(),
    };
    let parts = Parts::default();
    let mut table = Table::new(&parts, &writing, columns(host, &question)?).map_err(failed)?;
    let mut progress = Progress { what: text("Exporting", "正在导出"), done: 0, total };
    let mut written = Ok(());
    session.list_all(&question, &mut |records| {
        progress.done += u64::try_from(records.len()).unwrap_or(0);
        written = table.rows(&records).and_then(|()| parts.hand_on(console));
        console.progress(&progress);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    table.writer.finish().map_err(failed)?;
    parts.hand_on(console)
}

/// The columns: those asked for, else all; what names the record goes first.
fn columns(host: &Host, question: &Question) -> Result<Vec<String>> {
    let catalogue = host.engine.catalogue();
    let definition = host.system().definition(&catalogue, &question.record_type)?;
    let head = ["id", "type", "version"];
    let named: Vec<String> = match question.columns.as_deref().filter(|c| !c.trim().is_empty()) {
        Some(asked) => asked.split(',').map(|name| name.trim().to_string()).collect(),
        None => {
            let built_in = BUILT_IN.iter().map(ToString::to_string);
            built_in.chain(definition.fields.keys().map(ToString::to_string)).collect()
        }
    };
    let rest = named.into_iter().filter(|name| !name.is_empty() && !head.contains(&name.as_str()));
    Ok(head.map(String::from).into_iter().chain(rest).collect())
}

fn format(word: &str) -> Format {
    match word {
        "xlsx" => Format::Xlsx,
        "jsonl" => Format::Jsonl,
        _ => Format::Csv,
    }
}

fn failed(error: io::Error) -> Failure {
    let (en, zh) = ("The export cannot be written", "无法写出导出内容");
    Failure::refused("output", format!("{en}: {error}."), format!("{zh}：{error}。"))
}

/// Records as rows.
struct Table {
    writer: Writer<Parts>,
    columns: Vec<String>,
    /// JSON lines keep values as they are.
    whole: bool,
}

impl Table {
    fn new(parts: &Parts, writing: &Writing, columns: Vec<String>) -> io::Result<Table> {
        let mut writer = Writer::new(parts.clone(), writing)?;
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        writer.start(&names)?;
        Ok(Table { writer, columns, whole: writing.format == Format::Jsonl })
    }

    fn rows(&mut self, records: &[Map<String, Json>]) -> Result<()> {
        records.iter().try_for_each(|record| self.row(record)).map_err(failed)
    }

    fn row(&mut self, record: &Map<String, Json>) -> io::Result<()> {
        let of = |name: &String| record.get(name).cloned().unwrap_or(Json::Null);
        let cells = self.columns.iter().map(of);
        let cells: Vec<Cell> = match self.whole {
            true => cells.map(Cell::Json).collect(),
            false => cells.map(|json| cell(&json)).collect(),
        };
        self.writer.row(&cells)
    }
}

/// One value in one cell, as an import takes it again.
///
/// | value | cell |
/// | --- | --- |
/// | a reference | its number, else its title |
/// | money | `100.00 CNY` |
/// | a list | its parts with commas |
/// | a text per language | JSON |
fn cell(json: &Json) -> Cell {
    match json {
        Json::Null => Cell::Empty,
        Json::Bool(yes) => Cell::YesNo(*yes),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Cell::Text(number.to_string()), Cell::Integer)
        }
        Json::String(text) => Cell::Text(text.clone()),
        other => Cell::Text(plain(other)),
    }
}

fn plain(json: &Json) -> String {
    let member = |object: &Map<String, Json>, name: &str| {
        object.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_string)
    };
    match json {
        Json::String(text) => text.clone(),
        Json::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(","),
        Json::Object(object) => {
            let money = member(object, "amount").zip(member(object, "currency"));
            let money = money.map(|(amount, currency)| format!("{amount} {currency}"));
            let named = ["number", "title", "name"].iter().find_map(|name| member(object, name));
            money.or(named).unwrap_or_else(|| json.to_string())
        }
        other => other.to_string(),
    }
}

/// What was written and not yet handed on.
#[derive(Clone, Default)]
struct Parts(Arc<Mutex<Vec<u8>>>);

impl Parts {
    fn hand_on(&self, console: &mut dyn Console) -> Result<()> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        bytes.chunks(1 << 20).try_for_each(|part| console.bytes(part))
    }
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_become_cells_that_can_be_imported_again() {
        let text = |text: &str| Cell::Text(text.into());
        for (value, wanted) in [
            (json!(null), Cell::Empty),
            (json!(7), Cell::Integer(7)),
            (json!(true), Cell::YesNo(true)),
            (json!({ "id": "x", "number": "PER-000001", "title": "Li Wei" }), text("PER-000001")),
            (json!({ "id": "x", "number": null, "title": "Li Wei" }), text("Li Wei")),
            (json!({ "amount": "1.00", "currency": "CNY" }), text("1.00 CNY")),
            (json!(["a", "b"]), text("a,b")),
            (json!({ "en": "a" }), text("{\"en\":\"a\"}")),
        ] {
            assert_eq!(cell(&value), wanted);
        }
    }
}
