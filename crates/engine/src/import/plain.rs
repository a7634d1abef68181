//! Rows as records: each is created, or edited where its key is there already, by the commands and
//! with the rights of whoever imports. How far it has come is written with each record, so that an
//! import that was killed writes none twice.

use super::known::{Finder, Known, Making};
use super::lines;
use super::refused::Refused;
use super::survey::{Survey, finder_key, group_of, read_row, refused_by};
use super::{Imported, Importer, Phase, Watch};
use crate::command::Command;
use crate::file::FileRow;
use crate::import::cells::Cells;
use crate::perform::{Order, Written};
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use model::definition::RecordType;
use model::{Key, Name};
use store::Unit;
use store::core::import_line::{self, ImportLine};
use store::core::import_run::{self, ImportRun, Progress};

/// Rows between two notes of the progress where none of them wrote anything.
const NOTED_EVERY: usize = 100;

/// How far one run has come.
struct Course<'i> {
    id: &'i str,
    /// The row that is worked on, counted from 1, and the last that is noted.
    place: usize,
    noted: usize,
    /// Refusals that are not written yet.
    refused: Vec<ImportLine>,
    done: Imported,
}

impl Course<'_> {
    fn refuse(&mut self, refused: Refused, which: usize) {
        self.refused.push(lines::refused(self.id, lines::REFUSED, &refused, which));
        self.done.refusals.add(refused);
    }

    /// Notes the row, and what was refused up to it.
    fn advance(&self, unit: &mut Unit, at: i64, entries: usize) {
        self.refused.iter().for_each(|line| import_line::insert(unit, line));
        let (from, to) = (self.noted as i64, self.place as i64);
        let records = i64::from(entries > 0);
        import_run::go_on(
            unit,
            self.id,
            &Progress { from, to, records, entries: entries as i64, at },
        );
    }

    fn advanced(&mut self) {
        self.noted = self.place;
        self.refused.clear();
    }
}

impl Importer<'_> {
    /// Writes the rows. Those that a survey has refused are left out; without one each row is
    /// judged as it comes.
    pub(super) fn plain(
        &self,
        begun: &ImportRun,
        survey: Option<&Survey>,
        watch: &mut Watch,
    ) -> Result<Imported> {
        let catalogue = self.session.engine.catalogue();
        let definition = self.session.definition(&catalogue, &self.mapping.record_type)?;
        let (mut rows, bytes) = self.input.rows(self.mapping)?;
        let mut cells = self.cells(&rows.columns)?;
        let mut known = Known::default();
        let before = usize::try_from(begun.done).unwrap_or(0);
        let of_rows = usize::try_from(begun.rows).ok();
        let done = Imported::default();
        let mut course =
            Course { id: &begun.id, place: 0, noted: before, refused: Vec::new(), done };
        for row in &mut rows {
            course.place += 1;
            if course.place <= before {
                continue;
            }
            match row {
                Ok(row) => {
                    let group = group_of(self.mapping, &cells, &row);
                    if survey.is_none_or(|survey| !survey.refused.contains(&group)) {
                        self.row(&definition, &row, &mut cells, &mut known, &mut course)?;
                    }
                }
                Err(slip) if survey.is_none() => course.refuse(slip.into(), 0),
                Err(_) => {}
            }
            if course.place - course.noted >= NOTED_EVERY {
                self.note(&mut course)?;
            }
            if self.tell(watch, Phase::Writing, (course.place, of_rows), &bytes).is_break() {
                self.note(&mut course)?;
                return Ok(course.done);
            }
        }
        self.note(&mut course)?;
        course.done.rows = course.place;
        course.done.finished = true;
        course.done.references = known.made;
        Ok(course.done)
    }

    fn row(
        &self,
        definition: &RecordType,
        row: &FileRow,
        cells: &mut Cells,
        known: &mut Known,
        course: &mut Course,
    ) -> Result<()> {
        let catalogue = self.session.engine.catalogue();
        let snapshot = self.session.engine.database().snapshot()?;
        let reader = self.session.reader(&snapshot, &catalogue);
        let making = Making::Asked { import: course.id, row: row.number };
        let mut finder = Finder { session: &self.session, reader: &reader, known, making };
        let read = read_row(self.mapping, cells, row, &mut finder)?;
        if !read.refused.is_empty() {
            let all = read.refused.into_iter().enumerate();
            all.for_each(|(which, refused)| course.refuse(refused, which));
            return Ok(());
        }
        let existing = finder_key(&finder, definition, self.mapping, &read.values)?;
        let order = self.order(existing, &read, &reader)?;
        let is_nothing = matches!(&order.command, Command::Edit { values } if values.is_empty());
        let mut orders: Vec<Order> = (!is_nothing).then_some(order).into_iter().collect();
        if let Some(key) = existing {
            orders.extend(self.links(key, &read.links, &reader)?);
        }
        let mut entries = 0;
        for (place, order) in orders.iter().enumerate() {
            let is_last = place + 1 == orders.len();
            if !self.perform(order, row, course, &mut entries, is_last)? {
                break;
            }
        }
        course.done.entries += entries;
        match (entries, course.refused.last()) {
            (0, Some(last)) if last.row == row.number as i64 => {}
            (0, _) => course.done.unchanged += 1,
            _ => course.done.records += 1,
        }
        Ok(())
    }

    /// Whether the engine took the command. With the last one of a row the row is noted.
    fn perform(
        &self,
        order: &Order,
        row: &FileRow,
        course: &mut Course,
        entries: &mut usize,
        is_last: bool,
    ) -> Result<bool> {
        let (at, number, before) = (self.session.engine.now(), row.number, *entries);
        let beside = |written: &Written| {
            let mut unit = Unit::new();
            match &order.command {
                Command::Create { .. } => {
                    lines::told(&mut unit, course.id, number, written, lines::CREATED);
                }
                Command::Link { link, to } => {
                    lines::linked(&mut unit, course.id, number, written, (link.as_str(), *to));
                }
                _ => lines::told(&mut unit, course.id, number, written, lines::EDITED),
            }
            if is_last {
                course.advance(&mut unit, at, before + usize::from(written.entry.is_some()));
            }
            unit
        };
        match self.session.perform_told(order, &beside) {
            Ok(Some(written)) => {
                *entries += usize::from(written.entry.is_some());
                if is_last {
                    course.advanced();
                }
                Ok(true)
            }
            // Another process has gone on with this import.
            Ok(None) => Err(Refusal::Busy.into()),
            Err(Error::Refused(refusal)) if is_of_the_row(&refusal) => {
                course.refuse(refused_by(row, &refusal), 0);
                Ok(false)
            }
            Err(other) => Err(other),
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

    fn note(&self, course: &mut Course) -> Result<()> {
        if course.place > course.noted {
            let mut unit = Unit::new();
            course.advance(&mut unit, self.session.engine.now(), 0);
            self.session.engine.database().write(unit)?;
            course.advanced();
        }
        Ok(())
    }
}

/// Whether it is the row that cannot be taken, and not the database that is in trouble: there the
/// import stops and goes on later.
fn is_of_the_row(refusal: &Refusal) -> bool {
    use Refusal::{Busy, Full, NotLoggedIn, NotNow, TooSlow, Unknown};
    !matches!(refusal, Busy | Full | NotLoggedIn | NotNow | TooSlow | Unknown)
}
