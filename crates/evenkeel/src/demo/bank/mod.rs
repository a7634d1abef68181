//! A bank's IT organization with half a year of work, made from a seed through the engine itself:
//! every act is a command of the right person at its own time, under all rules. What a person
//! would do is decided here; what is allowed is decided by the engine.
//!
//! Knows nothing of the rest of the program, so that tests can include it as it stands.

mod agenda;
mod changes;
mod dice;
mod emergencies;
mod failures;
mod fields;
mod founding;
mod handling;
mod hours;
mod incidents;
mod items;
mod items_list;
mod majors;
mod people;
mod problems;
mod releases;
mod routine;
mod security;
mod services;
mod stage;
mod standard;
mod texts;
mod time;
mod transitions;
mod windows;

pub use stage::Figures;

use engine::catalogue::Catalogue;
use engine::{Engine, Error, Refusal, Result, jobs};
use model::{Language, Model};
use stage::Stage;
use std::sync::Arc;
use time::{DAY, MINUTE, Time};

/// The days before the half year in which the organization is written down.
const FOUNDING: i64 = 28;

/// Who runs the engine's jobs meanwhile.
const HOLDER: &str = "demo";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    /// Microseconds since 1970: the last moment of the course of events.
    pub now: i64,
    /// How long the organization has been at work.
    pub days: i64,
    /// How much of its full traffic is made, of a hundred.
    pub share: i64,
}

impl Plan {
    /// Half a year.
    pub fn full(seed: u64, now: i64) -> Plan {
        Plan { seed, now, days: 183, share: 100 }
    }
}

/// Fills the database of an engine. `progress` hears how much is done, of a thousand.
///
/// # Errors
/// A fault; a refusal while the organization itself is written down. Later refusals are told in
/// the figures.
pub fn fill(engine: &Engine, plan: &Plan, progress: &mut dyn FnMut(u64)) -> Result<Figures> {
    let founded = plan.now - (plan.days + FOUNDING) * DAY;
    let time = Arc::new(Time::new(founded, plan.seed));
    let own = under(engine, time.clone());
    let mut stage = Stage::new(own, time, plan, texts::read()?);
    founding::found(&mut stage)?;
    people::found(&mut stage)?;
    founding::teams(&mut stage)?;
    founding::rest(&mut stage)?;
    services::found(&mut stage)?;
    items::found(&mut stage)?;
    progress(100);
    schedule(&mut stage)?;
    play(&mut stage, progress)?;
    stage.engine.stop()?;
    Ok(stage.figures)
}

/// The same database and definitions under another clock.
fn under(engine: &Engine, time: Arc<Time>) -> Engine {
    let catalogue = engine.catalogue();
    let model = Model {
        record_types: catalogue.model.record_types.clone(),
        roles: catalogue.model.roles.clone(),
        menus: catalogue.model.menus.clone(),
        bindings: catalogue.model.bindings.clone(),
        pages: catalogue.model.pages.clone(),
    };
    let catalogue = Catalogue::new(catalogue.version, model);
    Engine::new(engine.database().clone(), time, catalogue, &processes::rules())
}

fn schedule(stage: &mut Stage) -> Result<()> {
    people::schedule_absences(stage)?;
    items::schedule_verification(stage);
    standard::schedule(stage)?;
    changes::schedule(stage);
    emergencies::schedule(stage);
    releases::schedule(stage);
    transitions::schedule(stage);
    security::schedule(stage);
    incidents::schedule(stage);
    routine::schedule(stage);
    Ok(())
}

/// Lets everything happen in order of time, up to now.
fn play(stage: &mut Stage, progress: &mut dyn FnMut(u64)) -> Result<()> {
    // The last act leaves room for the seconds that acts take.
    let until = stage.now - 3 * MINUTE;
    let mut told = 0;
    while let Some((at, act)) = stage.agenda.next(until) {
        run_jobs(stage, at)?;
        stage.time.reach(at);
        match act(stage) {
            Ok(()) => {}
            Err(Error::Refused(refusal)) => {
                let refused = format!("{}: {}", stage.tried, in_words(&refusal));
                stage.figures.refused.push(refused);
            }
            Err(fault) => return Err(fault),
        }
        let done = 100 + (at - stage.founded) * 900 / (stage.now - stage.founded);
        if done >= told + 10 {
            told = done;
            progress(u64::try_from(done).unwrap_or(0));
        }
    }
    run_jobs(stage, stage.now)?;
    stage.time.reach(stage.now);
    progress(1000);
    Ok(())
}

/// What the engine does by itself until an instant, each at its own time.
fn run_jobs(stage: &mut Stage, until: i64) -> Result<()> {
    while let Some(due) = jobs::next_due(&stage.engine)?.filter(|due| *due <= until) {
        stage.time.reach(due);
        let now = stage.engine.now();
        let done = jobs::run_due(&stage.engine, HOLDER, now)?;
        stage.figures.jobs += u64::try_from(done).unwrap_or(0);
        if done == 0 {
            break;
        }
    }
    Ok(())
}

fn in_words(refusal: &Refusal) -> String {
    format!("{}: {}", refusal.code(), refusal.text(Language::EN))
}
