//! All open clocks computed anew, after a calendar, a holiday or the zone data changed. In batches,
//! each a unit of its own: computing a clock twice gives the same, so what a killed process had
//! done is done again without harm.

use super::{BATCH, CLAIM, Outcome, ROUNDS, finish, subject};
use crate::clock::{Basis, refresh};
use crate::perform::{Job, state_of};
use crate::reader::Reader;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use model::Key;
use store::core::clock::{self, Clock};
use store::core::job;
use store::{Failure, Unit};

pub fn run(session: &Session, job: &job::Job) -> Result<Outcome> {
    // Another process may have written the calendar: what this one keeps of it is old.
    session.engine.calendars().clear();
    let database = session.engine.database();
    let mut place = (Key(0), String::new());
    loop {
        let rows = clock::open(database, (place.0, &place.1), BATCH)?;
        let Some(last) = rows.last() else {
            return finish(session, job, |_| Ok(Unit::new()));
        };
        let next = (last.record_key, last.name.to_string());
        batch(session, place)?;
        place = next;
        match job::extend(database, job, session.engine.now() + CLAIM) {
            Ok(()) => {}
            Err(Failure::Conflict { .. }) => return Ok(Outcome::Lost),
            Err(failure) => return Err(failure.into()),
        }
    }
}

fn batch(session: &Session, place: (Key, String)) -> Result<()> {
    for _ in 0..ROUNDS {
        let catalogue = session.engine.catalogue();
        let snapshot = session.engine.database().snapshot()?;
        let reader = session.reader(&snapshot, &catalogue);
        let mut unit = Unit::new();
        for row in clock::open(&snapshot, (place.0, &place.1), BATCH)? {
            one(session, &reader, &row, &mut unit)?;
        }
        match session.engine.database().write(unit) {
            Ok(()) => return Ok(()),
            Err(Failure::Conflict { .. }) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(Refusal::Busy.into())
}

fn one(session: &Session, reader: &Reader, row: &Clock, unit: &mut Unit) -> Result<()> {
    let Some((definition, _)) = subject(reader, row.record_key)? else { return Ok(()) };
    let Some(declared) = definition.clocks.values().find(|clock| *clock.name == *row.name) else {
        return Ok(());
    };
    let before = state_of(row)?;
    let calendar = session.engine.service_calendar(reader, &declared.calendar)?;
    let version = reader.catalogue.version;
    let basis = Basis { calendar: calendar.as_deref(), definition: version };
    let next = refresh(&before, session.now, basis);
    if next.stands_as(&before) {
        return Ok(());
    }
    let job = Job::new(session, reader, &definition);
    job.keep_clock(unit, (row.record_key, &declared.name), Some((row, before)), &next)
}
