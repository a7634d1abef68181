//! Everything a reader may see, for taking it elsewhere: a file of JSON lines for each record type
//! with each record in full, its links too, and one file with their history.

use super::unwritten;
use crate::list::Question;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};
use store::select::{MOST, Place};

/// Opens a file of this name to be written.
pub type Create<'a> = dyn FnMut(&str) -> io::Result<Box<dyn Write + Send>> + 'a;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records by file.
    pub files: Vec<(String, usize)>,
    pub entries: usize,
}

/// Entries of history read at a time.
const ENTRIES: usize = 500;

impl Session {
    /// Writes all records, each as it stands when it is written, and their history, oldest record
    /// first and newest entry first. Record types without a record have no file.
    ///
    /// # Errors
    /// A failed read; a fault where the bytes cannot be written.
    pub fn export_everything(&self, create: &mut Create) -> Result<Exported> {
        let catalogue = self.engine.catalogue();
        let mut done = Exported::default();
        let mut history = create("history.jsonl").map_err(unwritten)?;
        let mut types: Vec<&str> = catalogue.model.record_types.keys().map(|n| &**n).collect();
        types.sort_unstable();
        for record_type in types {
            let count = self.export_type(record_type, create, &mut *history, &mut done.entries)?;
            if count > 0 {
                done.files.push((format!("{record_type}.jsonl"), count));
            }
        }
        history.flush().map_err(unwritten)?;
        Ok(done)
    }

    fn export_type(
        &self,
        record_type: &str,
        create: &mut Create,
        history: &mut dyn Write,
        entries: &mut usize,
    ) -> Result<usize> {
        let mut out: Option<Box<dyn Write + Send>> = None;
        let mut place = Place::Start;
        let mut count = 0;
        loop {
            let question = Question {
                record_type: record_type.into(),
                sort: Some("created_at".into()),
                columns: Some("number".into()),
                limit: Some(MOST),
                place,
                ..Question::default()
            };
            let page = self.list(&question)?;
            for row in &page.records {
                // A record of a type that extends this one stands in the file of its own.
                let Some(id) = own_id(row, record_type) else { continue };
                let Some(record) = still(self.read(record_type, id, None))? else { continue };
                let out = match &mut out {
                    Some(out) => out,
                    None => {
                        let name = format!("{record_type}.jsonl");
                        out.insert(create(&name).map_err(unwritten)?)
                    }
                };
                line(out, &Json::Object(record.json))?;
                count += 1;
                *entries += self.export_history(record_type, id, history)?;
            }
            match page.next {
                Some(next) => place = Place::After(next),
                None => break,
            }
        }
        out.iter_mut().try_for_each(|out| out.flush()).map_err(unwritten)?;
        Ok(count)
    }

    fn export_history(&self, record_type: &str, id: &str, out: &mut dyn Write) -> Result<usize> {
        let (mut after, mut count) = (None, 0);
        loop {
            let Some(past) = still(self.history(record_type, id, after, ENTRIES))? else { break };
            for entry in past.entries {
                let mut told = Map::new();
                told.insert("record".into(), json!(id));
                told.insert("type".into(), json!(record_type));
                told.extend(entry);
                line(out, &Json::Object(told))?;
                count += 1;
            }
            match past.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(count)
    }
}

fn own_id<'r>(row: &'r Map<String, Json>, record_type: &str) -> Option<&'r str> {
    let is_own = row.get("type").and_then(Json::as_str) == Some(record_type);
    row.get("id").and_then(Json::as_str).filter(|_| is_own)
}

/// None where the record was withdrawn or hidden since it was listed.
fn still<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(Error::Refused(refusal))
            if matches!(*refusal, Refusal::NotFound { .. } | Refusal::Gone { .. }) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn line(out: &mut dyn Write, json: &Json) -> Result<()> {
    writeln!(out, "{json}").map_err(unwritten)
}
