//! The first reading of a file: every row is checked, nothing is written. It says what would be
//! refused, created and left alone, and where the last row of each record stands.

use super::cells::{Cells, Referrer, key_text};
use super::known::{Finder, Known, Making, slip_of};
use super::mapping::Mapping;
use super::refused::{Refusals, Refused};
use super::{Importer, Phase, Watch};
use crate::command::Command;
use crate::file::FileRow;
use crate::perform::Order;
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use model::definition::RecordType;
use model::{Key, Name, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What an import would do.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    pub rows: usize,
    /// Records that would be created, and those that are there already.
    pub created: usize,
    pub existing: usize,
    /// Records that others would name and that would be created, by record type.
    pub references: BTreeMap<Name, usize>,
    pub refusals: Refusals,
    /// For each record the row, counted from 1, that is its last.
    pub(super) last: HashMap<Box<str>, usize>,
    /// Records with a row that is refused.
    pub(super) refused: HashSet<Box<str>>,
}

/// What one row says.
pub struct RowRead {
    pub values: Vec<(Name, Value)>,
    pub links: Vec<Option<Key>>,
    pub refused: Vec<Refused>,
}

/// The values and links of a row; what cannot be taken stands beside.
pub fn read_row(
    mapping: &Mapping,
    cells: &mut Cells,
    row: &FileRow,
    referrer: &mut dyn Referrer,
) -> Result<RowRead> {
    let mut read = RowRead {
        values: Vec::with_capacity(mapping.fields.len()),
        links: Vec::with_capacity(mapping.links.len()),
        refused: Vec::new(),
    };
    for taken in &mapping.fields {
        match cells.value(taken, row, referrer)? {
            Ok(value) => read.values.push((taken.field.clone(), value)),
            Err(refused) => read.refused.push(refused),
        }
    }
    for taken in &mapping.links {
        match cells.far_end(&taken.from, row, referrer)? {
            Ok(far) => read.links.push(far),
            Err(refused) => read.refused.push(refused),
        }
    }
    if read.refused.is_empty() && key_text(&mapping.key, &read.values).is_none() {
        read.refused.push(no_key(mapping, row));
    }
    Ok(read)
}

fn no_key(mapping: &Mapping, row: &FileRow) -> Refused {
    let key: Vec<&str> = mapping.key.iter().map(Name::as_str).collect();
    Refused {
        row: row.number,
        column: String::new(),
        en: format!("Nothing says which record this is: {} is missing.", key.join(", ")),
        zh: format!("无法确定是哪条记录：缺少 {}。", key.join("、")),
    }
}

/// The texts of the key, for telling records apart without reading values.
pub fn group_of(mapping: &Mapping, cells: &Cells, row: &FileRow) -> Box<str> {
    let mut out = String::new();
    for taken in mapping.fields.iter().filter(|taken| mapping.key.contains(&taken.field)) {
        out.push_str(&cells.text(&taken.from, row).unwrap_or_default());
        out.push('\u{1f}');
    }
    out.into()
}

impl Importer<'_> {
    /// Reads the whole file and says what an import would do; nothing is written.
    ///
    /// # Errors
    /// A file that cannot be read or has not the columns; a failed read.
    pub fn survey(&self, watch: &mut Watch) -> Result<Survey> {
        let catalogue = self.session.engine.catalogue();
        let definition = self.session.definition(&catalogue, &self.mapping.record_type)?;
        let snapshot = self.session.engine.database().snapshot()?;
        let reader = self.session.reader(&snapshot, &catalogue);
        let (mut rows, bytes) = self.input.rows(self.mapping)?;
        let mut cells = self.cells(&rows.columns)?;
        let mut known = Known::default();
        let mut survey = Survey::default();
        for row in &mut rows {
            survey.rows += 1;
            let row = match row {
                Ok(row) => row,
                Err(slip) => {
                    self.refuse(&mut survey, slip.into(), 0)?;
                    continue;
                }
            };
            let mut finder = Finder {
                session: &self.session,
                reader: &reader,
                known: &mut known,
                making: Making::Counted,
            };
            self.check(&definition, &row, &mut cells, &mut finder, &mut survey)?;
            if self.tell(watch, Phase::Checking, (survey.rows, None), &bytes).is_break() {
                return Err(Refusal::Busy.into());
            }
        }
        survey.references = known.made;
        Ok(survey)
    }

    fn check(
        &self,
        definition: &RecordType,
        row: &FileRow,
        cells: &mut Cells,
        finder: &mut Finder,
        survey: &mut Survey,
    ) -> Result<()> {
        let mapping = self.mapping;
        let group = group_of(mapping, cells, row);
        let mut read = read_row(mapping, cells, row, finder)?;
        if let Some(replay) = &mapping.replay {
            read.refused.extend(cells.instant(&replay.at, row).err());
            if let Some(actor) = &replay.actor {
                read.refused.extend(cells.far_end(actor, row, finder)?.err());
            }
        }
        let is_new = survey.last.insert(group.clone(), survey.rows).is_none();
        if read.refused.is_empty() && (is_new || mapping.replay.is_none()) {
            let existing = finder_key(finder, definition, mapping, &read.values)?;
            match existing {
                Some(_) => survey.existing += usize::from(is_new),
                None => survey.created += usize::from(is_new),
            }
            if mapping.replay.is_none() {
                read.refused.extend(self.ask(existing, row, &read, finder.reader)?);
            }
        }
        if !read.refused.is_empty() {
            survey.refused.insert(group);
        }
        for (which, refused) in read.refused.into_iter().enumerate() {
            self.refuse(survey, refused, which)?;
        }
        Ok(())
    }

    fn refuse(&self, survey: &mut Survey, refused: Refused, which: usize) -> Result<()> {
        if let Some(hears) = self.hears {
            hears(&refused, which)?;
        }
        survey.refusals.add(refused);
        Ok(())
    }

    /// Asks what the engine would say to the row as a command.
    fn ask(
        &self,
        existing: Option<Key>,
        row: &FileRow,
        read: &RowRead,
        reader: &Reader,
    ) -> Result<Option<Refused>> {
        let order = self.order(existing, read, reader)?;
        match self.session.rehearse(&order) {
            Ok(()) => Ok(None),
            Err(Error::Refused(refusal)) => Ok(Some(refused_by(row, &refusal))),
            Err(fault) => Err(fault),
        }
    }

    /// A row as a command: an edit of the record that is there, or a creation.
    pub(super) fn order(
        &self,
        existing: Option<Key>,
        read: &RowRead,
        reader: &Reader,
    ) -> Result<Order> {
        let mut values = read.values.clone();
        let command = match existing {
            None => {
                values.retain(|(_, value)| value.is_set());
                let pairs = self.mapping.links.iter().zip(&read.links);
                let own = pairs.filter(|(taken, far)| !taken.inverse && far.is_some());
                let links =
                    own.map(|(taken, far)| (taken.told.clone(), far.iter().copied().collect()));
                Command::Create { values, links: links.collect() }
            }
            Some(key) => {
                let definition = reader.catalogue.record_type(&self.mapping.record_type);
                let before = match definition {
                    Some(definition) => reader.record(definition, key)?,
                    None => None,
                };
                // What is as it was needs no right to be changed.
                values.retain(|(name, value)| {
                    before.as_ref().is_none_or(|before| before.field(name) != *value)
                });
                Command::Edit { values }
            }
        };
        let record_type = self.mapping.record_type.clone();
        Ok(Order { record_type, key: existing, command, base: None, idempotency: None })
    }
}

pub fn refused_by(row: &FileRow, refusal: &Refusal) -> Refused {
    let slip = slip_of(refusal);
    Refused { row: row.number, column: String::new(), en: slip.en, zh: slip.zh }
}

/// The record that the values of the key name, if it is there.
pub fn finder_key(
    finder: &Finder,
    definition: &RecordType,
    mapping: &Mapping,
    values: &[(Name, Value)],
) -> Result<Option<Key>> {
    let of = |field: &Name| values.iter().find(|(name, _)| name == field).map(|(_, value)| value);
    let is_constant = |field: &&Name| {
        let taken = mapping.fields.iter().find(|taken| taken.field == ***field);
        taken.is_some_and(|taken| taken.from.columns.is_empty())
    };
    // The field that differs from record to record finds few; the others only confirm.
    let best = mapping.key.iter().find(|field| !is_constant(field)).or(mapping.key.first());
    let Some((field, value)) = best.and_then(|field| Some((field, of(field)?))) else {
        return Ok(None);
    };
    for key in finder.find(definition, field, value)? {
        let Some(record) = finder.reader.record(definition, key)? else { continue };
        if mapping.key.iter().all(|field| of(field) == Some(&record.field(field))) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
