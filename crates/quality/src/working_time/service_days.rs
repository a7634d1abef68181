//! Targets in days. Days in targets are service days of the clock's calendar: neither calendar
//! days nor a fixed number of hours. Apart from `elapsed`, which knows durations only.

use jiff::civil::Date;

use super::calendar::Day;
use super::elapsed::{HORIZON, due, due_without, elapsed};
use super::local::{instant_of, reading};
use super::{Calendar, Interval};

/// The instant `days` service days after the start.
///
/// A service day is a local date with any service time. From the first counted instant at or after
/// the start, go forward that many service days; the target is due there at the same local time of
/// day, or at the last closing of that day where this time is not within its hours. (A closing is
/// within; a local time in a gap is moved forward by it.) 0 days: the first counted instant. None
/// where the day lies more than [`HORIZON`] after the start.
///
/// Asia/Shanghai, Monday to Friday 09:00-17:00; 2026-03-09 is a Monday:
///
/// | start | days | besides | due |
/// | --- | --- | --- | --- |
/// | Fri 03-06 16:00 | 3 | | Wed 03-11 16:00 |
/// | Mon 03-09 09:00 | 1 | | Tue 03-10 09:00 |
/// | Mon 03-09 08:00 | 1 | before opening | Tue 03-10 09:00 |
/// | Mon 03-09 17:00 | 1 | closed: counts from Tue 09:00 | Wed 03-11 09:00 |
/// | Sat 03-07 12:00 | 1 | weekend: counts from Mon 09:00 | Tue 03-10 09:00 |
/// | Fri 03-06 16:00 | 3 | Tue 03-10 holiday | Thu 03-12 16:00 |
/// | Tue 03-10 10:00 | 1 | Tue 03-10 holiday | Thu 03-12 09:00 |
/// | Fri 03-06 16:00 | 1 | Sat 03-07 extra day 09:00-17:00 | Sat 03-07 16:00 |
/// | Mon 03-09 16:00 | 1 | Tue 03-10 half day 09:00-12:00 | Tue 03-10 12:00 |
/// | Mon 03-09 10:00 | 1 | Tue 03-10 half day 09:00-12:00 | Tue 03-10 10:00 |
/// | Mon 03-09 10:00 | 1 | Tue 03-10 half day 13:00-17:00 | Tue 03-10 17:00 |
/// | Mon 03-09 12:30 | 1 | Tue 03-10 09:00-12:00 and 13:00-17:00 | Tue 03-10 17:00 |
/// | Mon 03-09 12:00 | 1 | Tue 03-10 09:00-12:00 and 13:00-17:00 | Tue 03-10 12:00 |
/// | Mon 03-09 16:00 | 2 | Tue 03-10 half day: a whole service day | Wed 03-11 16:00 |
/// | Sat 03-07 12:00 | 0 | | Mon 03-09 09:00 |
#[must_use]
pub fn due_after_days(calendar: &Calendar, start: i64, days: u32) -> Option<i64> {
    let first = first_counted(calendar, start)?;
    if days == 0 {
        return Some(first);
    }
    let limit = start.saturating_add(HORIZON).min(calendar.reach().1);
    let (date, day) = service_day_after(calendar, calendar.day_of(first), days, limit)?;
    let time = reading(calendar.time_zone(), first).time();
    let same_time = instant_of(calendar.time_zone(), date.to_datetime(time));
    let within = day.counted.iter().any(|&(from, to)| from <= same_time && same_time <= to);
    let closing = day.counted.last().map(|&(_, to)| to);
    if within { Some(same_time) } else { closing }
}

/// The working time that a target in service days allows, in microseconds: what is counted from
/// the start to the due instant. The share used of such a clock is its elapsed working time over
/// this ([`super::used_percent`]).
#[must_use]
pub fn budget_of_days(calendar: &Calendar, start: i64, days: u32) -> Option<i64> {
    due_after_days(calendar, start, days).map(|due| elapsed(calendar, start, due))
}

/// As [`due_after_days`], for a clock with pauses: it is due when the working time allowed by the
/// days has been used outside the pauses.
///
/// | the pauses took | due |
/// | --- | --- |
/// | no service time before the due instant | as without pauses |
/// | some of it | later by as much working time |
/// | one of them has no end | none |
#[must_use]
pub fn due_after_days_without(
    calendar: &Calendar,
    start: i64,
    days: u32,
    pauses: &[Interval],
) -> Option<i64> {
    let unpaused = due_after_days(calendar, start, days)?;
    let budget = elapsed(calendar, start, unpaused);
    let paused = due_without(calendar, start, budget, pauses)?;
    // A due instant at an opening is, counted in working time, the closing before it: keep it.
    Some(unpaused.max(paused))
}

fn first_counted(calendar: &Calendar, start: i64) -> Option<i64> {
    due(calendar, start, 1).map(|after| after - 1)
}

/// The `days`-th date with service time after `date`, which begins before `limit`.
fn service_day_after(
    calendar: &Calendar,
    mut date: Date,
    days: u32,
    limit: i64,
) -> Option<(Date, Day)> {
    let mut left = days;
    loop {
        date = date.tomorrow().ok()?;
        let day = calendar.day(date);
        if day.from >= limit {
            return None;
        }
        if !day.counted.is_empty() {
            left -= 1;
        }
        if left == 0 {
            return Some((date, day));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::working_time::{CalendarOutline, used_percent};
    use jiff::Timestamp;

    fn at(text: &str) -> i64 {
        format!("2026-{text}:00+08:00").parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn office(holidays: &[&str], extra_days: &[(&str, &[&str])]) -> Calendar {
        let mut outline =
            CalendarOutline { zone: "Asia/Shanghai".to_owned(), ..Default::default() };
        outline.week[..5].fill(vec!["09:00-17:00".to_owned()]);
        outline.holidays = holidays.iter().map(|day| format!("2026-{day}")).collect();
        for (day, texts) in extra_days {
            let texts = texts.iter().map(|&text| text.to_owned()).collect();
            outline.extra_days.push((format!("2026-{day}"), texts));
        }
        Calendar::new(&outline).unwrap()
    }

    #[test]
    fn the_table_of_days_holds() {
        let plain = office(&[], &[]);
        let holiday = office(&["03-10"], &[]);
        let saturday = office(&[], &[("03-07", &["09:00-17:00"])]);
        let morning = office(&[], &[("03-10", &["09:00-12:00"])]);
        let afternoon = office(&[], &[("03-10", &["13:00-17:00"])]);
        let lunch = office(&[], &[("03-10", &["09:00-12:00", "13:00-17:00"])]);
        let cases = [
            (&plain, "03-06T16:00", 3, "03-11T16:00"),
            (&plain, "03-09T09:00", 1, "03-10T09:00"),
            (&plain, "03-09T08:00", 1, "03-10T09:00"),
            (&plain, "03-09T17:00", 1, "03-11T09:00"),
            (&plain, "03-07T12:00", 1, "03-10T09:00"),
            (&holiday, "03-06T16:00", 3, "03-12T16:00"),
            (&holiday, "03-10T10:00", 1, "03-12T09:00"),
            (&saturday, "03-06T16:00", 1, "03-07T16:00"),
            (&morning, "03-09T16:00", 1, "03-10T12:00"),
            (&morning, "03-09T10:00", 1, "03-10T10:00"),
            (&afternoon, "03-09T10:00", 1, "03-10T17:00"),
            (&lunch, "03-09T12:30", 1, "03-10T17:00"),
            (&lunch, "03-09T12:00", 1, "03-10T12:00"),
            (&morning, "03-09T16:00", 2, "03-11T16:00"),
            (&plain, "03-07T12:00", 0, "03-09T09:00"),
        ];
        for (calendar, start, days, want) in cases {
            assert_eq!(due_after_days(calendar, at(start), days), Some(at(want)), "{start} {days}");
        }
    }

    #[test]
    fn the_table_of_pauses_holds() {
        let calendar = office(&[], &[]);
        let due =
            |pauses: &[Interval]| due_after_days_without(&calendar, at("03-06T08:00"), 3, pauses);
        assert_eq!(due(&[]), Some(at("03-11T09:00")));
        assert_eq!(due(&[(at("03-07T00:00"), at("03-09T09:00"))]), Some(at("03-11T09:00")));
        assert_eq!(due(&[(at("03-11T09:00"), i64::MAX)]), Some(at("03-11T09:00")));
        assert_eq!(due(&[(at("03-09T16:00"), at("03-10T10:00"))]), Some(at("03-11T11:00")));
        assert_eq!(due(&[(at("03-09T16:00"), i64::MAX)]), None);
    }

    #[test]
    fn the_share_used_is_of_the_working_time_until_due() {
        let calendar = office(&[], &[("03-10", &["09:00-13:00"])]);
        let start = at("03-09T16:00");
        let budget = budget_of_days(&calendar, start, 1).unwrap();
        assert_eq!(budget, 5 * 3_600_000_000, "Monday 16-17, Tuesday 9-13");
        let now = at("03-10T09:00");
        assert_eq!(used_percent(&calendar, start, now, &[], budget), Some(20.0));
    }

    #[test]
    fn beyond_the_horizon_there_is_no_due_day() {
        let calendar = office(&[], &[]);
        assert!(due_after_days(&calendar, at("03-09T09:00"), 5_000).is_some());
        assert_eq!(due_after_days(&calendar, at("03-09T09:00"), 6_000), None);
        assert_eq!(due_after_days(&calendar, i64::MAX, 1), None);
        assert_eq!(due_after_days(&calendar, i64::MIN, 1), None);
    }

    #[test]
    fn a_local_time_in_a_gap_moves_forward() {
        let calendar = Calendar::around_the_clock("Europe/Berlin").unwrap();
        let instant = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let start = instant("2025-03-29T02:30:00+01:00");
        assert_eq!(due_after_days(&calendar, start, 1), Some(instant("2025-03-30T03:30:00+02:00")));
        assert_eq!(due_after_days(&calendar, start, 2), Some(instant("2025-03-31T02:30:00+02:00")));
    }
}
