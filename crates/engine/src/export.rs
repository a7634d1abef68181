//! Lists as files: the rows that a reader may see, in constant memory however many there are. For
//! people (CSV, XLSX: labels, times of the reader's zone) or for programs (JSON lines: as
//! docs/json.md fixes it, times in UTC).

mod everything;

pub use everything::Exported;

use crate::field::{self, Style};
use crate::file::{Cell, Format, Writer, Writing};
use crate::list::{Question, select_of};
use crate::names::Cards;
use crate::reader::Reader;
use crate::record::formatted;
use crate::refusal::{Error, Result};
use crate::session::Session;
use crate::view;
use crate::words;
use model::definition::{FieldKind, RecordType};
use model::{Name, Value};
use serde_json::Value as Json;
use std::io::Write;
use std::ops::ControlFlow;
use store::core::spine;
use store::select;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub format: Format,
    /// Names of fields and choices in the place of labels, as an import reads them again. JSON
    /// lines always have names.
    pub names: bool,
}

impl Session {
    /// Writes all rows of a list; gives their number. Limit, place and count of the question do
    /// not matter here.
    ///
    /// # Errors
    /// As [`Session::list`]; a fault where the bytes cannot be written.
    pub fn export<W: Write + Send>(
        &self,
        question: &Question,
        form: Form,
        out: W,
    ) -> Result<usize> {
        self.asking(question, |reader, definition, checked| {
            let select = select_of(definition, &checked, question);
            let sheet = definition.plural.text(self.language()).to_string();
            let created = self.now;
            let writing = Writing { format: form.format, mark: !form.names, sheet, created };
            let writer = Writer::new(out, &writing).map_err(unwritten)?;
            let person = reader.catalogue.binding("person").map(|binding| binding.record.clone());
            let mut sheet = Sheet {
                session: self,
                reader,
                definition,
                person,
                columns: &checked.columns,
                form,
                writer,
                rows: 0,
            };
            sheet.start()?;
            self.batches(reader, &select, &mut |batch| {
                sheet.write(batch)?;
                Ok(ControlFlow::Continue(()))
            })?;
            sheet.writer.finish().map_err(unwritten)?;
            Ok(sheet.rows)
        })
    }
}

struct Sheet<'a, W: Write + Send> {
    session: &'a Session,
    reader: &'a Reader<'a>,
    definition: &'a RecordType,
    person: Option<Name>,
    columns: &'a [Name],
    form: Form,
    writer: Writer<W>,
    rows: usize,
}

impl<W: Write + Send> Sheet<'_, W> {
    fn for_programs(&self) -> bool {
        self.form.format == Format::Jsonl
    }

    fn start(&mut self) -> Result<()> {
        let names = self.form.names || self.for_programs();
        let language = self.session.language();
        let mut titles: Vec<String> = match self.for_programs() {
            true => vec!["id".into(), "type".into()],
            false => Vec::new(),
        };
        titles.extend(self.columns.iter().map(|name| match names {
            true => name.to_string(),
            false => words::column(self.definition, name, language),
        }));
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        self.writer.start(&titles).map_err(unwritten)
    }

    fn write(&mut self, batch: &[select::Record]) -> Result<()> {
        let cards = Cards::new(self.session, self.reader);
        cards.fetch_of(batch.iter().flat_map(|record| &record.values))?;
        let keys: Vec<_> = batch.iter().map(|record| record.key).collect();
        let ids = match self.for_programs() {
            true => spine::by_keys(self.reader.snapshot, &keys)?,
            false => Vec::new(),
        };
        for record in batch {
            let real = self.reader.catalogue.record_type(&record.record_type);
            let definition: &RecordType = real.map_or(self.definition, |found| found);
            let mut cells = Vec::with_capacity(self.columns.len() + 2);
            if self.for_programs() {
                let id = ids.iter().find(|spine| spine.key == record.key);
                cells.push(Cell::Json(id.map_or(Json::Null, |id| id.id.to_string().into())));
                cells.push(Cell::Json(record.record_type.as_str().into()));
            }
            for (name, value) in self.columns.iter().zip(&record.values) {
                cells.push(self.cell(definition, name, value, &cards));
            }
            self.writer.row(&cells).map_err(unwritten)?;
            self.rows += 1;
        }
        Ok(())
    }

    fn cell(&self, definition: &RecordType, name: &Name, value: &Value, cards: &Cards) -> Cell {
        if self.for_programs() {
            return Cell::Json(view::show(definition, self.person.as_ref(), name, value, cards));
        }
        let kind = view::kind_of(definition, self.person.as_ref(), name);
        match (&**name, value) {
            (_, Value::Unset) => Cell::Empty,
            ("number", Value::Integer(number)) => Cell::Text(formatted(definition, Some(*number))),
            (_, Value::Integer(number)) => Cell::Integer(*number),
            (_, Value::Decimal(number)) => Cell::Decimal(*number),
            (_, Value::Date(days)) => Cell::Date(*days),
            (_, Value::Instant(at)) => self.local(*at),
            (_, Value::YesNo(yes)) if self.form.names => Cell::YesNo(*yes),
            (_, Value::Text(text)) if self.form.names && is_choice(kind.as_ref()) => {
                Cell::Text(text.to_string())
            }
            (_, Value::Texts(names)) if self.form.names => Cell::Text(names.join("; ")),
            _ => self.text(kind.as_ref(), value, cards),
        }
    }

    fn text(&self, kind: Option<&FieldKind>, value: &Value, cards: &Cards) -> Cell {
        let (language, zone) = (self.session.language(), &self.session.actor.zone);
        let style = Style { language, zone, names: cards };
        let text = kind.map(|kind| field::text(kind, value, &style)).unwrap_or_default();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    fn local(&self, at: i64) -> Cell {
        let zone = self.session.actor.zone.clone();
        let at = jiff::Timestamp::from_microsecond(at);
        at.map_or(Cell::Empty, |at| Cell::Local(at.to_zoned(zone).datetime()))
    }
}

fn is_choice(kind: Option<&FieldKind>) -> bool {
    matches!(kind, Some(FieldKind::Choice(_)))
}

fn unwritten(error: std::io::Error) -> Error {
    match error.downcast::<crate::file::FileSlip>() {
        Ok(slip) => crate::Refusal::from(slip).into(),
        Err(error) => Error::Fault(format!("the file cannot be written: {error}")),
    }
}
