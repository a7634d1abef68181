//! From events and a calendar to all that a clock tells: due, warning, counted time, breaches. The
//! one place where these are computed; whoever advances a clock only adds an event and asks here.

use super::course::{Course, Term};
use super::state::{Allowance, ClockState, Event, Lapse, Versions};
use quality::working_time::{
    Calendar, Interval, budget_of_days, due_after_days_without, due_without, elapsed_without,
};

/// The clock that these events make, as it stands at an instant. The same events, calendar and
/// instant always give the same clock. None where the events do not begin with a start.
///
/// `versions` is only written down. Without a calendar the phase is told, nothing is counted and
/// nothing due. `at` before the last event is taken as that.
pub fn recompute(
    events: &[Event],
    versions: &Versions,
    calendar: Option<&Calendar>,
    at: i64,
) -> Option<ClockState> {
    let course = Course::of(events)?;
    let last = events.last().map_or(at, |event| event.at.max(at));
    let as_of = course.stopped_at().unwrap_or(last);
    let sums = calendar.map(|calendar| Sums { calendar, course: &course, as_of });
    let term = course.terms.last();
    let reckoning = sums.as_ref().zip(term).map(|(sums, term)| sums.of(term)).unwrap_or_default();
    Some(ClockState {
        events: events.to_vec(),
        phase: course.phase(),
        started_at: course.start,
        stopped_at: course.stopped_at(),
        choice: term.and_then(|term| term.choice.clone()),
        allowance: term.and_then(|term| term.allowance),
        budget: reckoning.budget,
        counted: sums.as_ref().map_or(0, Sums::counted),
        as_of,
        warn_at: reckoning.warn_at,
        due_at: reckoning.due_at,
        breached_at: reckoning.breached_at,
        lapses: sums.as_ref().map_or_else(Vec::new, Sums::lapses),
        versions: versions.clone(),
        earlier: Vec::new(),
    })
}

/// When what is left of the target would be used up if a paused clock ran on from `now`.
pub(super) fn due_if_resumed(course: &Course, calendar: &Calendar, now: i64) -> Option<i64> {
    let delays: Vec<Interval> =
        course.delays().into_iter().map(|(from, to)| (from, to.min(now.max(from)))).collect();
    due(calendar, course.start, course.terms.last()?.allowance?, &delays)
}

struct Sums<'a> {
    calendar: &'a Calendar,
    course: &'a Course,
    as_of: i64,
}

/// What one target makes of a course.
#[derive(Default)]
struct Reckoning {
    budget: Option<i64>,
    warn_at: Option<i64>,
    due_at: Option<i64>,
    breached_at: Option<i64>,
}

impl Sums<'_> {
    fn counted(&self) -> i64 {
        elapsed_without(self.calendar, self.course.start, self.as_of, &self.course.still())
    }

    fn of(&self, term: &Term) -> Reckoning {
        let Some(allowance) = term.allowance else { return Reckoning::default() };
        let budget = budget(self.calendar, self.course.start, allowance);
        let due_at = due(self.calendar, self.course.start, allowance, &self.course.delays());
        Reckoning {
            budget,
            warn_at: budget.zip(term.warn_percent).and_then(|(b, p)| self.warn_at(b, p)),
            due_at,
            breached_at: due_at.and_then(|due| self.breach(due, (term.from, i64::MAX))),
        }
    }

    /// Rounded up, so that the per cent shown then is not one less than that of the warning.
    fn warn_at(&self, budget: i64, percent: u32) -> Option<i64> {
        let share = (i128::from(budget) * i128::from(percent) + 99) / 100;
        let share = i64::try_from(share).ok()?;
        due_without(self.calendar, self.course.start, share, &self.course.delays())
    }

    /// Where the clock first runs beyond due within a span, so far.
    fn breach(&self, due: i64, (from, to): Interval) -> Option<i64> {
        let beyond = |run: Interval| {
            let (from, to) = (run.0.max(from).max(due), run.1.min(to).min(self.as_of));
            (from < to).then_some(from)
        };
        self.course.runs().into_iter().find_map(beyond)
    }

    /// Breaches of each target while it held, but for the present one.
    fn lapses(&self) -> Vec<Lapse> {
        let pairs = self.course.terms.windows(2);
        pairs.filter_map(|pair| self.lapse(&pair[0], pair[1].from)).collect()
    }

    fn lapse(&self, term: &Term, until: i64) -> Option<Lapse> {
        let allowance = term.allowance?;
        let due_at = due(self.calendar, self.course.start, allowance, &self.course.delays())?;
        let at = self.breach(due_at, (term.from, until))?;
        Some(Lapse { at, due_at, choice: term.choice.clone(), allowance })
    }
}

fn due(calendar: &Calendar, start: i64, allowance: Allowance, delays: &[Interval]) -> Option<i64> {
    match allowance {
        Allowance::Elapsed(duration) => due_without(calendar, start, duration, delays),
        Allowance::ServiceDays(days) => due_after_days_without(calendar, start, days, delays),
    }
}

fn budget(calendar: &Calendar, start: i64, allowance: Allowance) -> Option<i64> {
    match allowance {
        Allowance::Elapsed(duration) => Some(duration),
        Allowance::ServiceDays(days) => budget_of_days(calendar, start, days),
    }
}
