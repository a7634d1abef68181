//! The first rows of a file: what stands in its columns, and what they would become by a mapping;
//! and the rows that were refused, written out again as a file to be mended.

use super::cells::Cells;
use super::guess::{Seen, guess, is_fillable};
use super::known::{Finder, Known, Making};
use super::lines;
use super::refused::Refused;
use super::sketch::Sketch;
use super::survey::{RowRead, finder_key, read_row, refused_by};
use super::{Importer, load};
use crate::command::Command;
use crate::field::{self, Style};
use crate::file::{Cell, CellText, FileRow, Format, Writer, Writing};
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{Error, Result};
use crate::session::Session;
use model::definition::{Field, RecordType};
use model::{Language, Name};
use std::io::Write;
use store::core::import_run::ImportRun;

/// Rows that are looked at for a guess.
const LOOKED_AT: usize = 200;
/// Refusals read at a time.
const PAGE: usize = 500;

/// The head of a file, and what it would become.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Every column with the texts of the first rows.
    pub columns: Vec<Seen>,
    pub rows: Vec<SampleRow>,
    /// What is wrong with the mapping as a whole, such as a column that is not there.
    pub wrong: Vec<Refused>,
}

/// One of the first rows.
#[derive(Debug, Clone)]
pub struct SampleRow {
    pub number: usize,
    pub deed: Deed,
    /// Field names and their values as the reader reads them.
    pub values: Vec<(Name, String)>,
    pub refused: Vec<Refused>,
}

/// What would be done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Create,
    Edit,
    /// The record is there as the row says.
    Nothing,
    Refuse,
}

impl Session {
    /// The first mapping of a file that is kept.
    pub(super) fn guess_import(&self, run: &ImportRun) -> Result<Sketch> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &run.record_type)?;
        let columns = self.columns(run, &crate::file::Reading::default())?;
        let may = |field: &Field| self.may_see_field(&definition, &field.name);
        let zone = self.actor.zone.iana_name().unwrap_or("UTC").to_string();
        Ok(guess(&catalogue.model, &definition, &columns, &zone, &may))
    }

    /// A fresh guess for an import that is kept.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub fn guess_again(&self, id: &str) -> Result<Sketch> {
        self.guess_import(&self.import_run(id)?)
    }

    /// The fields that an import of such records may fill.
    pub fn fillable<'d>(&self, definition: &'d RecordType) -> Vec<&'d Field> {
        let may =
            |field: &&Field| is_fillable(field) && self.may_see_field(definition, &field.name);
        definition.fields.values().filter(may).collect()
    }

    /// The columns of the file as they are, by its own mapping; as many texts of each as `texts`.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `Malformed` where the file cannot be read as the mapping says.
    pub fn import_columns(&self, id: &str) -> Result<Vec<Seen>> {
        let run = self.import_run(id)?;
        let reading = self.reading_of(&run);
        self.columns(&run, &reading)
    }

    /// How the file is read: as the mapping says, where it can be read.
    fn reading_of(&self, run: &ImportRun) -> crate::file::Reading {
        let catalogue = self.engine.catalogue();
        let rules = run.rules.as_deref().unwrap_or_default();
        load(&catalogue.model, "mapping.toml", rules).map(|m| m.reading).unwrap_or_default()
    }

    fn columns(&self, run: &ImportRun, reading: &crate::file::Reading) -> Result<Vec<Seen>> {
        let mut rows = self.kept_file(run)?.rows(reading)?;
        let named = |name: &String| Seen { name: name.clone(), texts: Vec::new() };
        let mut columns: Vec<Seen> = rows.columns.iter().map(named).collect();
        for row in rows.by_ref().take(LOOKED_AT) {
            let Ok(row) = row else { continue };
            for (column, cell) in columns.iter_mut().zip(&row.cells) {
                let text = cell.as_ref().map(CellText::text).filter(|text| !text.trim().is_empty());
                column.texts.extend(text.map(|text| text.into_owned()));
            }
        }
        Ok(columns)
    }

    /// What the first rows would become, and what is wrong with them.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `Malformed` where file or mapping cannot be read.
    pub fn import_sample(&self, id: &str, most: usize) -> Result<Sample> {
        let run = self.import_run(id)?;
        let mapping = self.mapping_of(&run, run.rules.as_deref().unwrap_or_default())?;
        let kept = self.kept_file(&run)?;
        let columns = self.columns(&run, &mapping.reading)?;
        let mut rows = kept.rows(&mapping.reading)?;
        let mut sample = Sample { columns, ..Sample::default() };
        let names = rows.columns.clone();
        let mut cells = match Cells::new(&mapping, &names) {
            Ok(cells) => cells,
            Err(missing) => {
                sample.wrong = missing.iter().map(|name| no_column(name)).collect();
                return Ok(sample);
            }
        };
        let open = || Ok(kept.open());
        let importer = Importer::new(self, &mapping, kept.input(&open))?;
        let mut known = Known::default();
        for row in rows.by_ref().take(most) {
            match row {
                Ok(row) => sample.rows.push(importer.would(&row, &mut cells, &mut known)?),
                Err(slip) => sample.wrong.push(slip.into()),
            }
        }
        Ok(sample)
    }

    /// Writes the rows that were refused as CSV: as they stand in the file, with their number and
    /// the reason in the reader's language.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; a failed write.
    pub fn write_refused(&self, id: &str, out: &mut (dyn Write + Send)) -> Result<()> {
        let run = self.import_run(id)?;
        let mut rows = self.kept_file(&run)?.rows(&self.reading_of(&run))?;
        let zh = self.language() == Language::ZH;
        let (number, why) = if zh { ("行号", "原因") } else { ("Row", "Reason") };
        let writing =
            Writing { format: Format::Csv, mark: true, sheet: String::new(), created: self.now };
        let mut writer = Writer::new(out, &writing).map_err(broken)?;
        let mut heads: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
        heads.extend([number, why]);
        writer.start(&heads).map_err(broken)?;
        let width = heads.len() - 2;
        let mut waiting: Option<(usize, String)> = None;
        let mut before = i64::MAX;
        loop {
            let page = self.refusal_lines(&run, before, PAGE)?;
            for line in &page {
                before = line.entry_key;
                let refused = lines::refusal(line);
                let said = reason(&refused, self.language());
                match &mut waiting {
                    Some((row, all)) if *row == refused.row => {
                        all.push(' ');
                        all.push_str(&said);
                    }
                    _ => {
                        let last = waiting.replace((refused.row, said));
                        write_row(&mut writer, &mut rows, last, width)?;
                    }
                }
            }
            if page.len() < PAGE {
                break;
            }
        }
        write_row(&mut writer, &mut rows, waiting, width)?;
        writer.finish().map_err(broken).map(drop)
    }
}

/// The row of the file with this number, and why it was refused.
fn write_row<W: Write + Send>(
    writer: &mut Writer<W>,
    rows: &mut crate::file::Rows,
    refused: Option<(usize, String)>,
    width: usize,
) -> Result<()> {
    let Some((number, said)) = refused else { return Ok(()) };
    let found = rows.by_ref().find_map(|row| match row {
        Ok(row) if row.number < number => None,
        Ok(row) => Some(row.cells),
        Err(slip) if slip.row.is_some_and(|row| row < number) => None,
        Err(_) => Some(Vec::new()),
    });
    let cell = |cell: Option<CellText>| cell.map_or(Cell::Empty, |c| Cell::Text(c.text().into()));
    let mut cells: Vec<Cell> = found.unwrap_or_default().into_iter().map(cell).collect();
    cells.resize(width, Cell::Empty);
    cells.push(Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
    cells.push(Cell::Text(said));
    writer.row(&cells).map_err(broken)
}

fn reason(refused: &Refused, language: Language) -> String {
    let said = if language == Language::ZH { &refused.zh } else { &refused.en };
    match (refused.column.as_str(), language == Language::ZH) {
        ("", _) => said.clone(),
        (column, false) => format!("{column}: {said}"),
        (column, true) => format!("{column}：{said}"),
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::Fault(format!("a table was not written: {error}"))
}

fn no_column(name: &str) -> Refused {
    Refused {
        row: 0,
        column: name.to_string(),
        en: "The file has no such column.".into(),
        zh: "文件中没有此列。".into(),
    }
}

impl Importer<'_> {
    /// What a row would become.
    fn would(&self, row: &FileRow, cells: &mut Cells, known: &mut Known) -> Result<SampleRow> {
        let catalogue = self.session.engine.catalogue();
        let definition = self.session.definition(&catalogue, &self.mapping.record_type)?;
        let snapshot = self.session.engine.database().snapshot()?;
        let reader = self.session.reader(&snapshot, &catalogue);
        let making = Making::Counted;
        let mut finder = Finder { session: &self.session, reader: &reader, known, making };
        let mut read = read_row(self.mapping, cells, row, &mut finder)?;
        let mut deed = Deed::Refuse;
        if read.refused.is_empty() {
            let existing = finder_key(&finder, &definition, self.mapping, &read.values)?;
            let order = self.order(existing, &read, &reader)?;
            deed = match &order.command {
                Command::Create { .. } => Deed::Create,
                Command::Edit { values } if values.is_empty() => Deed::Nothing,
                _ => Deed::Edit,
            };
            if deed != Deed::Nothing {
                match self.session.rehearse(&order) {
                    Ok(()) => {}
                    Err(Error::Refused(refusal)) => read.refused.push(refused_by(row, &refusal)),
                    Err(fault) => return Err(fault),
                }
            }
        }
        if !read.refused.is_empty() {
            deed = Deed::Refuse;
        }
        let values = self.shown(&definition, &read, &reader)?;
        Ok(SampleRow { number: row.number, deed, values, refused: read.refused })
    }

    fn shown(
        &self,
        definition: &RecordType,
        read: &RowRead,
        reader: &Reader,
    ) -> Result<Vec<(Name, String)>> {
        let cards = Cards::new(&self.session, reader);
        cards.fetch_of(read.values.iter().map(|(_, value)| value))?;
        let (language, zone) = (self.session.language(), &self.session.actor().zone);
        let style = Style { language, zone, names: &cards };
        let one = |(name, value): &(Name, model::Value)| {
            let kind = definition.fields.get(name).map(|field| &field.kind);
            let text = kind.map(|kind| field::text(kind, value, &style)).unwrap_or_default();
            (name.clone(), text)
        };
        Ok(read.values.iter().map(one).collect())
    }
}
