//! The file of an import as the database keeps it: read part after part, as often as is needed.

use super::input::Input;
use crate::engine::Engine;
use crate::file::{self, Limits, Reading, Rows};
use crate::refusal::{Refusal, Result};
use std::io::{self, Read};
use std::sync::Arc;
use store::Database;
use store::core::blob::{self, Blob};
use store::core::import_run::ImportRun;

/// A file that is kept.
pub struct Kept {
    database: Database,
    blob: Blob,
    name: String,
}

/// Its bytes from the beginning.
struct Parts {
    database: Database,
    blob: Blob,
    next: i64,
    part: Arc<[u8]>,
    at: usize,
}

impl Kept {
    /// # Errors
    /// `NotFound` where its content is not kept: an operator has imported it.
    pub fn of(engine: &Engine, run: &ImportRun) -> Result<Kept> {
        let missing = || Refusal::NotFound { what: run.id.to_string() };
        let blob = blob::find(engine.database(), &run.input)?.ok_or_else(missing)?;
        let name = run.file.as_deref().unwrap_or_default().to_string();
        Ok(Kept { database: engine.database().clone(), blob, name })
    }

    pub fn open(&self) -> Box<dyn Read + Send> {
        let (database, blob) = (self.database.clone(), self.blob.clone());
        Box::new(Parts { database, blob, next: 0, part: Arc::from([]), at: 0 })
    }

    /// Its rows.
    ///
    /// # Errors
    /// `Malformed` where it is no table that can be read.
    pub fn rows(&self, reading: &Reading) -> Result<Rows<'static>> {
        Ok(file::open(self.open(), &self.name, reading).map_err(Refusal::from)?)
    }

    /// As what an importer reads; `open` is [`Kept::open`].
    pub fn input<'a>(&'a self, open: &'a super::Open<'a>) -> Input<'a> {
        let bytes = u64::try_from(self.blob.bytes).unwrap_or(0);
        Input { name: &self.name, bytes, open, limits: Limits::default() }
    }
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.part.len() {
            if self.next == blob::part_count(&self.blob) {
                return Ok(0);
            }
            let part = blob::part(&self.database, &self.blob, self.next);
            self.part = part.map_err(|failure| io::Error::other(format!("{failure:?}")))?;
            (self.next, self.at) = (self.next + 1, 0);
        }
        let left = self.part.get(self.at..).unwrap_or_default();
        let count = left.len().min(into.len());
        let (front, _) = into.split_at_mut(count);
        front.copy_from_slice(left.get(..count).unwrap_or_default());
        self.at += count;
        Ok(count)
    }
}
