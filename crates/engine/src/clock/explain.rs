//! Why a clock shows what it shows: each interval from its start until now, counted or not, with
//! the reason, and what comes if nothing happens. Values for pages and JSON; their words in
//! English and Chinese are `text`'s.

use super::advance::{Basis, refresh};
use super::compute::due_if_resumed;
use super::course::{Course, Halt};
use super::state::{Allowance, ClockState, Event, Lapse, Phase, Versions};
use quality::working_time::{self, Reason};
use serde::Serialize;

/// A clock explained. Instants and durations in microseconds, as in [`ClockState`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    pub standing: Standing,
    pub phase: Phase,
    pub started_at: i64,
    pub stopped_at: Option<i64>,
    /// The instant that is explained: now, or the stop.
    pub until: i64,
    pub choice: Option<String>,
    pub allowance: Option<Allowance>,
    pub budget: Option<i64>,
    pub counted: i64,
    /// Negative by as much as the target is exceeded.
    pub remaining: Option<i64>,
    /// Whole per cent of the budget, rounded down.
    pub used_percent: Option<i64>,
    pub warn_at: Option<i64>,
    pub due_at: Option<i64>,
    pub breached_at: Option<i64>,
    pub lapses: Vec<Lapse>,
    /// From the start until `until`, in order, without a hole; empty without a calendar.
    pub parts: Vec<Part>,
    pub ahead: Ahead,
    pub events: Vec<Event>,
    /// With what the figures were computed.
    pub versions: Versions,
    /// Whether the parts follow the same calendar as the figures. A stopped clock keeps its
    /// figures; its parts are of the calendar that was handed in.
    pub same_calendar: bool,
}

/// How a clock stands, in one word.
///
/// | clock | standing |
/// | --- | --- |
/// | breached, whatever else | `Breached` |
/// | stopped, no target | `Untimed` |
/// | stopped, not breached | `Met` |
/// | paused | `Paused` |
/// | running, no target or nothing due | `Untimed` |
/// | running, at or after the warning | `Warning` |
/// | running otherwise | `InTime` |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    InTime,
    Warning,
    Paused,
    Breached,
    Met,
    Untimed,
}

/// A stretch of time with one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    pub from: i64,
    pub to: i64,
    #[serde(flatten)]
    pub why: Why,
}

/// Why a part counts or does not. Outside service hours the hours are the reason, paused or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// It counts; the state of the record, where the states were handed in.
    Counted {
        state: Option<String>,
    },
    /// Service time in a state that pauses.
    Paused {
        state: Option<String>,
    },
    /// Service time between a stop and a reopening.
    Stopped,
    OutsideHours,
    Holiday,
    /// Beyond the years of calendars.
    OutOfReach,
}

/// What comes if nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "ahead", rename_all = "snake_case")]
pub enum Ahead {
    /// It is breached as soon as this instant has passed.
    BreachAfter { at: i64 },
    /// It waits without end; resumed at once it would be due at this instant.
    Waits { due_if_resumed: Option<i64> },
    /// It is breached, by this much counted time.
    Over { by: i64 },
    /// It runs on, nothing is due.
    RunsOn,
    /// It has stopped.
    Done,
}

/// Explains a clock at `now`. `states` are the states of the record with the instant each was
/// entered, in order (from its movements): counted time is cut at them; it may be empty.
///
/// The basis of a stopped clock should be the calendar of its `versions`; with another one
/// `same_calendar` is false.
pub fn explain(state: &ClockState, basis: Basis, now: i64, states: &[(i64, String)]) -> Explained {
    let at_now = refresh(state, now, basis);
    let course = Course::of(&at_now.events);
    let parts = course.as_ref().map(|course| parts(course, basis, at_now.as_of, states));
    Explained {
        standing: standing(&at_now),
        ahead: ahead(&at_now, course.as_ref(), basis),
        parts: parts.unwrap_or_default(),
        same_calendar: at_now.versions.count_alike(&basis.versions()),
        until: at_now.as_of,
        remaining: at_now.remaining(),
        used_percent: at_now.used_percent(),
        phase: at_now.phase,
        started_at: at_now.started_at,
        stopped_at: at_now.stopped_at,
        choice: at_now.choice,
        allowance: at_now.allowance,
        budget: at_now.budget,
        counted: at_now.counted,
        warn_at: at_now.warn_at,
        due_at: at_now.due_at,
        breached_at: at_now.breached_at,
        lapses: at_now.lapses,
        events: at_now.events,
        versions: at_now.versions,
    }
}

impl Explained {
    /// The time of the parts that do not count.
    pub fn not_counted(&self) -> i64 {
        let off = self.parts.iter().filter(|part| !matches!(part.why, Why::Counted { .. }));
        off.map(|part| part.to - part.from).sum()
    }
}

fn standing(state: &ClockState) -> Standing {
    match state.phase {
        _ if state.breached_at.is_some() => Standing::Breached,
        Phase::Stopped if state.due_at.is_some() => Standing::Met,
        Phase::Paused => Standing::Paused,
        Phase::Running if state.due_at.is_some() => {
            let warns = state.warn_at.is_some_and(|warn| warn <= state.as_of);
            if warns { Standing::Warning } else { Standing::InTime }
        }
        Phase::Stopped | Phase::Running => Standing::Untimed,
    }
}

fn ahead(state: &ClockState, course: Option<&Course>, basis: Basis) -> Ahead {
    match (state.phase, state.due_at) {
        (Phase::Stopped, _) => Ahead::Done,
        _ if state.breached_at.is_some() => {
            Ahead::Over { by: state.remaining().map_or(0, |left| (-left).max(0)) }
        }
        (Phase::Running, Some(at)) => Ahead::BreachAfter { at },
        (Phase::Running, None) => Ahead::RunsOn,
        (Phase::Paused, _) => {
            let known = course.zip(basis.calendar);
            let due = |(course, calendar): (&Course, &super::calendar::ServiceCalendar)| {
                due_if_resumed(course, &calendar.calendar, state.as_of)
            };
            Ahead::Waits { due_if_resumed: known.and_then(due) }
        }
    }
}

fn parts(course: &Course, basis: Basis, until: i64, states: &[(i64, String)]) -> Vec<Part> {
    let Some(calendar) = basis.calendar else { return Vec::new() };
    let still = course.still();
    let whole = working_time::explain(&calendar.calendar, course.start, until, &still);
    let mut parts = Vec::with_capacity(whole.parts.len());
    for part in whole.parts {
        let span = (part.from, part.to);
        match part.reason {
            Reason::Counted => push_counted(&mut parts, span, states),
            Reason::Pause => push_still(&mut parts, span, &course.halts),
            Reason::Holiday => parts.push(piece(span, Why::Holiday)),
            Reason::OutsideHours => parts.push(piece(span, Why::OutsideHours)),
            Reason::OutOfReach => parts.push(piece(span, Why::OutOfReach)),
        }
    }
    parts
}

fn piece((from, to): (i64, i64), why: Why) -> Part {
    Part { from, to, why }
}

fn push_counted(parts: &mut Vec<Part>, (from, to): (i64, i64), states: &[(i64, String)]) {
    let first = states.partition_point(|(since, _)| *since <= from);
    let mut state = first.checked_sub(1).map(|before| states[before].1.clone());
    let mut at = from;
    for (since, next) in states[first..].iter().take_while(|(since, _)| *since < to) {
        if *since > at {
            parts.push(piece((at, *since), Why::Counted { state }));
        }
        (at, state) = (*since, Some(next.clone()));
    }
    parts.push(piece((at, to), Why::Counted { state }));
}

fn push_still(parts: &mut Vec<Part>, (from, to): (i64, i64), halts: &[Halt]) {
    let first = halts.partition_point(|halt| halt.to <= from);
    for halt in halts[first..].iter().take_while(|halt| halt.from < to) {
        let why =
            if halt.is_stop { Why::Stopped } else { Why::Paused { state: halt.state.clone() } };
        parts.push(piece((halt.from.max(from), halt.to.min(to)), why));
    }
}
