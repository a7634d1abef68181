//! Rows as records: each is created, or edited where its key is there already, by the commands and
//! with the rights of whoever imports. The key makes a row that comes again change nothing.

use super::known::{Finder, Known, Making};
use super::survey::{Survey, finder_key, group_of, read_row, refused_by};
use super::{Imported, Importer, Phase, Watch};
use crate::command::Command;
use crate::file::FileRow;
use crate::import::cells::Cells;
use crate::perform::Order;
use crate::reader::Reader;
use crate::refusal::{Error, Result};
use model::definition::RecordType;
use model::{Key, Name};
use store::Unit;
use store::core::import_run::{self, ImportRun, Progress};

/// Rows between two notes of the progress.
const NOTED_EVERY: usize = 100;

impl Importer<'_> {
    pub(super) fn plain(
        &self,
        begun: &ImportRun,
        survey: &Survey,
        watch: &mut Watch,
    ) -> Result<Imported> {
        let catalogue = self.session.engine.catalogue();
        let definition = self.session.definition(&catalogue, &self.mapping.record_type)?;
        let (mut rows, bytes) = self.input.rows(self.mapping)?;
        let mut cells = self.cells(&rows.columns)?;
        let mut known = Known::default();
        let mut done = Imported::default();
        let before = usize::try_from(begun.done).unwrap_or(0);
        let mut noted = before;
        let mut place = 0;
        for row in &mut rows {
            place += 1;
            let Ok(row) = row else { continue };
            if place <= before {
                continue;
            }
            let group = group_of(self.mapping, &cells, &row);
            if !survey.refused.contains(&group) {
                self.row(&definition, &row, &mut cells, &mut known, &mut done)?;
            }
            if place - noted >= NOTED_EVERY {
                self.note(&begun.id, noted, place)?;
                noted = place;
            }
            let so_far = (place, Some(survey.rows));
            if self.tell(watch, Phase::Writing, so_far, &bytes).is_break() {
                return Ok(done);
            }
        }
        if place > noted {
            self.note(&begun.id, noted, place)?;
        }
        done.rows = place;
        done.finished = true;
        done.references = known.made;
        Ok(done)
    }

    fn row(
        &self,
        definition: &RecordType,
        row: &FileRow,
        cells: &mut Cells,
        known: &mut Known,
        done: &mut Imported,
    ) -> Result<()> {
        let catalogue = self.session.engine.catalogue();
        let snapshot = self.session.engine.database().snapshot()?;
        let reader = self.session.reader(&snapshot, &catalogue);
        let making = Making::Asked;
        let mut finder = Finder { session: &self.session, reader: &reader, known, making };
        let read = read_row(self.mapping, cells, row, &mut finder)?;
        if !read.refused.is_empty() {
            read.refused.into_iter().for_each(|refused| done.refusals.add(refused));
            return Ok(());
        }
        let existing = finder_key(&finder, definition, self.mapping, &read.values)?;
        let order = self.order(existing, &read, &reader)?;
        let is_nothing = matches!(&order.command, Command::Edit { values } if values.is_empty());
        let mut entries = 0;
        if !is_nothing && !self.perform(&order, row, done, &mut entries)? {
            return Ok(());
        }
        if let Some(key) = existing {
            for order in self.links(key, &read.links, &reader)? {
                self.perform(&order, row, done, &mut entries)?;
            }
        }
        done.entries += entries;
        match entries {
            0 => done.unchanged += 1,
            _ => done.records += 1,
        }
        Ok(())
    }

    /// Whether the engine took the command.
    fn perform(
        &self,
        order: &Order,
        row: &FileRow,
        done: &mut Imported,
        entries: &mut usize,
    ) -> Result<bool> {
        match self.session.perform(order) {
            Ok(written) => {
                *entries += usize::from(written.entry.is_some());
                Ok(true)
            }
            Err(Error::Refused(refusal)) => {
                done.refusals.add(refused_by(row, &refusal));
                Ok(false)
            }
            Err(fault) => Err(fault),
        }
    }

    /// The links that the record does not have yet.
    fn links(&self, key: Key, far: &[Option<Key>], reader: &Reader) -> Result<Vec<Order>> {
        let mut orders = Vec::new();
        for (taken, far) in self.mapping.links.iter().zip(far) {
            let Some(far) = far.filter(|_| !taken.inverse) else { continue };
            let ends = reader.ends(&taken.name, &[key], false, None)?;
            if !ends.contains(&(key, far)) {
                let command = Command::Link { link: taken.told.clone(), to: far };
                orders.push(self.command(key, command));
            }
        }
        Ok(orders)
    }

    fn command(&self, key: Key, command: Command) -> Order {
        let record_type: Name = self.mapping.record_type.clone();
        Order { record_type, key: Some(key), command, base: None, idempotency: None }
    }

    fn note(&self, id: &str, from: usize, to: usize) -> Result<()> {
        let at = self.session.engine.now();
        let (from, to) = (from as i64, to as i64);
        let mut unit = Unit::new();
        let progress = Progress { from, to, at, ..Progress::default() };
        import_run::go_on(&mut unit, id, &progress);
        Ok(self.session.engine.database().write(unit)?)
    }
}
