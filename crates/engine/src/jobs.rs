//! Work that the engine does by itself, later: timers of clocks, transitions after a time, clocks
//! computed anew. Each job is claimed for a while by one process; its effect and its end are one
//! unit, fenced by the claim, so that it takes place exactly once however many processes run and
//! die. What runs it (a thread that waits until the next is due) is the program's business.
//!
//! | kind | file | effect |
//! | --- | --- | --- |
//! | `clock_timer` | `timer` | people are warned, or told of a breach: an entry of history |
//! | `clock_flip` | `flip` | a clock starts, pauses or stops because time has passed |
//! | `after` | `transition` | the system performs a transition |
//! | `tell_approvers` | `approvers` | whoever may give an approval is told |
//! | `clock_refresh` | `refresh` | open clocks follow a changed calendar or zone data |

mod approvers;
mod flip;
mod refresh;
mod timer;
mod transition;

use crate::engine::Engine;
use crate::perform::{QUEUE, REFRESH};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::definition::RecordType;
use model::{Key, Language};
use serde::Deserialize;
use std::rc::Rc;
use std::sync::Arc;
use store::core::job::{self, Job, NewJob};
use store::core::{clock, spine};
use store::{Failure, Unit};

pub use timer::{BREACH, WARNING};

/// How long a job is claimed, in microseconds: so long what a killed process had claimed waits. A
/// batch takes far less; one that does not is fenced.
const CLAIM: i64 = 10_000_000;
/// Jobs claimed at a time.
const BATCH: usize = 50;
/// How often a job is tried that fails for reasons of its own or of the world.
const ATTEMPTS: i64 = 12;
/// How often an effect is decided again because somebody wrote in between.
const ROUNDS: usize = 12;
/// How long jobs that were done are kept: their keys keep them from being done again.
const KEPT: i64 = 30 * 86_400_000_000;

/// What a job knows.
#[derive(Debug, Deserialize)]
struct Body {
    record: i64,
    #[serde(default)]
    clock: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    at: i64,
    #[serde(default)]
    transition: String,
    #[serde(default)]
    entered_at: i64,
    #[serde(default)]
    entry: i64,
    /// The person by whose act it came to this.
    #[serde(default)]
    by: Option<i64>,
}

/// What became of one attempt.
enum Outcome {
    Done,
    /// Another process has the job by now.
    Lost,
}

/// Does what is due at `now` (microseconds) and answers how many jobs ended. `holder` names this
/// process uniquely.
///
/// # Errors
/// A failed read or write; what was claimed comes up again by itself.
pub fn run_due(engine: &Engine, holder: &str, now: i64) -> Result<usize> {
    let mut done = 0;
    loop {
        let claimed = job::claim(engine.database(), QUEUE, holder, now, now + CLAIM, BATCH)?;
        if claimed.is_empty() {
            return Ok(done);
        }
        for job in &claimed {
            done += usize::from(run(engine, job, now)?);
        }
    }
}

/// When the next job is due, in microseconds; none where nothing waits.
///
/// # Errors
/// A failed read.
pub fn next_due(engine: &Engine) -> Result<Option<i64>> {
    Ok(job::next_due(engine.database(), QUEUE)?)
}

/// To be called at start and once a day: asks for open clocks to be computed anew where the zone
/// data are others than they were, and forgets jobs that were done long ago.
///
/// # Errors
/// A failed read or write.
pub fn tidy(engine: &Engine, now: i64) -> Result<()> {
    let mut unit = Unit::new();
    job::sweep(&mut unit, now - KEPT);
    let zones = quality::working_time::zone_data_version();
    if !clock::outdated(engine.database(), zones, 1)?.is_empty() {
        let (key, unique_key) = (engine.next_job()?, Some(REFRESH));
        let (kind, body, due_at) = (REFRESH, "{}", now);
        job::enqueue(&mut unit, &NewJob { key, queue: QUEUE, kind, unique_key, body, due_at, now });
    }
    Ok(engine.database().write(unit)?)
}

/// Whether the job came to an end, good or bad.
fn run(engine: &Engine, job: &Job, now: i64) -> Result<bool> {
    let mut session = Session::system(engine);
    session.now = now;
    let error = match effect(&session, job) {
        Ok(Outcome::Done) => return Ok(true),
        Ok(Outcome::Lost) => return Ok(false),
        Err(error) => error,
    };
    let mut unit = Unit::new();
    let ends = match &error {
        // Written or not: the claim runs out, and the fence tells.
        Error::Refused(refusal) if **refusal == Refusal::Unknown => return Ok(false),
        Error::Refused(refusal) if !is_passing(refusal) => {
            let text = format!("{}: {}", refusal.code(), refusal.text(Language::EN));
            job::fail(&mut unit, job, now, &text);
            true
        }
        error => {
            tracing::warn!(job = job.key, kind = &*job.kind, ?error, "a job failed");
            job::retry_or_fail(&mut unit, job, now, &format!("{error:?}"), ATTEMPTS);
            job.attempts >= ATTEMPTS
        }
    };
    match engine.database().write(unit) {
        Ok(()) => Ok(ends),
        Err(Failure::Conflict { .. }) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

/// Refusals that another time may lift; any other one is the job's result.
fn is_passing(refusal: &Refusal) -> bool {
    use Refusal::{Busy, Full, NotNow, SearchIncomplete, TooSlow, Unknown};
    matches!(refusal, Busy | Full | NotNow | SearchIncomplete | TooSlow | Unknown)
}

fn effect(session: &Session, job: &Job) -> Result<Outcome> {
    match &*job.kind {
        REFRESH => refresh::run(session, job),
        "clock_timer" => timer::run(session, job, &body(job)?),
        "clock_flip" => flip::run(session, job, &body(job)?),
        "tell_approvers" => approvers::run(session, job, &body(job)?),
        "after" => transition::run(session, job, &body(job)?),
        other => Err(Error::Fault(format!("no job is called {other}"))),
    }
}

fn body(job: &Job) -> Result<Body> {
    let broken = |error| Error::Fault(format!("body of job {}: {error}", job.key));
    serde_json::from_str(&job.body).map_err(broken)
}

/// The record a job is about, unless it is withdrawn.
fn subject(reader: &Reader, key: Key) -> Result<Option<(Arc<RecordType>, Rc<Record>)>> {
    let Some(found) = spine::by_keys(reader.snapshot, &[key])?.pop() else { return Ok(None) };
    let Some(definition) = reader.catalogue.record_type(&found.record_type) else {
        return Ok(None);
    };
    let record = reader.record(definition, key)?.filter(|record| record.withdrawn_at.is_none());
    Ok(record.map(|record| (definition.clone(), record)))
}

/// Writes the effect of a job and its end; `decide` is asked again where what it has read was
/// changed meanwhile.
fn finish(
    session: &Session,
    job: &Job,
    decide: impl Fn(&Reader) -> Result<Unit>,
) -> Result<Outcome> {
    for _ in 0..ROUNDS {
        let catalogue = session.engine.catalogue();
        let snapshot = session.engine.database().snapshot()?;
        let reader = session.reader(&snapshot, &catalogue);
        let mut unit = decide(&reader)?;
        let own = unit.statements.len();
        job::finish(&mut unit, job, session.now);
        match session.engine.database().write(unit) {
            Ok(()) => return Ok(Outcome::Done),
            Err(Failure::Conflict { statement }) if statement >= own => return Ok(Outcome::Lost),
            Err(Failure::Conflict { .. } | Failure::Duplicate { .. }) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(Refusal::Busy.into())
}
