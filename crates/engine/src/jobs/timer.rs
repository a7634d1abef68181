//! A clock comes to the instant of its warning, or past the one at which it was due: the clock
//! remembers that it was told, and the record's history says so to whoever follows it.

use super::{Body, Outcome, finish, subject};
use crate::change::Change;
use crate::clock::{Basis, TimerKind, on_timer, refresh};
use crate::perform::{Job, state_of};
use crate::reader::Reader;
use crate::refusal::{Error, Result};
use crate::session::Session;
use model::{Key, Name, Value};
use std::collections::HashMap;
use store::core::clock;
use store::core::job;
use store::{Unit, record};

/// The kinds of entries that tell of clocks.
pub const WARNING: &str = "clock_warning";
pub const BREACH: &str = "clock_breach";

pub fn run(session: &Session, job: &job::Job, body: &Body) -> Result<Outcome> {
    let unknown = || Error::Fault(format!("no timer is called {}", body.kind));
    let kind = TimerKind::parse(&body.kind).ok_or_else(unknown)?;
    finish(session, job, |reader| fire(session, reader, body, kind))
}

/// Nothing to write where pauses, stops, another target or calendar have overtaken the timer,
/// except what the clock has become since.
fn fire(session: &Session, reader: &Reader, body: &Body, kind: TimerKind) -> Result<Unit> {
    let key = Key(body.record);
    let nothing = Ok(Unit::new());
    let Some((definition, found)) = subject(reader, key)? else { return nothing };
    let declared = Name::new(&body.clock).and_then(|name| definition.clocks.get(&name));
    let rows = clock::of(reader.snapshot, &[key])?;
    let row = rows.iter().find(|row| *row.name == *body.clock);
    let (Some(declared), Some(row)) = (declared, row) else { return nothing };
    let before = state_of(row)?;
    let calendar = session.engine.service_calendar(reader, &declared.calendar)?;
    let version = reader.catalogue.version;
    let basis = Basis { calendar: calendar.as_deref(), definition: version };
    let job = Job::new(session, reader, &definition);
    // A timer that comes late does not overtake an instant at which the clock flips by itself: the
    // clock would take its stop to be as late as this.
    let known = job.known(&found, &[], &HashMap::new())?;
    let flip = job.next_flip(declared, &found, &known, body.at)?;
    let now = flip.map_or(session.now, |flip| flip.min(session.now));
    let fired = on_timer(&before, kind, body.at, now, basis);
    let mut unit = Unit::new();
    if fired.is_some() {
        if let Some(table) = reader.catalogue.table(&definition) {
            record::hold(&mut unit, table, key, found.version);
        }
        unit.append(job.unit_of(&mut told(&found, body, kind, session.now))?.0);
    }
    let next = fired.unwrap_or_else(|| refresh(&before, session.now, basis));
    if !next.stands_as(&before) {
        job.keep_clock(&mut unit, (key, &declared.name), Some((row, before)), &next)?;
    }
    Ok(unit)
}

fn told(record: &crate::record::Record, body: &Body, kind: TimerKind, now: i64) -> Change {
    let (word, due) = match kind {
        TimerKind::Warn => (WARNING, body.at),
        // Its timer stands one microsecond after the instant until which it is in time.
        TimerKind::Breach => (BREACH, body.at - 1),
    };
    let mut change = Change::of(record, word, now);
    change.tell("clock", Value::text(&body.clock));
    change.tell("due", Value::Instant(due));
    change
}
