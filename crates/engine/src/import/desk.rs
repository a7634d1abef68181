//! Imports that are prepared in the program: a file is kept, columns are mapped, the whole file is
//! checked, then it is written, and what was written can be taken back. Each step is asked for
//! here; what takes long is a job (`work`). Those that operators run by the command line stand in
//! the same list.

use super::facts::{
    CHECKING, DRAFT, Facts, Left, MAPPING, NewImport, RUNNING, STOPPED, Stage, Taking, UNDOING,
    file_name, undone, written,
};
use super::kept::Kept;
use super::lines;
use super::load::load;
use super::mapping::Mapping;
use super::refused::Refused;
use super::work;
use crate::field::Names;
use crate::names::Cards;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use store::core::blob::{self, PutError};
use store::core::import_line::{self, ImportLine, Which};
use store::core::import_run::{self, ImportRun};
use store::core::{attachment, job};
use store::{Cell, Failure, Unit};

impl Session {
    /// Imports, the latest first.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; a failed read.
    pub fn imports(&self, most: usize) -> Result<Vec<Facts>> {
        self.demand_importer()?;
        let all = import_run::list(self.engine.database(), most)?;
        Ok(all.iter().map(|run| Facts::of(run, true)).collect())
    }

    /// One import, counted as it stands now.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub fn import_facts(&self, id: &str) -> Result<Facts> {
        let run = self.import_run(id)?;
        let database = self.engine.database();
        let is_kept = blob::find(database, &run.input)?.is_some();
        let mut facts = Facts::of(&run, is_kept);
        let counts = import_line::counts(database, id)?;
        match facts.stage {
            Stage::Running | Stage::Stopped | Stage::Failed if run.done > 0 => {
                facts.tally.written = Some(written(&counts));
            }
            // What the command line wrote was not counted when it ended.
            Stage::Done if facts.tally.written.is_none() => {
                facts.tally.written = Some(written(&counts));
            }
            Stage::Undoing => facts.tally.undone = Some(undone(&counts)),
            _ => {}
        }
        Ok(facts)
    }

    /// Keeps a file that is to be imported, and makes a first mapping; answers the import's id.
    ///
    /// # Errors
    /// `NotAllowed`; `TooLarge`; `Malformed` where it is no table that can be read: nothing is
    /// kept then.
    pub fn new_import(&self, new: NewImport) -> Result<String> {
        self.demand_importer()?;
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, new.record_type)?;
        if definition.is_abstract || !self.may_create_type(&definition.name) {
            let en = "Choose what the rows are; you may create no such records.";
            return Err(
                Refusal::field("record_type", en, "请选择记录类型；您无权新建此类记录。").into()
            );
        }
        let database = self.engine.database();
        let stored = blob::put(database, new.content, new.most, self.now);
        let stored = stored.map_err(|error| refused(error, new.most))?;
        let mut run = ImportRun {
            id: crate::world::uuid(self.engine.world()).simple().to_string().into(),
            record_type: definition.name.as_str().into(),
            mapping: "".into(),
            input: stored.sha256.clone(),
            actor: self.actor.name.as_str().into(),
            rows: 0,
            done: 0,
            records: 0,
            entries: 0,
            started_at: self.now,
            changed_at: self.now,
            finished_at: None,
            file: Some(file_name(new.name).into()),
            bytes: Some(stored.bytes),
            account_key: self.actor.account.map(|key| key.0),
            state: Some(DRAFT.into()),
            rules: None,
            found: None,
            fault: None,
            undone_at: None,
        };
        let guessed = self.guess_import(&run);
        match guessed {
            Ok(sketch) => run.rules = Some(sketch.to_toml().into()),
            Err(error) => {
                self.forget_content(&run.input)?;
                return Err(error);
            }
        }
        let mut unit = Unit::new();
        import_run::begin(&mut unit, &run);
        database.write(unit)?;
        Ok(run.id.to_string())
    }

    /// Keeps another mapping, whole or not; what a check has found counts no longer.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `TooLarge`; `OtherStage` where the import is past this.
    pub fn keep_mapping(&self, id: &str, rules: &str) -> Result<()> {
        let run = self.import_run(id)?;
        if rules.len() > MAPPING {
            let limit = format!("{} KiB", MAPPING >> 10);
            return Err(Refusal::TooLarge { what: "mapping".into(), limit }.into());
        }
        self.demand_unwritten(&run)?;
        let mut unit = Unit::new();
        import_line::clear(&mut unit, id, lines::FOUND);
        let set = [
            ("rules", rules.into()),
            ("state", DRAFT.into()),
            ("found", Cell::Null),
            ("fault", Cell::Null),
            ("changed_at", self.engine.now().into()),
        ];
        self.change(unit, &run, &set)
    }

    /// Asks for the whole file to be checked.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `Malformed` with what is wrong in the mapping; `OtherStage` where
    /// the import is past this.
    pub fn check_import(&self, id: &str) -> Result<()> {
        let run = self.import_run(id)?;
        self.mapping_of(&run, run.rules.as_deref().unwrap_or_default())?;
        self.demand_unwritten(&run)?;
        self.begin_work(&run, CHECKING)
    }

    /// Asks for the import to be written, or to go on.
    ///
    /// # Errors
    /// As [`Session::check_import`].
    pub fn run_import(&self, id: &str) -> Result<()> {
        let run = self.import_run(id)?;
        self.mapping_of(&run, run.rules.as_deref().unwrap_or_default())?;
        self.demand_stage(&run, &[Stage::Checked, Stage::Stopped, Stage::Failed])?;
        self.begin_work(&run, RUNNING)
    }

    /// Stops the check or the import; what was written stays.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `OtherStage` where nothing is at work on it.
    pub fn stop_import(&self, id: &str) -> Result<()> {
        let run = self.import_run(id)?;
        let to = match Stage::of(&run) {
            Stage::Checking => DRAFT,
            Stage::Running => STOPPED,
            _ => return Err(Refusal::OtherStage.into()),
        };
        self.change(Unit::new(), &run, &[("state", to.into())])
    }

    /// What taking the import back would touch.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `OtherStage` where it cannot be taken back: it is at work, was
    /// taken back already or has replayed a history.
    pub fn taking_back(&self, id: &str) -> Result<Taking> {
        let run = self.import_run(id)?;
        self.demand_stage(&run, &[Stage::Done, Stage::Stopped, Stage::Failed])?;
        let database = self.engine.database();
        let told = written(&import_line::counts(database, id)?);
        if told.created + told.updated + told.linked + told.references == 0 {
            let en = "This import has written nothing that can be taken back.";
            let zh = "此次导入没有可撤销的内容。";
            return Err(Refusal::Malformed { en: en.into(), zh: zh.into() }.into());
        }
        Ok(Taking {
            created: told.created,
            updated: told.updated,
            linked: told.linked,
            references: told.references,
            changed_since: import_line::changed_since(database, id)?,
        })
    }

    /// Asks for the import to be taken back, as far as nobody has changed since what it wrote.
    ///
    /// # Errors
    /// As [`Session::taking_back`].
    pub fn take_back(&self, id: &str) -> Result<()> {
        self.taking_back(id)?;
        let run = self.import_run(id)?;
        self.begin_work(&run, UNDOING)
    }

    /// Forgets an import that has written nothing, and its file.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`; `OtherStage` where it has begun.
    pub fn forget_import(&self, id: &str) -> Result<()> {
        let run = self.import_run(id)?;
        self.demand_unwritten(&run)?;
        let mut unit = Unit::new();
        import_run::remove(&mut unit, id, Stage::of(&run).as_str());
        import_line::clear(&mut unit, id, lines::FOUND);
        self.engine.database().write(unit).map_err(overtaken)?;
        self.forget_content(&run.input)
    }

    /// A page of refusals, in the order of the file, and the cursor for the next: those of the
    /// check, or of the import once it has begun.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub fn import_refusals(
        &self,
        id: &str,
        after: Option<i64>,
        most: usize,
    ) -> Result<(Vec<Refused>, Option<i64>)> {
        let run = self.import_run(id)?;
        let page = self.refusal_lines(&run, after.unwrap_or(i64::MAX), most)?;
        let next = page.last().filter(|_| page.len() == most).map(|line| line.entry_key);
        Ok((page.iter().map(lines::refusal).collect(), next))
    }

    pub(super) fn refusal_lines(
        &self,
        run: &ImportRun,
        before: i64,
        most: usize,
    ) -> Result<Vec<ImportLine>> {
        let is_begun = run.done > 0 || !matches!(Stage::of(run), Stage::Checked | Stage::Failed);
        let kind = if is_begun { lines::REFUSED } else { lines::FOUND };
        Ok(import_line::page(self.engine.database(), &run.id, Which::Kind(kind), before, most)?)
    }

    /// Records that taking the import back has left alone, and the cursor for the next.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub fn import_left(
        &self,
        id: &str,
        before: Option<i64>,
        most: usize,
    ) -> Result<(Vec<Left>, Option<i64>)> {
        self.import_run(id)?;
        let (database, before) = (self.engine.database(), before.unwrap_or(i64::MAX));
        let page = import_line::page(database, id, Which::Outcome(lines::LEFT), before, most)?;
        let next = page.last().filter(|_| page.len() == most).map(|line| line.entry_key);
        let catalogue = self.engine.catalogue();
        let snapshot = database.snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = Cards::new(self, &reader);
        cards.fetch(page.iter().map(|line| line.record_key))?;
        let left = page.iter().map(|line| Left {
            row: line.row,
            record: cards.card(line.record_key),
            why: lines::refusal(line),
        });
        Ok((left.collect(), next))
    }

    /// Imports are for those who administer, and for the system.
    fn demand_importer(&self) -> Result<()> {
        if self.actor.is_system { Ok(()) } else { self.demand_administrator() }
    }

    pub(super) fn import_run(&self, id: &str) -> Result<ImportRun> {
        self.demand_importer()?;
        let found = import_run::find(self.engine.database(), id)?;
        found.ok_or_else(|| Refusal::NotFound { what: id.to_string() }.into())
    }

    /// The mapping, checked, for the record type that the file was brought for.
    pub(super) fn mapping_of(&self, run: &ImportRun, rules: &str) -> Result<Mapping> {
        let catalogue = self.engine.catalogue();
        let mapping = load(&catalogue.model, "mapping.toml", rules).map_err(|problems| {
            let said = problems.to_string();
            Refusal::Malformed { en: said.clone(), zh: said }
        })?;
        if mapping.replay.is_some() {
            let en = "A history is replayed by an operator: evenkeel import. Take out [replay].";
            let zh = "历史回放只能由运维人员用 evenkeel import 执行，请删除 [replay]。";
            return Err(Refusal::Malformed { en: en.into(), zh: zh.into() }.into());
        }
        if *mapping.record_type != *run.record_type {
            let (wanted, given) = (&run.record_type, &mapping.record_type);
            let en = format!("The file was brought for {wanted}; the mapping is for {given}.");
            let zh = format!("该文件用于导入 {wanted}，而映射针对的是 {given}。");
            return Err(Refusal::Malformed { en, zh }.into());
        }
        Ok(mapping)
    }

    fn demand_stage(&self, run: &ImportRun, any: &[Stage]) -> Result<()> {
        if any.contains(&Stage::of(run)) { Ok(()) } else { Err(Refusal::OtherStage.into()) }
    }

    fn demand_unwritten(&self, run: &ImportRun) -> Result<()> {
        self.demand_stage(run, &[Stage::Draft, Stage::Checked, Stage::Failed])?;
        if run.done == 0 { Ok(()) } else { Err(Refusal::OtherStage.into()) }
    }

    /// The import is at work from now on: the state and the job are one unit.
    fn begin_work(&self, run: &ImportRun, state: &str) -> Result<()> {
        let mut unit = Unit::new();
        if state == RUNNING {
            // From here on what is refused is what is left out.
            import_line::clear(&mut unit, &run.id, lines::FOUND);
        }
        let now = self.engine.now();
        let body = work::body(&run.id, self.actor.account);
        let unique_key = format!("import:{}", run.id);
        let new = job::NewJob {
            key: self.engine.next_job()?,
            queue: work::QUEUE,
            kind: work::KIND,
            unique_key: Some(&unique_key),
            body: &body,
            due_at: now,
            now,
        };
        job::enqueue(&mut unit, &new);
        let set = [("state", state.into()), ("fault", Cell::Null), ("changed_at", now.into())];
        self.change(unit, run, &set)
    }

    fn change(&self, mut unit: Unit, run: &ImportRun, set: &[(&str, Cell)]) -> Result<()> {
        // A row that an older program wrote says nothing of its state.
        match run.state.as_deref() {
            Some(state) => import_run::change(&mut unit, &run.id, state, set),
            None => unit.update_where("import_run", set, &[("id", (&*run.id).into())], Some(1)),
        }
        self.engine.database().write(unit).map_err(overtaken)
    }

    /// Takes a content out that nothing else refers to.
    fn forget_content(&self, sha256: &str) -> Result<()> {
        let database = self.engine.database();
        let is_used = import_run::of_input(database, sha256)? > 0
            || !attachment::of_content(database, sha256)?.is_empty();
        if is_used { Ok(()) } else { Ok(blob::erase(database, sha256)?) }
    }

    pub(super) fn kept_file(&self, run: &ImportRun) -> Result<Kept> {
        Kept::of(&self.engine, run)
    }
}

/// Somebody else was faster.
fn overtaken(failure: Failure) -> Error {
    match failure {
        Failure::Conflict { .. } => Refusal::OtherStage.into(),
        other => other.into(),
    }
}

fn refused(error: PutError, most: u64) -> Error {
    match error {
        PutError::TooLarge => {
            let limit = format!("{} MiB", most >> 20);
            Refusal::TooLarge { what: "file".into(), limit }.into()
        }
        PutError::Source(_) => {
            let en = "The upload broke off; send the file again.".into();
            Refusal::Malformed { en, zh: "上传中断，请重新发送文件。".into() }.into()
        }
        PutError::Store(failure) => failure.into(),
    }
}
