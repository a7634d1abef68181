//! What those who administer see of the running of the house: the ledger and the check of all of
//! it, jobs, whether the database answers.

use crate::access::{Whence, event};
use crate::engine::Engine;
use crate::perform::QUEUE;
use crate::refusal::{Error, Refusal, Result};
use crate::sealer;
use crate::session::Session;
use ledger::{Body, Hash, Problem, Report, Trust, Verifier, VerifyingKey};
use store::core::{definition, job, seal};
use store::sql::Dialect;
use store::{Failure, Unit};

pub use store::core::job::Counts;

/// Entries read at a time.
const PAGE: usize = 2000;

/// How long a check may take that somebody waits for, in microseconds.
const PATIENCE: i64 = 10_000_000;

/// The ledger as it stands.
#[derive(Debug, Clone)]
pub struct LedgerFacts {
    /// Entries that have their position.
    pub size: u64,
    /// Entries that wait for theirs.
    pub waiting: u64,
    /// The newest checkpoints, newest first.
    pub checkpoints: Vec<Signed>,
    /// The key that others verify with, as they write it; none where this process knows none.
    pub key: Option<String>,
}

/// A signed checkpoint.
#[derive(Debug, Clone)]
pub struct Signed {
    pub size: i64,
    /// Microseconds.
    pub at: i64,
    /// The note, with its signature.
    pub note: String,
}

/// What a check of the ledger found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Entries read.
    pub size: u64,
    /// How far signed checkpoints agree.
    pub signed: u64,
    /// All that is wrong; none where the ledger is as it was sealed.
    pub problem_count: u64,
    /// The first of them, each in English and in Chinese.
    pub problems: Vec<[String; 2]>,
}

/// The work that is done later.
#[derive(Debug, Clone)]
pub struct JobFacts {
    pub count: Counts,
    /// Open jobs whose time has come, the longest due first.
    pub overdue: Vec<Job>,
    /// The other open ones, the next due first.
    pub waiting: Vec<Job>,
    /// The latest first.
    pub failed: Vec<Job>,
}

/// A job, without what it knows of records.
#[derive(Debug, Clone)]
pub struct Job {
    pub key: i64,
    pub kind: String,
    /// Microseconds; of one that is being done, the end of the claim.
    pub due_at: i64,
    pub attempts: i64,
    /// Whether a process has it just now.
    pub is_held: bool,
    /// Of the last attempt, in English; empty where there is none.
    pub error: String,
}

/// Whether the house works.
#[derive(Debug, Clone)]
pub struct HealthFacts {
    /// The database, as its makers call it.
    pub database: &'static str,
    pub answers: bool,
    /// Microseconds: since when the definitions are in force; none where the database does not say.
    pub in_force_since: Option<i64>,
}

impl Session {
    /// Jobs, so many of each kind at most.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; a failed read.
    pub fn jobs(&self, most: usize) -> Result<JobFacts> {
        self.demand_administrator()?;
        let (database, now) = (self.engine().database(), self.now());
        let count = job::counts(database, QUEUE, now)?;
        let shown = |all: Vec<job::Job>| all.into_iter().map(told).collect();
        Ok(JobFacts {
            count,
            overdue: shown(job::overdue(database, QUEUE, now, most)?),
            waiting: shown(job::due_after(database, QUEUE, now, most)?),
            failed: shown(job::failed(database, QUEUE, most)?),
        })
    }

    /// Has a job tried again that failed for good, now; who did it stands among what happened at
    /// the door.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; as [`Engine::retry_job`].
    pub fn retry_job(&self, key: i64, from: Whence) -> Result<()> {
        self.demand_administrator()?;
        let (engine, actor) = (self.engine(), self.actor());
        let mut unit = Unit::new();
        engine.note(&mut unit, event::JOB_RETRIED, actor.account, &actor.login, None, from);
        engine.restart_job(key, unit)
    }

    /// Whether the house works.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer.
    pub fn health(&self) -> Result<HealthFacts> {
        self.demand_administrator()?;
        let database = self.engine().database();
        let active = definition::active(database);
        Ok(HealthFacts {
            database: match database.dialect() {
                Dialect::Sqlite => "SQLite",
                Dialect::Postgres => "PostgreSQL",
            },
            answers: active.is_ok(),
            in_force_since: active.ok().flatten().map(|version| version.at),
        })
    }

    /// The ledger, with so many checkpoints at most.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; a failed read.
    pub fn ledger(&self, most: usize) -> Result<LedgerFacts> {
        self.demand_administrator()?;
        let engine = self.engine();
        let newest = seal::checkpoints(engine.database(), most)?;
        let signed = newest.into_iter().map(|one| {
            let note = one.note.to_string();
            Signed { size: one.size, at: one.at, note }
        });
        Ok(LedgerFacts {
            size: sealer::frontier(engine)?.size(),
            waiting: seal::waiting_count(engine.database())?,
            checkpoints: signed.collect(),
            key: engine.ledger_key().map(ToString::to_string),
        })
    }

    /// Reads the whole ledger and checks it against this house's own key; none where that takes
    /// longer than somebody waits for a page.
    ///
    /// # Errors
    /// `NotAllowed`; `NotFound` where this process knows no key; a failed read.
    pub fn check_ledger(&self) -> Result<Option<Checked>> {
        self.demand_administrator()?;
        let engine = self.engine();
        let missing = || Refusal::NotFound { what: "ledger key".into() };
        let key: &VerifyingKey = engine.ledger_key().ok_or_else(missing)?;
        let trust = Trust { keys: vec![key.clone()], notes: Vec::new() };
        let verifier = Verifier::new(&trust).map_err(|error| Error::Fault(error.to_string()))?;
        let end = engine.now().saturating_add(PATIENCE);
        let report = verify_live(engine, verifier, &mut |_, _| engine.now() < end)?;
        Ok(report.map(|report| Checked {
            size: report.size,
            signed: report.signed,
            problem_count: report.problem_count,
            problems: report
                .problems
                .iter()
                .map(|one| [one.to_string(), one.in_chinese()])
                .collect(),
        }))
    }
}

impl Engine {
    /// Has a job tried again that failed for good, now.
    ///
    /// # Errors
    /// `Invalid` for a job that has not failed or is not there; a failed write.
    pub fn retry_job(&self, key: i64) -> Result<()> {
        self.restart_job(key, Unit::new())
    }

    fn restart_job(&self, key: i64, mut unit: Unit) -> Result<()> {
        job::restart(&mut unit, key, self.now());
        match self.database().write(unit) {
            Err(Failure::Conflict { .. }) => {
                let en = format!("No job {key} has failed.");
                Err(Refusal::field("key", en, format!("没有编号为 {key} 的失败任务。")).into())
            }
            written => Ok(written?),
        }
    }
}

fn told(job: job::Job) -> Job {
    Job {
        key: job.key,
        kind: job.kind.to_string(),
        due_at: job.due_at,
        attempts: job.attempts,
        is_held: job.holder.is_some(),
        error: job.error.map(|error| error.to_string()).unwrap_or_default(),
    }
}

/// Reads every entry and checkpoint of the database, as far as it goes now: what is sealed
/// meanwhile is for the next time. `goes_on` hears after each page how many entries of how many
/// were read, and says whether to go on; none where it did not.
///
/// # Errors
/// A failed read.
pub fn verify_live(
    engine: &Engine,
    mut verifier: Verifier<'_>,
    goes_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<Report>> {
    let size = sealer::frontier(engine)?.size();
    let database = engine.database();
    let mut checkpoints = seal::checkpoints(database, usize::MAX >> 1)?;
    checkpoints.retain(|one| u64::try_from(one.size).is_ok_and(|at| at <= size));
    let mut position = 0;
    loop {
        let page = seal::from(database, position, PAGE)?;
        for one in page.iter().filter(|one| u64::try_from(one.position).is_ok_and(|at| at < size)) {
            read(&mut verifier, one);
            while checkpoints.last().is_some_and(|next| next.size <= one.position + 1) {
                if let Some(next) = checkpoints.pop() {
                    verifier.checkpoint(&next.note);
                }
            }
        }
        position += i64::try_from(PAGE).unwrap_or(i64::MAX);
        let done = size.min(u64::try_from(position).unwrap_or(size));
        let goes_on = goes_on(done, size);
        if done >= size {
            break;
        }
        if !goes_on {
            return Ok(None);
        }
    }
    checkpoints.iter().rev().for_each(|left| verifier.checkpoint(&left.note));
    let mut report = verifier.finish();
    if report.size < size {
        let (first, last) = (report.size, size - 1);
        report.problems.push(Problem::Dropped { first, last });
        report.problem_count += 1;
    }
    Ok(Some(report))
}

fn read(verifier: &mut Verifier<'_>, one: &seal::Sealed) {
    let at = u64::try_from(one.position).unwrap_or(u64::MAX);
    match Body::from_bytes(&one.headed.entry.body) {
        Ok(body) => verifier.entry(at, &sealer::header(&one.headed), &body, Hash(one.hash)),
        Err(error) => {
            let reason = error.to_string();
            verifier.problem(Problem::Malformed { line: at, position: Some(at), reason });
            verifier.leaf(at, None, Hash(one.hash));
        }
    }
}
