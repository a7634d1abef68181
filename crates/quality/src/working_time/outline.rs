//! A calendar as a person writes it, and the check that turns its texts into dates and minutes.
//! Not the calendar that counts: that is [`super::Calendar`]. Apart so that all problems of an
//! outline come at once and the arithmetic never meets a text.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::CalendarProblem;
use super::year::{FIRST_YEAR, LAST_YEAR};

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A calendar in plain texts, unchecked.
///
/// | text | holds |
/// | --- | --- |
/// | `09:00-17:00` | yes |
/// | `22:00-24:00` | yes: to the end of the day |
/// | `09:00-12:00` and `12:00-17:00` on one day | yes: they touch |
/// | `9:00-17:00`, `09:00`, `09:00-24:01` | no: malformed |
/// | `22:00-06:00`, `09:00-09:00` | no: does not end after it starts |
/// | `09:00-12:00` and `11:00-17:00` on one day | no: they overlap |
/// | `2026-2-14`, `2026-02-30`, `2200-01-01` | no: not a date that calendars reach |
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarOutline {
    /// IANA name of the time zone, for example `Asia/Shanghai`; case does not matter.
    pub zone: String,
    /// The intervals of each weekday, Monday first.
    pub week: [Vec<String>; 7],
    /// Local dates without any service time. A date given twice is one holiday.
    pub holidays: Vec<String>,
    /// Local dates with intervals of their own, which replace the weekly pattern and any holiday:
    /// a make-up working day, a half day. Without intervals, a day off.
    pub extra_days: Vec<(String, Vec<String>)>,
}

/// The hours of one local day: pairs of minutes since its midnight, in order, without overlap.
pub(super) type Hours = Vec<(u16, u16)>;

/// An outline whose texts have been read and checked. The zone is checked elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Pattern {
    pub week: [Hours; 7],
    pub holidays: BTreeSet<Date>,
    pub extra_days: BTreeMap<Date, Hours>,
}

/// Reads the outline; every problem found is added to `problems`.
pub(super) fn read(outline: &CalendarOutline, problems: &mut Vec<CalendarProblem>) -> Pattern {
    let mut pattern = Pattern::default();
    for (index, texts) in outline.week.iter().enumerate() {
        let day = format!("week.{}", WEEKDAYS[index]);
        pattern.week[index] = read_hours(&day, texts, problems);
    }
    for text in &outline.holidays {
        pattern.holidays.extend(read_date("holidays", text, problems));
    }
    for (text, intervals) in &outline.extra_days {
        let hours = read_hours(&format!("extra_days.{text}"), intervals, problems);
        let Some(date) = read_date("extra_days", text, problems) else { continue };
        if pattern.extra_days.insert(date, hours).is_some() {
            problems.push(CalendarProblem::RepeatedExtraDay { date: text.clone() });
        }
    }
    let lists = outline.week.iter().chain(outline.extra_days.iter().map(|(_, texts)| texts));
    if lists.into_iter().all(Vec::is_empty) {
        problems.push(CalendarProblem::NoServiceTime);
    }
    pattern
}

fn read_hours(day: &str, texts: &[String], problems: &mut Vec<CalendarProblem>) -> Hours {
    let day = || day.to_owned();
    let mut hours = Hours::new();
    for text in texts {
        let interval = || text.clone();
        match read_interval(text) {
            None => problems
                .push(CalendarProblem::MalformedInterval { day: day(), interval: interval() }),
            Some((start, end)) if end <= start => {
                problems.push(CalendarProblem::EmptyInterval { day: day(), interval: interval() });
            }
            Some((start, end)) => match hours.iter().find(|h| h.0 < end && start < h.1) {
                None => hours.push((start, end)),
                Some(&other) => problems.push(CalendarProblem::OverlappingIntervals {
                    day: day(),
                    interval: interval(),
                    other: write_interval(other),
                }),
            },
        }
    }
    hours.sort_unstable();
    hours
}

fn read_interval(text: &str) -> Option<(u16, u16)> {
    let (start, end) = text.split_once('-')?;
    Some((read_minute(start)?, read_minute(end)?))
}

/// Reads `HH:MM`, 00:00 to 24:00, as minutes since midnight.
fn read_minute(text: &str) -> Option<u16> {
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let hour = digit(h1)? * 10 + digit(h2)?;
    let minute = digit(m1)? * 10 + digit(m2)?;
    let since_midnight = hour * 60 + minute;
    (minute < 60 && since_midnight <= 24 * 60).then_some(since_midnight)
}

fn write_interval((start, end): (u16, u16)) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
}

fn read_date(field: &'static str, text: &str, problems: &mut Vec<CalendarProblem>) -> Option<Date> {
    // The parser of dates is lenient (it takes `20260214` and a time behind the date); we are not.
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    let date = date.filter(|date| (FIRST_YEAR..=LAST_YEAR).contains(&date.year()));
    if date.is_none() {
        problems.push(CalendarProblem::MalformedDate { field, date: text.to_owned() });
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(monday: &[&str], holidays: &[&str], extra: &[(&str, &[&str])]) -> Vec<String> {
        let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let mut outline = CalendarOutline { zone: "UTC".to_owned(), ..Default::default() };
        outline.week[0] = own(monday);
        outline.holidays = own(holidays);
        outline.extra_days =
            extra.iter().map(|(day, list)| ((*day).to_owned(), own(list))).collect();
        let mut problems = Vec::new();
        read(&outline, &mut problems);
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_table_of_texts_holds() {
        let good: [&[&str]; 4] = [
            &["09:00-17:00"],
            &["22:00-24:00", "00:00-06:00"],
            &["09:00-12:00", "12:00-17:00"],
            &["00:00-24:00"],
        ];
        for monday in good {
            assert_eq!(problems_of(monday, &[], &[]), Vec::<String>::new(), "{monday:?}");
        }
        let bad: [(&[&str], &str); 9] = [
            (&["9:00-17:00"], "is not an interval"),
            (&["09:00"], "is not an interval"),
            (&["09:00-24:01"], "is not an interval"),
            (&["09:60-10:00"], "is not an interval"),
            (&["09:00-+9:00"], "is not an interval"),
            (&[""], "is not an interval"),
            (&["22:00-06:00"], "week.monday: `22:00-06:00` does not end after it starts"),
            (&["09:00-09:00"], "does not end after it starts"),
            (&["09:00-12:00", "11:00-17:00"], "week.monday: `11:00-17:00` overlaps `09:00-12:00`"),
        ];
        for (monday, want) in bad {
            let got = problems_of(monday, &[], &[]);
            assert!(got.len() == 1 && got[0].contains(want), "{monday:?}: {got:?}");
        }
    }

    #[test]
    fn dates_are_checked_and_all_problems_come_at_once() {
        let bad = ["2026-2-14", "2026-02-30", "20260214", "2026-02-14T10:00", "2200-01-01", ""];
        assert_eq!(problems_of(&["09:00-17:00"], &bad, &[]).len(), bad.len());
        let got = problems_of(
            &["x"],
            &["1899-12-31"],
            &[("2026-02-14", &["09:00-12:00"]), ("2026-02-14", &["13:00-12:00"])],
        );
        let want = ["week.monday: `x`", "holidays: `1899", "extra_days.2026-02-14: `13", "once"];
        assert_eq!(got.len(), want.len(), "{got:?}");
        assert!(got.iter().zip(want).all(|(text, part)| text.contains(part)), "{got:?}");
    }

    #[test]
    fn a_calendar_without_any_hours_is_refused() {
        let want = ["week: no day has any hours; give at least one interval in `week` or \
                     `extra_days`"];
        assert_eq!(problems_of(&[], &["2026-01-01"], &[("2026-01-02", &[])]), want);
        assert!(problems_of(&[], &[], &[("2026-01-02", &["09:00-12:00"])]).is_empty());
    }
}
