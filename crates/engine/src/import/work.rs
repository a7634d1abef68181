//! The work on imports that somebody has asked for, on a queue of its own: an import may take
//! longer than a timer can wait. A job that was killed is taken up again by whoever claims it, and
//! goes on where the rows of the database say it was.

use super::facts::{self, CHECKED, CHECKING, DONE, FAILED, RUNNING, UNDOING, UNDONE};
use super::{Importer, Mapping, Progress, lines, undo};
use crate::engine::Engine;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::Key;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::core::import_line;
use store::core::import_run::{self, ImportRun};
use store::core::job::{self, Job};
use store::{Cell, Failure, Unit};

pub(super) const QUEUE: &str = "import";
pub(super) const KIND: &str = "import";

/// How long a claim lasts without a word of progress, in microseconds.
const CLAIM: i64 = 60_000_000;
/// How often a job is tried that fails for reasons of the world.
const ATTEMPTS: i64 = 12;
/// Refusals written at a time.
const BATCH: usize = 200;

/// What a job needs to know.
pub(super) fn body(import: &str, account: Option<Key>) -> String {
    serde_json::json!({ "import": import, "account": account.map(|key| key.0) }).to_string()
}

/// Does what is due, one import after the other, and answers how many jobs ended. `goes_on` is
/// asked now and then: where it says no, the rest is left for later.
///
/// # Errors
/// A failed read or write; what was claimed comes up again by itself.
pub fn run_due(engine: &Engine, holder: &str, goes_on: &dyn Fn() -> bool) -> Result<usize> {
    let mut done = 0;
    while goes_on() {
        let now = engine.now();
        let claimed = job::claim(engine.database(), QUEUE, holder, now, now + CLAIM, 1)?;
        let Some(job) = claimed.first() else { break };
        run(engine, job, goes_on)?;
        done += 1;
    }
    Ok(done)
}

/// When the next one is due, in microseconds; none where nothing waits.
///
/// # Errors
/// A failed read.
pub fn next_due(engine: &Engine) -> Result<Option<i64>> {
    Ok(job::next_due(engine.database(), QUEUE)?)
}

fn run(engine: &Engine, job: &Job, goes_on: &dyn Fn() -> bool) -> Result<()> {
    let asked: serde_json::Value = serde_json::from_str(&job.body).unwrap_or_default();
    let id = asked["import"].as_str().unwrap_or_default();
    let account = asked["account"].as_i64().map(Key);
    let Some(run) = import_run::find(engine.database(), id)? else {
        return finish(engine, job, Unit::new());
    };
    let worked = session(engine, account).and_then(|session| {
        let work = Work { session, run: &run, job, goes_on };
        match run.state.as_deref() {
            Some(CHECKING) => work.check(),
            Some(RUNNING) => work.write(),
            Some(UNDOING) => work.undo(),
            _ => Ok(Ended::Over(Unit::new())),
        }
    });
    match worked {
        Ok(Ended::Over(unit)) => finish(engine, job, unit),
        Ok(Ended::Later) => again(engine, job, "the server stops"),
        Err(Error::Refused(refusal)) if !is_passing(&refusal) => fail(engine, job, &run, &refusal),
        Err(error) if job.attempts >= ATTEMPTS => {
            tracing::warn!(import = id, ?error, "an import was given up");
            fail(engine, job, &run, &Refusal::NotNow)
        }
        Err(error) => {
            tracing::warn!(import = id, ?error, "an import is tried again");
            let now = engine.now();
            let mut unit = Unit::new();
            job::retry_or_fail(&mut unit, job, now, &format!("{error:?}"), ATTEMPTS);
            kept(engine.database().write(unit))
        }
    }
}

/// Whose import it is: with the rights that they have now.
fn session(engine: &Engine, account: Option<Key>) -> Result<Session> {
    match account {
        None => Ok(Session::system(engine)),
        Some(account) => {
            let session = Session::new(engine, Arc::new(engine.actor(account)?));
            session.demand_administrator()?;
            Ok(session)
        }
    }
}

fn is_passing(refusal: &Refusal) -> bool {
    use Refusal::{Busy, Full, NotNow, SearchIncomplete, TooSlow, Unknown};
    matches!(refusal, Busy | Full | NotNow | SearchIncomplete | TooSlow | Unknown)
}

fn finish(engine: &Engine, job: &Job, mut unit: Unit) -> Result<()> {
    job::finish(&mut unit, job, engine.now());
    kept(engine.database().write(unit))
}

/// Gives a job back at once, for another process or the next start.
fn again(engine: &Engine, job: &Job, why: &str) -> Result<()> {
    let mut unit = Unit::new();
    job::retry(&mut unit, job, engine.now(), why);
    kept(engine.database().write(unit))
}

fn fail(engine: &Engine, job: &Job, run: &ImportRun, refusal: &Refusal) -> Result<()> {
    let mut unit = Unit::new();
    let set = [("state", FAILED.into()), ("fault", facts::fault_of(refusal).as_str().into())];
    import_run::change(&mut unit, &run.id, run.state.as_deref().unwrap_or_default(), &set);
    finish(engine, job, unit)
}

/// A conflict says that somebody else has the job, or has stopped the import meanwhile: what they
/// wrote counts.
fn kept(written: std::result::Result<(), Failure>) -> Result<()> {
    match written {
        Ok(()) | Err(Failure::Conflict { .. }) => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}

/// How a turn of work ended.
enum Ended {
    /// With what remains to be written together with the end of the job.
    Over(Unit),
    /// The process stops; the rest is for later.
    Later,
}

struct Work<'w> {
    session: Session,
    run: &'w ImportRun,
    job: &'w Job,
    goes_on: &'w dyn Fn() -> bool,
}

impl Work<'_> {
    fn mapping(&self) -> Result<Mapping> {
        self.session.mapping_of(self.run, self.run.rules.as_deref().unwrap_or_default())
    }

    /// Holds the claim, and says whether to go on: nobody has stopped the import, and the process
    /// is not told to end.
    fn holds(&self, state: &str) -> Result<bool> {
        let engine = self.session.engine();
        match job::extend(engine.database(), self.job, engine.now() + CLAIM) {
            Ok(()) => {}
            Err(Failure::Conflict { .. }) => return Ok(false),
            Err(failure) => return Err(failure.into()),
        }
        let now = import_run::find(engine.database(), &self.run.id)?;
        let stands = now.is_some_and(|run| run.state.as_deref() == Some(state));
        Ok(stands && (self.goes_on)())
    }

    fn watching<'s>(
        &'s self,
        state: &'static str,
    ) -> impl FnMut(&Progress) -> ControlFlow<()> + 's {
        move |progress| {
            let noted = match state {
                CHECKING => self.note_rows(progress.rows),
                _ => Ok(()),
            };
            match noted.and_then(|()| self.holds(state)) {
                Ok(true) => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        }
    }

    /// How many rows the check has read.
    fn note_rows(&self, rows: usize) -> Result<()> {
        let mut unit = Unit::new();
        let set = [("rows", i64::try_from(rows).unwrap_or(i64::MAX).into())];
        import_run::change(&mut unit, &self.run.id, CHECKING, &set);
        Ok(self.session.engine().database().write(unit)?)
    }

    fn stopped(&self) -> Ended {
        if (self.goes_on)() { Ended::Over(Unit::new()) } else { Ended::Later }
    }

    fn check(&self) -> Result<Ended> {
        let (mapping, kept) = (self.mapping()?, self.session.kept_file(self.run)?);
        let database = self.session.engine().database();
        let mut unit = Unit::new();
        import_line::clear(&mut unit, &self.run.id, lines::FOUND);
        database.write(unit)?;
        let waiting = RefCell::new(Unit::new());
        let hears = |refused: &super::Refused, which: usize| -> Result<()> {
            let line = lines::refused(&self.run.id, lines::FOUND, refused, which);
            let mut unit = waiting.borrow_mut();
            import_line::insert(&mut unit, &line);
            if unit.statements.len() >= BATCH {
                database.write(std::mem::take(&mut *unit))?;
            }
            Ok(())
        };
        let open = || Ok(kept.open());
        let importer = Importer::new(&self.session, &mapping, kept.input(&open))?.telling(&hears);
        let survey = match importer.survey(&mut self.watching(CHECKING)) {
            Ok(survey) => survey,
            Err(Error::Refused(refusal)) if *refusal == Refusal::Busy => return Ok(self.stopped()),
            Err(error) => return Err(error),
        };
        let checked = facts::Checked {
            rows: survey.rows,
            created: survey.created,
            existing: survey.existing,
            references: survey.references.values().sum(),
            refused: survey.refusals.count,
        };
        let tally = facts::Tally { checked: Some(checked), ..facts::Tally::default() };
        let rows = i64::try_from(survey.rows).unwrap_or(i64::MAX);
        let mut unit = waiting.take();
        self.change(&mut unit, (CHECKING, CHECKED), &tally, &[("rows", rows.into())])?;
        Ok(Ended::Over(unit))
    }

    fn write(&self) -> Result<Ended> {
        let (mapping, kept) = (self.mapping()?, self.session.kept_file(self.run)?);
        let open = || Ok(kept.open());
        let importer = Importer::new(&self.session, &mapping, kept.input(&open))?;
        let imported = importer.go_on(self.run, &mut self.watching(RUNNING))?;
        if !imported.finished {
            return Ok(self.stopped());
        }
        let engine = self.session.engine();
        let written = facts::written(&import_line::counts(engine.database(), &self.run.id)?);
        let tally = facts::Tally { written: Some(written), ..facts::tally(self.run) };
        let mut unit = Unit::new();
        let ends = [("finished_at", engine.now().into())];
        self.change(&mut unit, (RUNNING, DONE), &tally, &ends)?;
        Ok(Ended::Over(unit))
    }

    fn undo(&self) -> Result<Ended> {
        let mut goes_on = || self.holds(UNDOING);
        if !undo::take_back(&self.session, self.run, &mut goes_on)? {
            return Ok(self.stopped());
        }
        let mut unit = Unit::new();
        settle(self.session.engine(), self.run, &mut unit)?;
        Ok(Ended::Over(unit))
    }

    fn change(
        &self,
        unit: &mut Unit,
        (from, to): (&str, &str),
        tally: &facts::Tally,
        more: &[(&str, Cell)],
    ) -> Result<()> {
        change(self.session.engine(), unit, (&self.run.id, from, to), tally, more)
    }
}

/// The import was taken back.
fn settle(engine: &Engine, run: &ImportRun, unit: &mut Unit) -> Result<()> {
    let undone = facts::undone(&import_line::counts(engine.database(), &run.id)?);
    let tally = facts::Tally { undone: Some(undone), ..facts::tally(run) };
    let ends = [("undone_at", engine.now().into())];
    change(engine, unit, (&run.id, UNDOING, UNDONE), &tally, &ends)
}

fn change(
    engine: &Engine,
    unit: &mut Unit,
    (id, from, to): (&str, &str, &str),
    tally: &facts::Tally,
    more: &[(&str, Cell)],
) -> Result<()> {
    let found = serde_json::to_string(tally).map_err(|error| Error::Fault(error.to_string()))?;
    let mut set: Vec<(&str, Cell)> = vec![
        ("state", to.into()),
        ("found", found.as_str().into()),
        ("changed_at", engine.now().into()),
    ];
    set.extend(more.iter().cloned());
    import_run::change(unit, id, from, &set);
    Ok(())
}
