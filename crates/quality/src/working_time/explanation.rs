//! Why a clock shows what it shows: the whole span from one instant to another, cut into parts,
//! each counted or not, and if not, why. Not a text: pages and reports word it in their language.

use super::elapsed::merged_pauses;
use super::{Calendar, Interval};

/// Why a part of a span counts or does not.
///
/// | part of the span | reason |
/// | --- | --- |
/// | service time, no pause | `Counted` |
/// | service time, pause | `Pause` |
/// | no service time, pause or not, on a holiday | `Holiday` |
/// | no service time, pause or not, on any other day | `OutsideHours` |
/// | before the first or after the last year of calendars | `OutOfReach` |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// It counts.
    Counted,
    /// Service time during which the clock was paused.
    Pause,
    /// A local date without service time because it is a holiday.
    Holiday,
    /// Outside the hours of its day.
    OutsideHours,
    /// Before [`super::FIRST_YEAR`] or after [`super::LAST_YEAR`].
    OutOfReach,
}

/// A stretch of time with one reason: from an instant (included) to another (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub from: i64,
    pub to: i64,
    pub reason: Reason,
}

/// The parts of a span in order, without a hole; no two neighbours share a reason, but each
/// holiday is a part of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    pub parts: Vec<Part>,
}

impl Explanation {
    /// The time that has the reason, in microseconds. For `Counted` it equals
    /// [`super::elapsed_without`]; with `Pause` added, [`super::elapsed`].
    #[must_use]
    pub fn total(&self, reason: Reason) -> i64 {
        self.parts.iter().filter(|part| part.reason == reason).map(|part| part.to - part.from).sum()
    }

    fn push(&mut self, from: i64, to: i64, reason: Reason) {
        if from >= to {
            return;
        }
        match self.parts.last_mut() {
            Some(last) if last.reason == reason && reason != Reason::Holiday => last.to = to,
            _ => self.parts.push(Part { from, to, reason }),
        }
    }
}

/// Explains the span between two instants, day by day. It is empty unless `to` is after `from`.
/// Pauses as in [`super::elapsed_without`].
#[must_use]
pub fn explain(calendar: &Calendar, from: i64, to: i64, pauses: &[Interval]) -> Explanation {
    let pauses = merged_pauses(pauses);
    let reach = calendar.reach();
    let (first, last) = (from.max(reach.0), to.min(reach.1));
    let mut explanation = Explanation::default();
    explanation.push(from, to.min(reach.0), Reason::OutOfReach);
    let mut at = first;
    let mut date = calendar.day_of(first);
    while at < last {
        let day = calendar.day(date);
        let off = if calendar.is_holiday(date) { Reason::Holiday } else { Reason::OutsideHours };
        for &counted in &day.counted {
            let counted = (counted.0.max(at), counted.1.min(last));
            if counted.0 < counted.1 {
                explanation.push(at, counted.0, off);
                push_counted(&mut explanation, counted, &pauses);
                at = counted.1;
            }
        }
        explanation.push(at, day.to.min(last), off);
        at = at.max(day.to);
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    explanation.push(from.max(reach.1), to, Reason::OutOfReach);
    explanation
}

/// Cuts service time at the pauses, which are in order.
fn push_counted(explanation: &mut Explanation, (from, to): Interval, pauses: &[Interval]) {
    let mut at = from;
    let first = pauses.partition_point(|pause| pause.1 <= from);
    for &(pause_from, pause_to) in pauses[first..].iter().take_while(|pause| pause.0 < to) {
        explanation.push(at, pause_from, Reason::Counted);
        explanation.push(pause_from.max(from), pause_to.min(to), Reason::Pause);
        at = pause_to;
    }
    explanation.push(at, to, Reason::Counted);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::working_time::{CalendarOutline, elapsed, elapsed_without};

    const HOUR: i64 = 3_600_000_000;

    /// 1970-01-01 was a Thursday; here it and the day after are holidays.
    fn office() -> Calendar {
        let mut outline = CalendarOutline { zone: "UTC".to_owned(), ..Default::default() };
        for day in &mut outline.week[..5] {
            *day = vec!["09:00-12:00".to_owned(), "13:00-17:00".to_owned()];
        }
        outline.holidays = vec!["1970-01-01".to_owned(), "1970-01-02".to_owned()];
        Calendar::new(&outline).unwrap()
    }

    #[test]
    fn the_table_of_reasons_holds() {
        let pauses = [(-9 * HOUR, -8 * HOUR), (-12 * HOUR, -10 * HOUR), (3 * HOUR, 5 * HOUR)];
        let got = explain(&office(), -15 * HOUR, 105 * HOUR + 1, &pauses);
        let want = [
            (-15, -12, Reason::Counted),
            (-12, -11, Reason::OutsideHours),
            (-11, -10, Reason::Pause),
            (-10, -9, Reason::Counted),
            (-9, -8, Reason::Pause),
            (-8, -7, Reason::Counted),
            (-7, 0, Reason::OutsideHours),
            (0, 24, Reason::Holiday),
            (24, 48, Reason::Holiday),
            (48, 105, Reason::OutsideHours),
        ];
        let parts = got.parts.iter().map(|part| (part.from / HOUR, part.to / HOUR, part.reason));
        assert_eq!(parts.clone().take(10).collect::<Vec<_>>(), want);
        assert_eq!(got.parts.len(), 11, "one microsecond of Monday counts");
        assert_eq!(got.total(Reason::Pause), 2 * HOUR);
    }

    #[test]
    fn parts_have_no_hole_and_sum_to_what_is_counted() {
        let calendar = office();
        let pauses = [(-100 * HOUR, -90 * HOUR), (50 * HOUR, 300 * HOUR), (400 * HOUR, i64::MAX)];
        for (from, to) in [(-500 * HOUR + 7, 900 * HOUR + 3), (0, 1), (5, 5), (9, 2)] {
            let got = explain(&calendar, from, to, &pauses);
            assert!(got.parts.windows(2).all(|pair| pair[0].to == pair[1].from));
            let counted = got.total(Reason::Counted);
            assert_eq!(counted, elapsed_without(&calendar, from, to, &pauses));
            assert_eq!(counted + got.total(Reason::Pause), elapsed(&calendar, from, to));
            let whole: i64 = got.parts.iter().map(|part| part.to - part.from).sum();
            assert_eq!(whole, (to - from).max(0));
        }
    }

    #[test]
    fn time_out_of_reach_is_said_so() {
        let calendar = Calendar::around_the_clock("UTC").unwrap();
        let (first, last) = calendar.reach();
        let reasons = |from, to| -> Vec<Reason> {
            explain(&calendar, from, to, &[]).parts.iter().map(|part| part.reason).collect()
        };
        assert_eq!(reasons(first - 2, first - 1), [Reason::OutOfReach]);
        assert_eq!(reasons(first - 1, first + 1), [Reason::OutOfReach, Reason::Counted]);
        assert_eq!(reasons(last - 1, last + 1), [Reason::Counted, Reason::OutOfReach]);
        assert_eq!(reasons(last + 1, last + 2), [Reason::OutOfReach]);
    }
}
