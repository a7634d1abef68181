//! The checked calendar: which time of a local day is service time. It answers for one day and for
//! one year; sums over spans, due instants and explanations are its neighbours' work.

use std::sync::OnceLock;

use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;

use super::local::{day_of, day_start, find_zone, instant_of};
use super::outline::{self, Pattern};
use super::year::{FIRST_YEAR, LAST_YEAR, Year};
use super::{CalendarOutline, CalendarProblem, Interval};

const YEARS: usize = (LAST_YEAR - FIRST_YEAR + 1) as usize;
const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// A service calendar that has been checked: zone, weekly pattern, holidays, extra days.
///
/// It reaches from [`FIRST_YEAR`] to [`LAST_YEAR`], local time; outside of them nothing counts. It
/// keeps the years it has worked out, some 12 kB each for office hours, so keep the calendar.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    pattern: Pattern,
    reach: Interval,
    years: Box<[OnceLock<Year>]>,
}

/// One local day in instants: where it begins and ends, and its counted intervals, in order,
/// merged, within the day. A date that does not exist begins where it ends.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub from: i64,
    pub to: i64,
    pub counted: Vec<Interval>,
}

impl Calendar {
    /// Checks an outline.
    ///
    /// # Errors
    /// Every problem of the outline at once, each naming its field and the mend.
    pub fn new(outline: &CalendarOutline) -> Result<Self, Vec<CalendarProblem>> {
        let mut problems = Vec::new();
        let zone = find_zone(&outline.zone);
        if zone.is_none() {
            problems.push(CalendarProblem::UnknownZone { zone: outline.zone.clone() });
        }
        let pattern = outline::read(outline, &mut problems);
        match zone {
            Some(zone) if problems.is_empty() => Ok(Self::of(zone, pattern)),
            _ => Err(problems),
        }
    }

    /// A calendar that counts all time (24x7). The zone decides nothing but local dates.
    ///
    /// # Errors
    /// The zone is not in the time-zone data.
    pub fn around_the_clock(zone: &str) -> Result<Self, CalendarProblem> {
        let all_day = || vec![(0, MINUTES_OF_A_DAY)];
        let pattern = Pattern { week: std::array::from_fn(|_| all_day()), ..Pattern::default() };
        let known = find_zone(zone);
        known.map_or_else(
            || Err(CalendarProblem::UnknownZone { zone: zone.to_owned() }),
            |zone| Ok(Self::of(zone, pattern)),
        )
    }

    /// The IANA name of its zone, in the spelling of the time-zone data.
    #[must_use]
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// Whether the local date is a holiday that no extra day replaces.
    #[must_use]
    pub fn is_holiday(&self, day: Date) -> bool {
        self.pattern.holidays.contains(&day) && !self.pattern.extra_days.contains_key(&day)
    }

    fn of(zone: TimeZone, pattern: Pattern) -> Self {
        let reach =
            (day_start(&zone, date(FIRST_YEAR, 1, 1)), day_start(&zone, date(LAST_YEAR + 1, 1, 1)));
        Self { zone, pattern, reach, years: vec![OnceLock::new(); YEARS].into_boxed_slice() }
    }

    /// The instants between which the calendar counts at all.
    pub(super) fn reach(&self) -> Interval {
        self.reach
    }

    pub(super) fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The local date that holds an instant within the reach.
    pub(super) fn day_of(&self, instant: i64) -> Date {
        day_of(&self.zone, instant.clamp(self.reach.0, self.reach.1 - 1))
    }

    pub(super) fn start_of(&self, day: Date) -> i64 {
        day_start(&self.zone, day)
    }

    /// The day of a local date.
    pub(super) fn day(&self, day: Date) -> Day {
        self.resolve_from(day, self.start_of(day))
    }

    /// The day of a local date whose beginning is known already.
    pub(super) fn resolve_from(&self, day: Date, from: i64) -> Day {
        let to = day.tomorrow().map_or(from, |next| self.start_of(next));
        let mut counted: Vec<Interval> = Vec::new();
        for &(start, end) in self.hours(day) {
            let interval = (
                self.instant_at(day, start, (from, to)).max(from),
                self.instant_at(day, end, (from, to)).min(to),
            );
            if interval.0 < interval.1 {
                counted.push(interval);
            }
        }
        Day { from, to, counted: merge(counted) }
    }

    /// The years from that of the first instant to that of the last, worked out when reached.
    pub(super) fn years(&self, from: i64, to: i64) -> impl Iterator<Item = &Year> {
        let (first, last) = (self.year_index(from), self.year_index(to));
        (first..=last).filter_map(|index| self.year(index))
    }

    /// The index of the year that holds the instant.
    pub(super) fn year_index(&self, instant: i64) -> usize {
        usize::try_from(self.day_of(instant).year() - FIRST_YEAR).unwrap_or(0)
    }

    /// A year by its index; none beyond the reach.
    pub(super) fn year(&self, index: usize) -> Option<&Year> {
        let year = FIRST_YEAR + i16::try_from(index).ok()?;
        Some(self.years.get(index)?.get_or_init(|| Year::resolve(self, year)))
    }

    fn hours(&self, day: Date) -> &[(u16, u16)] {
        if let Some(hours) = self.pattern.extra_days.get(&day) {
            return hours;
        }
        if self.pattern.holidays.contains(&day) {
            return &[];
        }
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        &self.pattern.week[weekday]
    }

    /// Midnight is the boundary of the day itself, which is known already.
    fn instant_at(&self, day: Date, minute: u16, (from, to): Interval) -> i64 {
        if minute == 0 {
            return from;
        }
        if minute >= MINUTES_OF_A_DAY {
            return to;
        }
        let time = Time::midnight() + jiff::SignedDuration::from_mins(i64::from(minute));
        instant_of(&self.zone, day.to_datetime(time))
    }
}

/// Brings intervals into order and joins those that touch or overlap. Hours around a gap can end
/// up out of order, since those inside the gap move forward.
pub(super) fn merge(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for (from, to) in intervals {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_zone_is_named() {
        let problem = Calendar::around_the_clock("Mars/Olympus").unwrap_err();
        assert!(problem.to_string().starts_with("zone: `Mars/Olympus` is not in"), "{problem}");
        let problems = Calendar::new(&CalendarOutline::default()).unwrap_err();
        assert_eq!(problems.len(), 2, "zone and hours: {problems:?}");
        assert_eq!(Calendar::around_the_clock("asia/shanghai").unwrap().zone(), "Asia/Shanghai");
    }

    #[test]
    fn an_extra_day_wins_over_a_holiday() {
        let mut outline = CalendarOutline { zone: "UTC".to_owned(), ..Default::default() };
        outline.holidays = vec!["2026-12-24".to_owned(), "2026-12-25".to_owned()];
        outline.extra_days = vec![("2026-12-24".to_owned(), vec!["09:00-12:00".to_owned()])];
        let calendar = Calendar::new(&outline).unwrap();
        assert!(
            !calendar.is_holiday(date(2026, 12, 24)) && calendar.is_holiday(date(2026, 12, 25))
        );
        assert_eq!(calendar.day(date(2026, 12, 24)).counted.len(), 1);
        assert!(calendar.day(date(2026, 12, 25)).counted.is_empty());
    }

    #[test]
    fn hours_that_a_gap_puts_out_of_order_are_merged() {
        let mut outline =
            CalendarOutline { zone: "Europe/Berlin".to_owned(), ..Default::default() };
        outline.week[6] = vec!["02:30-02:45".to_owned(), "03:15-03:40".to_owned()];
        let counted = Calendar::new(&outline).unwrap().day(date(2025, 3, 30)).counted;
        let minutes: Vec<i64> = counted.iter().map(|(from, to)| (to - from) / 60_000_000).collect();
        assert_eq!(minutes, [30], "03:30-03:45 and 03:15-03:40 are 03:15-03:45");
    }

    #[test]
    fn hours_do_not_begin_before_their_day() {
        // On 1919-03-30 Toronto's clocks went from 23:30 to 00:30: the day after begins at 01:00.
        let mut outline =
            CalendarOutline { zone: "America/Toronto".to_owned(), ..Default::default() };
        outline.week[0] = vec!["00:45-02:00".to_owned()];
        let counted = Calendar::new(&outline).unwrap().day(date(1919, 3, 31)).counted;
        let minutes: Vec<i64> = counted.iter().map(|(from, to)| (to - from) / 60_000_000).collect();
        assert_eq!(minutes, [60]);
    }
}
