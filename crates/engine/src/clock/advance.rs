//! How a clock goes on when its record is written: the levels of `start`, `pause` and `stop` become
//! events. Decides what happens; what follows from it is `compute`'s work.

use super::calendar::ServiceCalendar;
use super::compute::recompute;
use super::course::{Course, Term};
use super::state::{Allowance, ClockState, Event, Phase, Versions, What};
use model::definition::{Clock, Targets};
use model::expression::Facts;
use quality::working_time::zone_data_version;

/// What a clock is computed with.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// None where the clock's calendar is missing or has faults: events are kept all the same, and
    /// the figures follow by [`refresh`] once there is one.
    pub calendar: Option<&'a ServiceCalendar>,
    /// The version of the definitions.
    pub definition: i64,
}

impl Basis<'_> {
    pub fn versions(&self) -> Versions {
        Versions {
            calendar: self.calendar.map(|calendar| calendar.version.clone()),
            zone_data: zone_data_version().to_owned(),
            definition: self.definition,
        }
    }
}

/// The clock after one version of its record, whose facts these are, began to stand at `at`. None
/// while it has never started. To be called for each version, in order; calling it again with
/// the same facts adds no event. An instant before the last event is taken as that.
///
/// The expressions are levels: what they say of this version counts, not what changed.
///
/// | the clock | stop | pause | start | then |
/// | --- | --- | --- | --- | --- |
/// | not started | yes | any | any | not started: there was nothing to time |
/// | not started | no | any | no | not started |
/// | not started | no | no | yes | started |
/// | not started | no | yes | yes | started, paused |
/// | running or paused | yes | any | any | stopped |
/// | running | no | yes | any | paused |
/// | running | no | no | any | runs on, though `start` no longer holds |
/// | paused | no | yes | any | paused; in a state of its own where the state is another |
/// | paused | no | no | any | resumed |
/// | stopped | yes | any | any | as it was |
/// | stopped | no | no | yes | reopened: counts on |
/// | stopped | no | yes | any | reopened, paused |
/// | stopped | no | no | no | ended: not what the clock times |
/// | ended | yes | any | any | as it was |
/// | ended | no | any | no | as it was |
/// | ended | no | no | yes | a new run: started |
/// | ended | no | yes | yes | a new run: started, paused |
pub fn advance(
    clock: &Clock,
    state: Option<&ClockState>,
    facts: &dyn Facts,
    at: i64,
    basis: Basis,
) -> Option<ClockState> {
    let levels = Levels::of(clock, facts);
    let steps = steps(state, &levels);
    let begins = matches!(steps.first(), Some(What::Started { .. }));
    let Some(state) = state.filter(|_| !begins) else {
        let mut fresh = begin(clock, facts, at, steps, basis)?;
        fresh.earlier = state.map(runs_before).unwrap_or_default();
        return Some(fresh);
    };
    let at = latest(state, at);
    let was_open = state.phase != Phase::Stopped;
    let reopens = matches!(steps.first(), Some(What::Reopened { .. }));
    let stops = matches!(steps.first(), Some(What::Stopped { .. }));
    let mut events = state.events.clone();
    if was_open || reopens {
        events.extend(recalculated(state, &basis).map(|what| Event { at, what }));
    }
    events.extend(steps.into_iter().map(|what| Event { at, what }));
    if (was_open && !stops) || reopens {
        let term = Course::of(&events).and_then(|course| course.terms.last().cloned());
        events.extend(new_target(clock, facts, term.as_ref()).map(|what| Event { at, what }));
    }
    rebuilt(state, events, at, basis, was_open || reopens)
}

/// The clock at `at` under this basis, where its record has not changed: for all open clocks when a
/// calendar, a holiday or the zone data changes, and for any clock before it is shown. A stopped
/// clock keeps its result, unless it stopped while there was no calendar to compute one with.
pub fn refresh(state: &ClockState, at: i64, basis: Basis) -> ClockState {
    let at = latest(state, at);
    let lacks = state.versions.calendar.is_none() && basis.calendar.is_some();
    let anew = state.phase != Phase::Stopped || lacks;
    let mut events = state.events.clone();
    if anew {
        events.extend(recalculated(state, &basis).map(|what| Event { at, what }));
    }
    rebuilt(state, events, at, basis, anew).unwrap_or_else(|| state.clone())
}

/// What the three expressions say of one version of the record.
struct Levels {
    start: bool,
    pause: bool,
    stop: bool,
    state: Option<String>,
}

impl Levels {
    fn of(clock: &Clock, facts: &dyn Facts) -> Levels {
        let state = model::Name::new("state").map(|name| facts.field(&name)).unwrap_or_default();
        Levels {
            start: clock.start.holds(facts),
            pause: clock.pause.as_ref().is_some_and(|pause| pause.holds(facts)),
            stop: clock.stop.holds(facts),
            state: state.as_text().map(str::to_owned),
        }
    }
}

/// The table of [`advance`].
fn steps(state: Option<&ClockState>, levels: &Levels) -> Vec<What> {
    let name = || levels.state.clone();
    let paused = || levels.pause.then(|| What::Paused { state: name() });
    let fresh = || std::iter::once(What::Started { state: name() }).chain(paused()).collect();
    let Some(state) = state.filter(|state| !state.is_ended()) else {
        return if levels.start && !levels.stop { fresh() } else { Vec::new() };
    };
    match (state.phase, levels.stop, levels.pause) {
        (Phase::Stopped, true, _) => Vec::new(),
        (Phase::Stopped, false, false) if !levels.start => vec![What::Ended],
        (Phase::Stopped, false, _) => {
            std::iter::once(What::Reopened { state: name() }).chain(paused()).collect()
        }
        (_, true, _) => vec![What::Stopped { state: name() }],
        (Phase::Paused, false, true) if paused_in(state) == levels.state => Vec::new(),
        (_, false, true) => paused().into_iter().collect(),
        (Phase::Paused, false, false) => vec![What::Resumed { state: name() }],
        (Phase::Running, false, false) => Vec::new(),
    }
}

fn paused_in(state: &ClockState) -> Option<String> {
    Course::of(&state.events)?.paused_in().map(str::to_owned)
}

fn begin(
    clock: &Clock,
    facts: &dyn Facts,
    at: i64,
    mut steps: Vec<What>,
    basis: Basis,
) -> Option<ClockState> {
    if steps.is_empty() {
        return None;
    }
    // The target stands behind the start, before a pause of the same instant.
    steps.extend(new_target(clock, facts, None));
    steps[1..].rotate_right(1);
    let events: Vec<Event> = steps.into_iter().map(|what| Event { at, what }).collect();
    recompute(&events, &basis.versions(), basis.calendar.map(|c| &c.calendar), at)
}

/// The target event where the target is not that of the term. The first is always told, so that
/// a clock says that nothing is due rather than nothing at all.
fn new_target(clock: &Clock, facts: &dyn Facts, term: Option<&Term>) -> Option<What> {
    let (choice, allowance) = target(clock, facts);
    let warn_percent = clock.warn_at;
    let same = term.is_some_and(|term| {
        term.choice == choice && term.allowance == allowance && term.warn_percent == warn_percent
    });
    (!same).then_some(What::Target { choice, allowance, warn_percent })
}

fn target(clock: &Clock, facts: &dyn Facts) -> (Option<String>, Option<Allowance>) {
    match &clock.target {
        Targets::One(target) => (None, Some(Allowance::from(*target))),
        Targets::By(field, targets) => {
            let value = facts.field(field);
            let choice = value.as_text();
            let target = choice.and_then(|choice| targets.get(choice));
            (choice.map(str::to_owned), target.copied().map(Allowance::from))
        }
    }
}

/// The event that keeps the old answer where other times count now.
fn recalculated(state: &ClockState, basis: &Basis) -> Option<What> {
    (!state.versions.count_alike(&basis.versions())).then(|| What::Recalculated {
        before: state.versions.clone(),
        due_at: state.due_at,
        breached_at: state.breached_at,
    })
}

/// `anew`: by the basis. Otherwise only the list of events grows and the result stands.
fn rebuilt(
    state: &ClockState,
    events: Vec<Event>,
    at: i64,
    basis: Basis,
    anew: bool,
) -> Option<ClockState> {
    if !anew {
        return Some(ClockState { events, ..state.clone() });
    }
    let calendar = basis.calendar.map(|calendar| &calendar.calendar);
    let mut next = recompute(&events, &basis.versions(), calendar, at)?;
    next.earlier = state.earlier.clone();
    Some(next)
}

fn runs_before(state: &ClockState) -> Vec<ClockState> {
    let mut earlier = state.earlier.clone();
    earlier.push(ClockState { earlier: Vec::new(), ..state.clone() });
    earlier
}

fn latest(state: &ClockState, at: i64) -> i64 {
    state.events.last().map_or(at, |event| event.at.max(at))
}
