//! Reading JSON lines: one object a line, the first of which names all columns.

use super::{Body, Bytes, CellText, FileRow, FileSlip, Limits, columns, limit};
use serde_json::{Map, Value as Json};
use std::io::{BufRead, BufReader, Read};

struct JsonRows<'a> {
    reader: BufReader<Bytes<'a>>,
    limits: Limits,
    columns: Vec<String>,
    number: usize,
    /// The object that named the columns, to be given as the first row.
    first: Option<Map<String, Json>>,
    ended: bool,
}

/// # Errors
/// A first line that is no object.
pub fn open<'a>(source: Bytes<'a>, limits: &Limits) -> Result<(Vec<String>, Body<'a>), FileSlip> {
    let mut rows = JsonRows {
        reader: BufReader::new(source),
        limits: *limits,
        columns: Vec::new(),
        number: 0,
        first: None,
        ended: false,
    };
    let first = rows.object()?.ok_or_else(|| {
        FileSlip::new("The file is empty; write one object a line.", "文件为空，每行应为一个对象。")
    })?;
    rows.columns = first.keys().cloned().collect();
    columns::check(&rows.columns, limits).map_err(|slip| slip.at(rows.number))?;
    rows.first = Some(first);
    Ok((rows.columns.clone(), Box::new(rows)))
}

impl JsonRows<'_> {
    /// The next line that is not empty; none at the end.
    fn line(&mut self) -> Result<Option<Vec<u8>>, FileSlip> {
        loop {
            self.number += 1;
            let mut line = Vec::new();
            let most = self.limits.row_bytes;
            let mut part = self.reader.by_ref().take(most.saturating_add(1));
            let read = part.read_until(b'\n', &mut line);
            let read = read.map_err(|error| FileSlip::of(error).at(self.number))?;
            if read as u64 > most {
                return Err(limit::too_long().at(self.number));
            }
            if read == 0 {
                return Ok(None);
            }
            let text = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line).trim_ascii();
            if !text.is_empty() {
                return Ok(Some(text.to_vec()));
            }
        }
    }

    fn object(&mut self) -> Result<Option<Map<String, Json>>, FileSlip> {
        let line = self.line().inspect_err(|_| self.ended = true)?;
        let Some(line) = line else { return Ok(None) };
        match serde_json::from_slice(&line) {
            Ok(Json::Object(object)) if !object.is_empty() => Ok(Some(object)),
            Ok(_) => Err(no_object("The line is no object with values", "该行不是含有内容的对象")),
            Err(error) if error.is_syntax() || error.is_eof() || error.is_data() => {
                let at = error.column();
                let en = format!("The line is not JSON from byte {at} on");
                Err(no_object(&en, &format!("该行从第 {at} 个字节起不是有效的 JSON")))
            }
            Err(error) => Err(FileSlip::of(error.into())),
        }
        .map_err(|slip| slip.at(self.number))
    }

    fn row(&mut self) -> Result<Option<FileRow>, FileSlip> {
        let first = self.first.take();
        let object = if first.is_some() { first } else { self.object()? };
        let Some(mut object) = object else { return Ok(None) };
        let number = self.number;
        let cells = self.columns.iter().map(|name| object.shift_remove(name).and_then(cell));
        let cells = cells.collect();
        match object.keys().next() {
            Some(unknown) => Err(FileSlip::new(
                "The first line does not have this name; give it every name, null where unset.",
                "首行没有此名称，请在首行列出所有名称，未设置的写 null。",
            )
            .at(number)
            .column(unknown)),
            None => Ok(Some(FileRow { number, cells })),
        }
    }
}

impl Iterator for JsonRows<'_> {
    type Item = Result<FileRow, FileSlip>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.row() {
                Ok(Some(row)) if row.cells.iter().all(Option::is_none) => {}
                other => return other.transpose(),
            }
        }
        None
    }
}

fn cell(json: Json) -> Option<CellText> {
    match json {
        Json::Null => None,
        Json::String(text) if text.is_empty() => None,
        Json::String(text) => Some(CellText::Text(text)),
        other => Some(CellText::Json(other)),
    }
}

fn no_object(en: &str, zh: &str) -> FileSlip {
    let shape = r#"{"name": "value"}"#;
    FileSlip::new(
        format!("{en}; write one object a line, as in {shape}."),
        format!("{zh}；每行应为一个对象，例如 {shape}。"),
    )
}
