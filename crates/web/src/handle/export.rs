//! Exports: a list from its first record to its last, as a table, written while it is read, in
//! constant memory.

use super::left;
use super::record::question;
use crate::answer::Answer;
use crate::call::Call;
use crate::media;
use crate::problem::{Problem, Result};
use axum::http::header;
use engine::file::{Cell, Format, Writer, Writing};
use engine::{Place, Question, Session};
use serde_json::{Map, Value as Json};
use std::io::{self, Write};

/// The formats by their names, as a parameter gives them.
pub const FORMATS: &[&str] = &["csv", "jsonl", "xlsx"];

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Records read at a time.
const PAGE: usize = 1000;

pub fn export(call: &Call) -> Result<Answer> {
    let (format, name, media_type) = match call.query.text("format") {
        Some("jsonl") => (Format::Jsonl, "jsonl", "application/jsonl"),
        Some("xlsx") => (Format::Xlsx, "xlsx", SHEET),
        _ => (Format::Csv, "csv", "text/csv; charset=utf-8; header=present"),
    };
    let asked = Question { limit: Some(PAGE), ..question(call)? };
    let columns = columns(call, &asked)?;
    let session = call.session.clone();
    let writing = Writing {
        format,
        mark: format == Format::Csv,
        sheet: asked.record_type.clone(),
        created: session.now(),
    };
    let file = media::attachment(&format!("{}.{name}", asked.record_type));
    let produce = move |out: &mut (dyn Write + Send)| write(&session, asked, &columns, out, &writing);
    let answer = Answer::produced(media_type, Box::new(produce));
    Ok(answer.header(header::CONTENT_DISPOSITION, &file))
}

/// The columns asked for, else all; what names the record goes first.
fn columns(call: &Call, question: &Question) -> Result<Vec<String>> {
    let named = call.session.columns_of(question)?;
    let fixed = ["id", "type", "version"].map(String::from);
    Ok(fixed.into_iter().chain(named.iter().map(ToString::to_string)).collect())
}

fn write(
    session: &Session,
    mut question: Question,
    columns: &[String],
    out: &mut (dyn Write + Send),
    writing: &Writing,
) -> Result<()> {
    let mut writer = Writer::new(out, writing).map_err(gone)?;
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    writer.start(&names).map_err(gone)?;
    loop {
        let listed = session.list(&question)?;
        for record in &listed.records {
            writer.row(&row(record, columns, writing.format)).map_err(gone)?;
        }
        match listed.next {
            Some(next) => question.place = Place::After(next),
            None => break,
        }
    }
    writer.finish().map(drop).map_err(gone)
}

fn gone(error: io::Error) -> Box<Problem> {
    match error.downcast::<engine::file::FileSlip>() {
        Ok(slip) => engine::Refusal::from(slip).into(),
        Err(error) => left(&error),
    }
}

fn row(record: &Map<String, Json>, columns: &[String], format: Format) -> Vec<Cell> {
    let of = |name: &String| record.get(name).cloned().unwrap_or(Json::Null);
    let cells = columns.iter().map(of);
    match format {
        // JSON lines keep values as they are.
        Format::Jsonl => cells.map(Cell::Json).collect(),
        Format::Csv | Format::Xlsx => cells.map(cell).collect(),
    }
}

/// One value in one cell, as an import takes it again.
///
/// | value | cell |
/// | --- | --- |
/// | a reference | its number, else its title |
/// | money | `100.00 CNY` |
/// | a list | its parts between commas |
/// | a text per language | JSON |
fn cell(json: Json) -> Cell {
    match json {
        Json::Null => Cell::Empty,
        Json::Bool(yes) => Cell::YesNo(yes),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Cell::Text(number.to_string()), Cell::Integer)
        }
        Json::String(text) => Cell::Text(text),
        other => Cell::Text(plain(&other)),
    }
}

fn plain(json: &Json) -> String {
    let text = |object: &Map<String, Json>, name: &str| {
        object.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_string)
    };
    match json {
        Json::String(text) => text.clone(),
        Json::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::Object(object) => {
            let money = text(object, "amount").zip(text(object, "currency"));
            let money = money.map(|(amount, currency)| format!("{amount} {currency}"));
            let file = text(object, "sha256").and_then(|_| text(object, "name"));
            let card = object.contains_key("id").then(|| {
                text(object, "number").or_else(|| text(object, "title")).unwrap_or_default()
            });
            money.or(file).or(card).unwrap_or_else(|| json.to_string())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_fit_into_cells() {
        for (value, text) in [
            (json!({"amount": "100.00", "currency": "CNY"}), "100.00 CNY"),
            (json!({"id": "x", "number": "A-1", "title": "t"}), "A-1"),
            (json!({"id": "x", "number": null, "title": "t"}), "t"),
            (json!({"en": "Mail"}), r#"{"en":"Mail"}"#),
            (json!(["a", "b"]), "a, b"),
        ] {
            assert_eq!(cell(value), Cell::Text(text.into()));
        }
    }
}
