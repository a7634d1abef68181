//! Replaying the history of another system: rows are events, in the order of the file. Records are
//! written whole, once their last row has been read, many in one unit, with the progress.

use super::known::{Finder, Known, Making};
use super::mapping::{How, Replay, Source};
use super::story::{Event, Teller, hold_back};
use super::survey::{Survey, finder_key, group_of, read_row};
use super::write::Writer;
use super::{Imported, Importer, Phase, Watch};
use crate::catalogue::Catalogue;
use crate::field::Names;
use crate::file::FileRow;
use crate::import::cells::Cells;
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{Error, Result};
use model::definition::RecordType;
use model::{Key, Name};
use std::collections::HashMap;
use std::sync::Arc;
use store::Unit;
use store::core::import_run::{self, ImportRun, Progress};
use store::database::Ticket;

/// Records written in one unit.
const RECORDS: usize = 64;
/// Events written in one unit, about.
const EVENTS: usize = 1_000;

/// Records whose rows have all been read.
#[derive(Default)]
struct Batch {
    records: Vec<Vec<FileRow>>,
    events: usize,
    /// Up to this row everything is written with the batch.
    to: usize,
}

struct Run<'a> {
    importer: &'a Importer<'a>,
    replay: &'a Replay,
    catalogue: Arc<Catalogue>,
    definition: Arc<RecordType>,
    filled: Vec<Name>,
    id: Arc<str>,
    known: Known,
    done: Imported,
    /// Up to this row everything is in a unit that was handed over.
    sent: usize,
    pending: Option<Ticket>,
}

impl Importer<'_> {
    pub(super) fn replay(
        &self,
        replay: &Replay,
        begun: &ImportRun,
        survey: &Survey,
        watch: &mut Watch,
    ) -> Result<Imported> {
        let catalogue = self.session.engine.catalogue();
        let definition = self.session.definition(&catalogue, &self.mapping.record_type)?;
        let mut filled: Vec<Name> = self.mapping.fields.iter().map(|t| t.field.clone()).collect();
        filled.sort();
        let sent = usize::try_from(begun.done).unwrap_or(0);
        let mut run = Run {
            importer: self,
            replay,
            catalogue,
            definition,
            filled,
            id: begun.id.clone(),
            known: Known::default(),
            done: Imported::default(),
            sent,
            pending: None,
        };
        run.all(survey, watch)?;
        run.done.references = std::mem::take(&mut run.known.made);
        Ok(run.done)
    }
}

impl Run<'_> {
    fn all(&mut self, survey: &Survey, watch: &mut Watch) -> Result<()> {
        let importer = self.importer;
        let (mut rows, bytes) = importer.input.rows(importer.mapping)?;
        let mut cells = importer.cells(&rows.columns)?;
        let mut open: HashMap<Box<str>, Vec<FileRow>> = HashMap::new();
        let mut batch = Batch::default();
        let mut place = 0;
        for row in &mut rows {
            place += 1;
            let Ok(row) = row else { continue };
            let group = group_of(importer.mapping, &cells, &row);
            let last = survey.last.get(&group).copied().unwrap_or(place);
            if last > self.sent && !survey.refused.contains(&group) {
                let rows = open.entry(group.clone()).or_default();
                rows.push(row);
                if last == place {
                    batch.events += rows.len();
                    batch.records.extend(open.remove(&group));
                    batch.to = place;
                }
            }
            if batch.records.len() >= RECORDS || batch.events >= EVENTS {
                self.flush(std::mem::take(&mut batch), &mut cells)?;
            }
            let so_far = (place, Some(survey.rows));
            if importer.tell(watch, Phase::Writing, so_far, &bytes).is_break() {
                return self.settle();
            }
        }
        batch.to = place;
        self.flush(batch, &mut cells)?;
        self.settle()?;
        self.done.rows = place;
        self.done.finished = true;
        Ok(())
    }

    /// Hands a batch over to be written, and goes on while it is: the unit before it must have
    /// been written first, so that what is done is always a beginning of the file.
    fn flush(&mut self, batch: Batch, cells: &mut Cells) -> Result<()> {
        if batch.to <= self.sent {
            return Ok(());
        }
        let mut unit = Unit::new();
        let (records, entries) = self.tell(&batch, cells, &mut unit)?;
        let progress = Progress {
            from: self.sent as i64,
            to: batch.to as i64,
            records: records as i64,
            entries: entries as i64,
            at: self.importer.session.engine.now(),
        };
        import_run::go_on(&mut unit, &self.id, &progress);
        self.settle()?;
        self.pending = Some(self.importer.session.engine.database().submit(unit)?);
        self.sent = batch.to;
        self.done.records += records;
        self.done.entries += entries;
        Ok(())
    }

    /// Waits for the unit that was handed over last.
    fn settle(&mut self) -> Result<()> {
        if let Some(queued) = self.pending.take() {
            self.importer.session.engine.database().wait(queued)?;
        }
        Ok(())
    }

    /// The statements of a batch; how many records and entries they write.
    fn tell(
        &mut self,
        batch: &Batch,
        cells: &mut Cells,
        unit: &mut Unit,
    ) -> Result<(usize, usize)> {
        let session = &self.importer.session;
        let (catalogue, definition) = (self.catalogue.clone(), self.definition.clone());
        let snapshot = session.engine.database().snapshot()?;
        let reader = session.reader(&snapshot, &catalogue);
        let filled = self.filled.clone();
        let teller = Teller::new(session, &catalogue, &definition, &filled);
        let (mut records, mut entries) = (0, 0);
        for rows in &batch.records {
            let Some(events) = self.events(rows, cells, &reader, unit)? else {
                self.done.unchanged += 1;
                continue;
            };
            let begins = self.begins(&events);
            let story = teller.tell(session.engine.next_record()?, begins, &events);
            let links = &self.importer.mapping.links;
            let writer = Writer { teller: &teller, reader: &reader, links, import: &self.id };
            entries += writer.write(unit, story)?;
            records += 1;
        }
        Ok((records, entries))
    }

    fn begins(&self, events: &[Event]) -> Option<i64> {
        let field = self.replay.begins.as_ref()?;
        let first = events.first()?;
        first.values.iter().find(|(name, _)| name == field)?.1.as_instant()
    }

    /// The events of a record; none where the record is there already.
    fn events(
        &mut self,
        rows: &[FileRow],
        cells: &mut Cells,
        reader: &Reader,
        unit: &mut Unit,
    ) -> Result<Option<Vec<Event>>> {
        let importer = self.importer;
        let making = Making::Told { unit, import: &self.id };
        let session = &importer.session;
        let mut finder = Finder { session, reader, known: &mut self.known, making };
        let mut events: Vec<Event> = Vec::with_capacity(rows.len());
        for row in rows {
            let read = read_row(importer.mapping, cells, row, &mut finder)?;
            let at = cells.instant(&self.replay.at, row);
            let (true, Ok(at)) = (read.refused.is_empty(), at) else { return Err(changed(row)) };
            if events.is_empty()
                && finder_key(&finder, &self.definition, importer.mapping, &read.values)?.is_some()
            {
                return Ok(None);
            }
            let (actor, actor_name) = self.replay.actor.as_ref().map_or_else(
                || Ok((session.actor().person, session.actor().name.as_str().into())),
                |source| actor(source, row, cells, &mut finder),
            )?;
            let (values, links) = (read.values, read.links);
            events.push(Event { at, actor, actor_name, values, links });
        }
        hold_back(self.replay, &mut events);
        Ok(Some(events))
    }
}

/// Who did it: the person, and the words that history shows.
fn actor(
    source: &Source,
    row: &FileRow,
    cells: &mut Cells,
    finder: &mut Finder,
) -> Result<(Option<Key>, Arc<str>)> {
    let text = cells.text(source, row).unwrap_or_default();
    let key = match cells.far_end(source, row, finder)? {
        Ok(key) => key,
        Err(_) => return Err(changed(row)),
    };
    let by_name = matches!(&source.how, How::Reference(r) if r.field.name == *title_of(finder, r));
    match key.filter(|_| !by_name) {
        // Found by something that is no name: the record says how the person is called.
        Some(key) => {
            let cards = Cards::new(finder.session, finder.reader);
            cards.fetch([key])?;
            let name = cards.card(key).map_or(text, |card| card.title);
            Ok((Some(key), name.into()))
        }
        None => Ok((key, text.into())),
    }
}

fn title_of(finder: &Finder, reference: &super::mapping::Reference) -> Name {
    let definition = finder.reader.catalogue.record_type(&reference.to);
    definition.map_or_else(|| reference.field.name.clone(), |found| found.title.clone())
}

/// A row that was fit when it was checked.
fn changed(row: &FileRow) -> Error {
    let row = row.number;
    let en = format!("Row {row} has changed since it was checked; run the import again.");
    let zh = format!("第 {row} 行在检查后发生了变化，请重新导入。");
    crate::Refusal::Malformed { en, zh }.into()
}
