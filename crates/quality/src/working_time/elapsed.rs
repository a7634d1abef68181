//! Sums of counted time and their inverse: elapsed, due, share used. Durations only; targets in
//! service days are in `service_days`.

use super::calendar::merge;
use super::{Calendar, Interval};

/// How far behind its start a target is looked for: 20 years of 366 days, in microseconds.
pub const HORIZON: i64 = 20 * 366 * 86_400 * 1_000_000;

/// The counted time between two instants, in microseconds; 0 unless `to` is after `from`.
#[must_use]
pub fn elapsed(calendar: &Calendar, from: i64, to: i64) -> i64 {
    if to <= from {
        return 0;
    }
    calendar.years(from, to).map(|year| year.counted_before(to) - year.counted_before(from)).sum()
}

/// The counted time between two instants without that in the pauses, in microseconds. Pauses may
/// come in any order, overlap and reach beyond the span; one still open ends at `i64::MAX`.
#[must_use]
pub fn elapsed_without(calendar: &Calendar, from: i64, to: i64, pauses: &[Interval]) -> i64 {
    running(from, to, pauses).iter().map(|&(from, to)| elapsed(calendar, from, to)).sum()
}

/// The earliest instant by which `duration` microseconds have been counted since the start.
///
/// | duration | due |
/// | --- | --- |
/// | 0 or less | the start |
/// | used up exactly at closing | that closing |
/// | not counted within [`HORIZON`] of the start | none |
#[must_use]
pub fn due(calendar: &Calendar, start: i64, duration: i64) -> Option<i64> {
    due_without(calendar, start, duration, &[])
}

/// As [`due`], where the time in the pauses does not count; none while a pause is open without end
/// and the duration was not used up before it.
#[must_use]
pub fn due_without(
    calendar: &Calendar,
    start: i64,
    duration: i64,
    pauses: &[Interval],
) -> Option<i64> {
    if duration <= 0 {
        return Some(start);
    }
    let mut left = duration;
    for (from, to) in running(start, start.saturating_add(HORIZON), pauses) {
        for year in calendar.years(from, to) {
            let before = year.counted_before(from);
            let counted = year.counted_before(to) - before;
            if counted >= left {
                return year.instant_of(before + left);
            }
            left -= counted;
        }
    }
    None
}

/// How much of a budget of working time is used at `now`, in percent, above 100 when exceeded.
/// For a target in time the budget is the target; for one in service days see
/// [`super::budget_of_days`]. None for a budget of 0 or less.
#[must_use]
pub fn used_percent(
    calendar: &Calendar,
    start: i64,
    now: i64,
    pauses: &[Interval],
    budget: i64,
) -> Option<f64> {
    let used = elapsed_without(calendar, start, now, pauses);
    (budget > 0).then(|| used as f64 / budget as f64 * 100.0)
}

/// The parts of the span that lie in no pause, in order.
fn running(from: i64, to: i64, pauses: &[Interval]) -> Vec<Interval> {
    let mut running = Vec::with_capacity(pauses.len() + 1);
    let mut at = from;
    for (pause_from, pause_to) in merged_pauses(pauses) {
        if at < pause_from.min(to) {
            running.push((at, pause_from.min(to)));
        }
        at = at.max(pause_to);
    }
    if at < to {
        running.push((at, to));
    }
    running
}

/// Pauses in order and without overlap; those that do not end after they start are none.
pub(super) fn merged_pauses(pauses: &[Interval]) -> Vec<Interval> {
    merge(pauses.iter().copied().filter(|(from, to)| from < to).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn pauses_leave_the_rest_of_the_span() {
        let cases: [(&[Interval], &[Interval]); 6] = [
            (&[], &[(0, 10)]),
            (&[(3, 5)], &[(0, 3), (5, 10)]),
            (&[(8, i64::MAX), (-5, 2)], &[(2, 8)]),
            (&[(3, 5), (4, 7), (9, 9), (8, 6)], &[(0, 3), (7, 10)]),
            (&[(-1, 11)], &[]),
            (&[(20, 30)], &[(0, 10)]),
        ];
        for (pauses, want) in cases {
            assert_eq!(running(0, 10, pauses), want, "{pauses:?}");
        }
    }

    #[test]
    fn the_table_of_due_holds() {
        let mut outline =
            crate::working_time::CalendarOutline { zone: "UTC".to_owned(), ..Default::default() };
        // 1970-01-01 was a Thursday.
        outline.week[3] = vec!["09:00-17:00".to_owned()];
        let calendar = Calendar::new(&outline).unwrap();
        let start = 9 * HOUR;
        assert_eq!(due(&calendar, start, 0), Some(start));
        assert_eq!(due(&calendar, start, -1), Some(start));
        assert_eq!(due(&calendar, start, 8 * HOUR), Some(17 * HOUR));
        assert_eq!(due(&calendar, start, 8 * HOUR + 1), Some((7 * 24 + 9) * HOUR + 1));
        assert_eq!(due(&calendar, start, 8 * HOUR * 2_000), None);
        assert_eq!(due_without(&calendar, start, HOUR, &[(9 * HOUR, 10 * HOUR)]), Some(11 * HOUR));
        assert_eq!(due_without(&calendar, start, HOUR, &[(9 * HOUR + 1, i64::MAX)]), None);
        assert_eq!(used_percent(&calendar, start, 11 * HOUR, &[], 8 * HOUR), Some(25.0));
        assert_eq!(used_percent(&calendar, start, 11 * HOUR, &[], 0), None);
    }

    #[test]
    fn time_outside_the_years_of_a_calendar_does_not_count() {
        let calendar = Calendar::around_the_clock("Asia/Shanghai").unwrap();
        let (from, to) = calendar.reach();
        assert_eq!(elapsed(&calendar, i64::MIN, i64::MAX), to - from);
        assert_eq!(elapsed(&calendar, i64::MIN, from) + elapsed(&calendar, to, i64::MAX), 0);
        assert_eq!(due(&calendar, to, 1), None);
        assert_eq!(due(&calendar, i64::MAX, 1), None);
        assert_eq!(due(&calendar, from, 7), Some(from + 7));
    }
}
