//! The timers of a clock: when people are to be warned, and when to be told of a breach. Lists and
//! judges them; enqueueing and telling are the engine's work.

use super::advance::{Basis, refresh};
use super::compute::recompute;
use super::state::{ClockState, Event, Phase, What};
use model::Key;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimerKind {
    Warn,
    Breach,
}

impl TimerKind {
    pub fn as_str(self) -> &'static str {
        match self {
            TimerKind::Warn => "warn",
            TimerKind::Breach => "breach",
        }
    }

    pub fn parse(text: &str) -> Option<TimerKind> {
        [TimerKind::Warn, TimerKind::Breach].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The timers that this clock needs, in order of time, each with the instant from which it is due.
/// One in the past is due at once: it was missed, or a new target has passed already.
///
/// | clock | warn | breach |
/// | --- | --- | --- |
/// | paused, stopped, ended | none | none |
/// | running | at `warn_at` | one microsecond after `due_at`: at `due_at` it is in time |
/// | people have been warned of this instant | none | as above |
/// | breached | none: too late to warn | until people have been told |
/// | no target, no calendar | none | none |
pub fn timers(state: &ClockState) -> Vec<(i64, TimerKind)> {
    if state.phase != Phase::Running {
        return Vec::new();
    }
    let told = |what: &What| state.events.iter().any(|event| event.what == *what);
    let warn = state.warn_at.filter(|_| state.breached_at.is_none());
    let warn = warn.filter(|due| !told(&What::Warned { due: *due }));
    let breach = state.due_at.filter(|due| !told(&What::Breached { due: *due }));
    let mut timers: Vec<(i64, TimerKind)> = Vec::new();
    timers.extend(warn.map(|due| (due, TimerKind::Warn)));
    timers.extend(breach.map(|due| (due.saturating_add(1), TimerKind::Breach)));
    timers.sort_unstable();
    timers
}

/// The unique key of a timer's job: one job at most for one kind, instant and clock.
pub fn timer_key(record: Key, clock: &str, kind: TimerKind, at: i64) -> String {
    format!("clock:{}:{clock}:{}:{at}", record.0, kind.as_str())
}

/// Whether a timer that was enqueued for this instant is still one of the clock's. One that a
/// pause, a stop, another target or another calendar has overtaken is not.
pub fn applies(state: &ClockState, kind: TimerKind, at: i64) -> bool {
    timers(state).contains(&(at, kind))
}

/// The clock after its timer for the instant `at` has fired at `now`, to be written in the same
/// unit in which people are told. None where the timer no longer applies, or fires early:
/// nothing is to be told; the clock's own [`timers`] say what is to come.
pub fn on_timer(
    state: &ClockState,
    kind: TimerKind,
    at: i64,
    now: i64,
    basis: Basis,
) -> Option<ClockState> {
    let present = refresh(state, now, basis);
    if now < at || !applies(&present, kind, at) {
        return None;
    }
    let what = match kind {
        TimerKind::Warn => What::Warned { due: at },
        TimerKind::Breach => What::Breached { due: at - 1 },
    };
    let mut events = present.events;
    events.push(Event { at: present.as_of, what });
    let calendar = basis.calendar.map(|calendar| &calendar.calendar);
    let mut next = recompute(&events, &basis.versions(), calendar, present.as_of)?;
    next.earlier = state.earlier.clone();
    Some(next)
}
