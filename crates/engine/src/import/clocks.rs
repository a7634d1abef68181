//! Clocks of a record whose whole past is known at once: advanced in memory over its versions,
//! computed and written once. What would have been told in the past is taken as told.

use super::story::Teller;
use crate::clock::after::{after_due, after_key};
use crate::clock::{Basis, ClockState, Event, Phase, What, advance, recompute};
use crate::perform::{Job, QUEUE};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::Result;
use model::Name;
use model::definition::{Clock, Targets};
use model::expression::Reads;
use serde_json::json;
use std::collections::BTreeSet;
use store::Unit;
use store::core::job::{self, NewJob};

/// Writes the clocks of a record with these versions, and its timers that are still to come.
pub fn write(unit: &mut Unit, teller: &Teller, reader: &Reader, versions: &[Record]) -> Result<()> {
    let Some(last) = versions.last() else { return Ok(()) };
    let job = Job::new(teller.session, reader, teller.definition);
    for clock in teller.definition.clocks.values() {
        let Some(state) = course(clock, teller, versions) else { continue };
        let calendar = teller.session.engine().service_calendar(reader, &clock.calendar)?;
        let definition = teller.catalogue.version;
        let basis = Basis { calendar: calendar.as_deref(), definition };
        if let Some(state) = settled(state, basis, teller.session.now()) {
            job.keep_clock(unit, (last.key, &clock.name), None, &state)?;
        }
    }
    after(unit, teller, versions)
}

/// The events of a clock over all versions. Without a calendar: the figures follow at the end.
fn course(clock: &Clock, teller: &Teller, versions: &[Record]) -> Option<ClockState> {
    let basis = Basis { calendar: None, definition: teller.catalogue.version };
    let read = read_by(clock);
    let mut state: Option<ClockState> = None;
    let mut before: Option<&Record> = None;
    for record in versions {
        let differs = |field: &Name| before.is_none_or(|b| b.field(field) != record.field(field));
        // The same facts add no event.
        if read.iter().any(differs) {
            let view = teller.view(record, record.valid_from);
            state = advance(clock, state.as_ref(), &view, record.valid_from, basis).or(state);
        }
        before = Some(record);
    }
    state
}

fn read_by(clock: &Clock) -> BTreeSet<Name> {
    let mut reads = Reads::default();
    let all = [Some(&clock.start), clock.pause.as_ref(), Some(&clock.stop)];
    all.into_iter().flatten().for_each(|expression| reads.add(expression));
    if let Targets::By(field, _) = &clock.target {
        reads.fields.insert(field.clone());
    }
    reads.fields.extend(Name::new("state"));
    reads.fields
}

/// The clock computed with the calendar: as it stopped, or as it stands now.
fn settled(state: ClockState, basis: Basis, now: i64) -> Option<ClockState> {
    let calendar = basis.calendar.map(|calendar| &calendar.calendar);
    let versions = basis.versions();
    let is_open = state.phase != Phase::Stopped;
    let mut earlier = Vec::new();
    for run in &state.earlier {
        earlier.extend(recompute(&run.events, &versions, calendar, run.as_of));
    }
    let at = if is_open { now } else { state.as_of };
    let mut next = recompute(&state.events, &versions, calendar, at)?;
    let told = told(&next, now);
    if is_open && !told.is_empty() {
        next.events.extend(told);
        next = recompute(&next.events, &versions, calendar, at)?;
    }
    next.earlier = earlier;
    Some(next)
}

/// The warning and the breach that lie in the past.
fn told(state: &ClockState, now: i64) -> Vec<Event> {
    let past = |due: Option<i64>| due.filter(|due| *due < now);
    let warned = past(state.warn_at).map(|due| What::Warned { due });
    let breached = past(state.due_at).map(|due| What::Breached { due });
    warned.into_iter().chain(breached).map(|what| Event { at: now, what }).collect()
}

/// Transitions that the system performs some time after the present state was entered.
fn after(unit: &mut Unit, teller: &Teller, versions: &[Record]) -> Result<()> {
    let Some(last) = versions.last() else { return Ok(()) };
    let Some(state) = &last.state else { return Ok(()) };
    let since = versions.iter().rev().take_while(|version| version.state == last.state).last();
    let entered_at = since.map_or(last.valid_from, |version| version.valid_from);
    let engine = teller.session.engine();
    for (due_at, transition) in after_due(teller.definition, state, entered_at) {
        let now = teller.session.now();
        if due_at <= now {
            continue;
        }
        let unique = after_key(last.key, &transition, entered_at);
        let body = json!({
            "record": last.key.0, "transition": transition.as_str(), "entered_at": entered_at,
        });
        let (key, body) = (engine.next_job()?, body.to_string());
        let (kind, unique_key, body) = ("after", Some(unique.as_str()), body.as_str());
        let new = NewJob { key, queue: QUEUE, kind, unique_key, body, due_at, now };
        job::enqueue_once(unit, &new);
    }
    Ok(())
}
