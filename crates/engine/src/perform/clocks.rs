//! Clocks and timers move with each version that is written: in its unit, so that neither is ever
//! without the other.

use super::Job;
use crate::catalogue::Catalogue;
use crate::change::Change;
use crate::clock::after::{after_due, after_key};
use crate::clock::calendars::{EPOCH, is_part_of_calendars};
use crate::clock::{Basis, ClockState, Phase, TimerKind, advance, next_flip, timer_key, timers};
use crate::facts::Known;
use crate::identity::zone_named;
use crate::reader::today;
use crate::record::Record;
use crate::refusal::{Error, Result};
use crate::session::Session;
use jiff::tz::TimeZone;
use model::definition::{Clock, RecordType};
use model::{Key, Name};
use serde_json::json;
use std::collections::HashMap;
use store::Unit;
use store::core::job::{self, NewJob};
use store::core::{clock, setting};

/// The queue of everything the engine does by itself.
pub(crate) const QUEUE: &str = "engine";

/// The job that computes all open clocks anew.
pub(crate) const REFRESH: &str = "clock_refresh";

const UTC: TimeZone = TimeZone::UTC;

impl Job<'_> {
    /// Advances each clock of the record to the version about to be written, and sets the timers
    /// that follow from it.
    pub(super) fn write_clocks(&self, unit: &mut Unit, change: &Change) -> Result<()> {
        if !change.touches_row() {
            return Ok(());
        }
        if !self.definition.clocks.is_empty() {
            self.advance_all(unit, change)?;
        }
        self.set_transition_timers(unit, change)
    }

    fn advance_all(&self, unit: &mut Unit, change: &Change) -> Result<()> {
        let record = &change.after;
        let ends = self.ends_after(change);
        let known = self.known(record, &[], &ends)?;
        let stored = match change.before {
            Some(_) => clock::of(self.reader.snapshot, &[record.key])?,
            None => Vec::new(),
        };
        for clock in self.definition.clocks.values() {
            let row = stored.iter().find(|row| *row.name == *clock.name);
            let before = row.map(|row| state_of(row).map(|state| (row, state))).transpose()?;
            self.advance_one(unit, (clock, before), record, &known, record.valid_from)?;
        }
        Ok(())
    }

    /// Advances a clock to what the record says at an instant, and sets the timer for the next
    /// instant at which it may say otherwise by itself.
    pub(crate) fn advance_one(
        &self,
        unit: &mut Unit,
        (clock, before): (&Clock, Option<(&clock::Clock, ClockState)>),
        record: &Record,
        known: &Known,
        at: i64,
    ) -> Result<()> {
        let calendar = self.session.engine.service_calendar(self.reader, &clock.calendar)?;
        let basis = Basis { calendar: calendar.as_deref(), definition: self.catalogue.version };
        let case = self.case(known);
        // The organization's day, not that of whoever happens to write.
        let zone = calendar.as_ref().map_or(UTC, |calendar| zone_named(calendar.calendar.zone()));
        let mut view = case.view(record, known);
        view.today = today(view.now, &zone);
        let state = before.as_ref().map(|(_, state)| state);
        let next = advance(clock, state, &view, at, basis);
        if let Some(flip) = next_flip(clock, &view, at, &zone) {
            let unique = format!("flip:{}:{}:{flip}", record.key.0, clock.name);
            let body = json!({"record": record.key.0, "clock": clock.name.as_str(), "at": flip});
            self.enqueue(unit, "clock_flip", &unique, &body.to_string(), flip)?;
        }
        let Some(next) = next.filter(|next| state != Some(next)) else { return Ok(()) };
        self.keep_clock(unit, (record.key, &clock.name), before, &next)
    }

    /// The first instant after `after` at which the clock may start, pause or stop by itself.
    pub(crate) fn next_flip(
        &self,
        clock: &Clock,
        record: &Record,
        known: &Known,
        after: i64,
    ) -> Result<Option<i64>> {
        let calendar = self.session.engine.service_calendar(self.reader, &clock.calendar)?;
        let zone = calendar.as_ref().map_or(UTC, |calendar| zone_named(calendar.calendar.zone()));
        Ok(next_flip(clock, &self.case(known).view(record, known), after, &zone))
    }

    /// Writes a clock and brings its timers in step; a conflict where it is another by now than the
    /// one that was read.
    pub(crate) fn keep_clock(
        &self,
        unit: &mut Unit,
        (record, name): (Key, &Name),
        before: Option<(&clock::Clock, ClockState)>,
        next: &ClockState,
    ) -> Result<()> {
        let new = row(record, name, next);
        match &before {
            Some((was, _)) => clock::replace(unit, was, &new),
            None => clock::insert(unit, &new),
        }
        let wanted = timers(next);
        for (at, kind) in before.map(|(_, state)| timers(&state)).unwrap_or_default() {
            if !wanted.contains(&(at, kind)) {
                job::cancel(unit, &timer_key(record, name, kind, at));
            }
        }
        for (at, kind) in wanted {
            self.set_timer(unit, record, name, kind, at)?;
        }
        Ok(())
    }

    fn set_timer(
        &self,
        unit: &mut Unit,
        record: Key,
        clock: &Name,
        kind: TimerKind,
        at: i64,
    ) -> Result<()> {
        let body = json!({
            "record": record.0, "clock": clock.as_str(), "kind": kind.as_str(), "at": at,
        });
        let unique = timer_key(record, clock, kind, at);
        self.enqueue(unit, "clock_timer", &unique, &body.to_string(), at)
    }

    /// Transitions the system performs some time after a state was entered.
    fn set_transition_timers(&self, unit: &mut Unit, change: &Change) -> Result<()> {
        let record = &change.after;
        let entered = change.before.as_ref().is_none_or(|before| before.state != record.state);
        let Some(state) = record.state.as_ref().filter(|_| entered) else { return Ok(()) };
        for (at, transition) in after_due(self.definition, state, record.valid_from) {
            let unique = after_key(record.key, &transition, record.valid_from);
            let body = json!({
                "record": record.key.0,
                "transition": transition.as_str(),
                "entered_at": record.valid_from,
            });
            self.enqueue(unit, "after", &unique, &body.to_string(), at)?;
        }
        Ok(())
    }

    pub(super) fn write_calendars(&self, unit: &mut Unit) -> Result<()> {
        write_calendars(unit, self.session, self.catalogue, self.definition)
    }

    pub(super) fn enqueue(
        &self,
        unit: &mut Unit,
        kind: &str,
        unique_key: &str,
        body: &str,
        due_at: i64,
    ) -> Result<()> {
        let key = self.session.engine.next_job()?;
        let (now, unique_key) = (self.session.now, Some(unique_key));
        let new = NewJob { key, queue: QUEUE, kind, unique_key, body, due_at, now };
        job::enqueue_once(unit, &new);
        Ok(())
    }

    pub(super) fn ends_after(
        &self,
        change: &Change,
    ) -> HashMap<model::expression::LinkEnd, Vec<Key>> {
        if change.before.is_some() {
            return HashMap::new();
        }
        let begun = |link: &Name| -> Vec<Key> {
            let full = |l: &model::definition::Link| format!("{}.{}", l.declared_by, l.name);
            let name = self.definition.links.get(link).map(full).unwrap_or_default();
            change.links.iter().filter(|l| l.name == name).map(|l| l.to).collect()
        };
        crate::view::own_ends(self.definition).map(|(name, end)| (end, begun(&name))).collect()
    }
}

/// The clock a row keeps.
///
/// # Errors
/// A fault where it cannot be read: starting it anew would lose its pauses.
pub(crate) fn state_of(row: &clock::Clock) -> Result<ClockState> {
    let broken =
        || Error::Fault(format!("clock {} of record {} is damaged", row.name, row.record_key.0));
    ClockState::from_json(row.detail.as_deref().unwrap_or_default()).map_err(|_| broken())
}

fn row(record: Key, name: &Name, state: &ClockState) -> clock::Clock {
    use crate::clock::Allowance;
    let phase = match state.phase {
        Phase::Running => "running",
        Phase::Paused => "paused",
        Phase::Stopped => "stopped",
    };
    let days = match state.allowance {
        Some(Allowance::ServiceDays(days)) => Some(i64::from(days)),
        _ => None,
    };
    clock::Clock {
        record_key: record,
        name: name.as_str().into(),
        state: phase.into(),
        started_at: state.started_at,
        stopped_at: state.stopped_at,
        counted: state.counted,
        target: state.budget,
        target_days: days,
        due_at: state.due_at,
        warn_at: state.warn_at,
        warned_at: None,
        breached_at: state.breached_at,
        calendar: state.versions.calendar.as_ref().map_or("", |c| c.digest.as_str()).into(),
        time_zones: state.versions.zone_data.as_str().into(),
        computed_at: state.as_of,
        detail: Some(state.to_json().into()),
    }
}

/// Where calendars are made of such records, what each process keeps of them ends with their epoch,
/// and all open clocks are computed anew a moment later: a list of holidays is written as many
/// records.
pub(crate) fn write_calendars(
    unit: &mut Unit,
    session: &Session,
    catalogue: &Catalogue,
    definition: &RecordType,
) -> Result<()> {
    if !is_part_of_calendars(&catalogue.model, &definition.name) {
        return Ok(());
    }
    setting::raise(unit, EPOCH);
    let (key, now) = (session.engine.next_job()?, session.now);
    let (unique_key, due_at) = (Some(REFRESH), now + 1_000_000);
    job::enqueue(
        unit,
        &NewJob { key, queue: QUEUE, kind: REFRESH, unique_key, body: "{}", due_at, now },
    );
    Ok(())
}
