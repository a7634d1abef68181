//! Importing records from a file by a mapping: each row as a record, or as an event in the life of
//! one (replay). A file is read twice: first every row is checked, then it is written.
//!
//! | file | what |
//! | --- | --- |
//! | `load`, `toml_file`, `mapping` | the mapping file and what it says |
//! | `input`, `cells`, `known` | rows, their values, the records they name |
//! | `survey` | the first reading, which is also the dry run |
//! | `replay`, `story`, `write`, `clocks` | histories: from events to statements |
//! | `plain` | rows as commands |
//! | `lines` | what is noted of each row |
//! | `desk`, `facts`, `work`, `kept` | imports that are prepared and run in the program |
//! | `undo` | taking an import back |
//! | `sample` | what the first rows would become; the rows that were refused, as a file |
//! | `sketch`, `guess` | a mapping as a form shows it, and a first one by names and samples |
//!
//! An import that was killed goes on where it stopped: how far it has come is written with the
//! records themselves.

mod cells;
mod clocks;
mod desk;
mod facts;
mod guess;
mod input;
mod kept;
mod known;
mod lines;
mod load;
mod mapping;
mod plain;
mod refused;
mod replay;
mod sample;
mod sketch;
mod story;
mod survey;
mod toml_file;
mod undo;
pub mod work;
mod write;

pub use facts::{Facts, Left, MAPPING, NewImport, Stage, Taking, Tally};
pub use guess::{FORMATS, Seen, plan, translated};
pub use input::{Input, Open};
pub use load::load;
pub use mapping::Mapping;
pub use refused::{Refusals, Refused};
pub use sample::{Deed, Sample, SampleRow};
pub use sketch::{ColumnPlan, Sketch};
pub use survey::Survey;

use crate::refusal::{Act, Refusal, Result};
use crate::session::Session;
use cells::Cells;
use model::Name;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::Unit;
use store::core::import_run::{self, ImportRun};

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Checking,
    Writing,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub phase: Phase,
    pub rows: usize,
    /// Rows of the file, once they are known.
    pub of_rows: Option<usize>,
    /// Bytes of the file as it lies there.
    pub bytes: u64,
    pub of_bytes: u64,
}

/// Is told of progress; breaks to stop. A stopped import goes on with the next run.
pub type Watch<'w> = dyn FnMut(&Progress) -> ControlFlow<()> + 'w;

/// How often progress is told.
const TOLD_EVERY: usize = 64;

/// What an import has done.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// Names the import in history and in `import_run`.
    pub id: String,
    pub rows: usize,
    pub records: usize,
    pub entries: usize,
    /// Records that were there already and were left as they are.
    pub unchanged: usize,
    /// Records that others name and that were made, by record type.
    pub references: BTreeMap<Name, usize>,
    pub refusals: Refusals,
    /// Nothing was done: the same file was imported with the same mapping before.
    pub repeated: bool,
    /// False where it was stopped.
    pub finished: bool,
}

/// Imports one file by one mapping.
pub struct Importer<'a> {
    session: Session,
    mapping: &'a Mapping,
    input: Input<'a>,
    /// Hears of each refusal that a survey finds, with its number within the row.
    hears: Option<&'a Hears<'a>>,
}

/// See [`Importer::telling`].
type Hears<'a> = dyn Fn(&Refused, usize) -> Result<()> + 'a;

impl<'a> Importer<'a> {
    /// # Errors
    /// `NotAllowed` where a history is to be replayed by anybody but the system itself: no right
    /// and no rule stands in the way of a replay.
    pub fn new(session: &Session, mapping: &'a Mapping, input: Input<'a>) -> Result<Importer<'a>> {
        if mapping.replay.is_some() && !session.actor().is_system {
            return Err(Refusal::NotAllowed { act: Act::Administer }.into());
        }
        Ok(Importer { session: session.clone(), mapping, input, hears: None })
    }

    /// The same, telling each refusal as it is found: of many only the first are remembered.
    #[must_use]
    pub(crate) fn telling(self, hears: &'a Hears<'a>) -> Importer<'a> {
        Importer { hears: Some(hears), ..self }
    }

    /// Imports the file. Where rows are refused nothing is written, unless `leave_out` says that
    /// they (in a replay: their records) are to be left out.
    ///
    /// # Errors
    /// `Malformed` with the first refusal; a failed read or write, after which the next run goes
    /// on where this one stopped.
    pub fn run(&self, leave_out: bool, watch: &mut Watch) -> Result<Imported> {
        let (id, input) = self.id()?;
        let before = import_run::find(self.session.engine.database(), &id)?;
        if before.as_ref().is_some_and(|run| run.finished_at.is_some()) {
            return Ok(Imported { id, repeated: true, finished: true, ..Imported::default() });
        }
        let survey = self.survey(watch)?;
        if survey.refusals.count > 0 && !leave_out {
            return Err(refused(&survey.refusals).into());
        }
        let begun = match before {
            Some(run) => run,
            None => self.begin(&id, &input, survey.rows)?,
        };
        let mut imported = match &self.mapping.replay {
            Some(replay) => self.replay(replay, &begun, &survey, watch)?,
            None => self.plain(&begun, Some(&survey), watch)?,
        };
        imported.refusals.count += survey.refusals.count;
        imported.refusals.list.splice(0..0, survey.refusals.list);
        if imported.finished {
            let mut unit = Unit::new();
            import_run::finish(&mut unit, &id, facts::DONE, self.session.engine.now());
            self.session.engine.database().write(unit)?;
            self.session.engine.database().optimize()?;
        }
        Ok(Imported { id, ..imported })
    }

    /// Goes on with an import that was begun, without a survey: each row is judged as it comes,
    /// and those that are refused are left out and noted.
    ///
    /// # Errors
    /// `Busy` where another process goes on with it; a failed read or write, after which it can be
    /// gone on with.
    pub(crate) fn go_on(&self, begun: &ImportRun, watch: &mut Watch) -> Result<Imported> {
        Ok(Imported { id: begun.id.to_string(), ..self.plain(begun, None, watch)? })
    }

    /// What names this import: the same file by the same mapping is the same import, unless that
    /// was taken back.
    fn id(&self) -> Result<(String, String)> {
        let input = self.input.sha256()?;
        let mut hasher = Sha256::new();
        hasher.update(self.mapping.sha256);
        hasher.update(input);
        let own = hex::encode(&hasher.finalize()[..12]);
        let is_undone = |id: &str| -> Result<bool> {
            let found = import_run::find(self.session.engine.database(), id)?;
            Ok(found.is_some_and(|run| run.undone_at.is_some()))
        };
        let (mut id, mut time) = (own.clone(), 1);
        while is_undone(&id)? {
            time += 1;
            id = format!("{own}-{time}");
        }
        Ok((id, hex::encode(input)))
    }

    fn begin(&self, id: &str, input: &str, rows: usize) -> Result<ImportRun> {
        let now = self.session.engine.now();
        let run = ImportRun {
            id: id.into(),
            record_type: self.mapping.record_type.as_str().into(),
            mapping: hex::encode(self.mapping.sha256).into(),
            input: input.into(),
            actor: self.session.actor().name.as_str().into(),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            done: 0,
            records: 0,
            entries: 0,
            started_at: now,
            changed_at: now,
            finished_at: None,
            file: Some(facts::file_name(self.input.name).into()),
            bytes: i64::try_from(self.input.bytes).ok(),
            account_key: self.session.actor().account.map(|key| key.0),
            state: Some(facts::RUNNING.into()),
            rules: None,
            found: None,
            fault: None,
            undone_at: None,
        };
        let mut unit = Unit::new();
        import_run::begin(&mut unit, &run);
        self.session.engine.database().write(unit)?;
        Ok(run)
    }

    fn cells(&self, columns: &[String]) -> Result<Cells<'_>> {
        Cells::new(self.mapping, columns).map_err(|missing| {
            let there = columns.join(", ");
            let missing = missing.join(", ");
            let en = format!("The file has no column {missing}; it has {there}.");
            let zh = format!("文件中没有列 {missing}；现有列：{there}。");
            Refusal::Malformed { en, zh }.into()
        })
    }

    fn tell(
        &self,
        watch: &mut Watch,
        phase: Phase,
        (rows, of_rows): (usize, Option<usize>),
        bytes: &Arc<AtomicU64>,
    ) -> ControlFlow<()> {
        if rows % TOLD_EVERY != 0 && of_rows != Some(rows) {
            return ControlFlow::Continue(());
        }
        let bytes = bytes.load(Ordering::Relaxed);
        watch(&Progress { phase, rows, of_rows, bytes, of_bytes: self.input.bytes })
    }
}

fn refused(refusals: &Refusals) -> Refusal {
    use model::Language;
    let first = |language| refusals.list.first().map(|r| r.text(language)).unwrap_or_default();
    let count = refusals.count;
    Refusal::Malformed {
        en: format!("{count} refused; nothing was written. First: {}", first(Language::EN)),
        zh: format!("{count} 处被拒绝，未写入任何内容。第一处：{}", first(Language::ZH)),
    }
}
