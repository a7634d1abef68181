//! Days as numbers since 1970-01-01: their names, and the instant at which they begin in a zone.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

const EPOCH: Date = Date::constant(1970, 1, 1);
const MICROS: i64 = 86_400_000_000;

/// The day of the calendar.
pub fn date(day: i32) -> Date {
    let span = Span::new().try_days(day);
    span.and_then(|span| EPOCH.checked_add(span)).unwrap_or(EPOCH)
}

/// `2026-11-23`
pub fn iso(day: i32) -> String {
    date(day).to_string()
}

/// Microseconds of the midnight that begins the day; where the clock skips it, of the first moment
/// after.
pub fn start(day: i32, zone: &TimeZone) -> i64 {
    let midnight = date(day).at(0, 0, 0, 0);
    let begun = zone.to_ambiguous_zoned(midnight).compatible();
    begun.map_or(i64::from(day) * MICROS, |at| at.timestamp().as_microsecond())
}

/// The day an instant lies in.
pub fn of(at: i64, zone: &TimeZone) -> i32 {
    let Ok(at) = Timestamp::from_microsecond(at) else { return 0 };
    EPOCH.until(at.to_zoned(zone.clone()).date()).map_or(0, |span| span.get_days())
}

pub fn is_weekend(day: i32) -> bool {
    matches!(date(day).weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// `Mon 23`, with the month on its first day; `周一 23`.
pub fn short(day: i32, zh: bool) -> String {
    let date = date(day);
    if zh {
        let week = ["一", "二", "三", "四", "五", "六", "日"];
        let name = week[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
        return match date.day() {
            1 => format!("{}-{} 周{name}", date.month(), date.day()),
            day => format!("{day} 周{name}"),
        };
    }
    let form = if date.day() == 1 { "%a %-d %b" } else { "%a %-d" };
    date.strftime(form).to_string()
}

/// `23 November`; `11 月 23 日`.
pub fn long(day: i32, zh: bool) -> String {
    let date = date(day);
    match zh {
        true => format!("{} 月 {} 日", date.month(), date.day()),
        false => date.strftime("%-d %B").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::expression::literal;

    fn day(text: &str) -> i32 {
        literal::date(text).unwrap()
    }

    #[test]
    fn days_are_named_in_both_languages() {
        for (iso, en, zh) in
            [("2026-11-23", "Mon 23", "23 周一"), ("2026-12-01", "Tue 1 Dec", "12-1 周二")]
        {
            assert_eq!((short(day(iso), false).as_str(), short(day(iso), true).as_str()), (en, zh));
        }
        assert_eq!(long(day("2026-11-23"), false), "23 November");
        assert_eq!(long(day("2026-11-23"), true), "11 月 23 日");
        assert!(is_weekend(day("2026-11-28")) && !is_weekend(day("2026-11-27")));
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let at: Timestamp = "2026-11-22T16:00:00Z".parse().unwrap();
        assert_eq!(start(day("2026-11-23"), &zone), at.as_microsecond());
        assert_eq!(of(at.as_microsecond(), &zone), day("2026-11-23"));
        assert_eq!(of(at.as_microsecond() - 1, &zone), day("2026-11-22"));
    }
}
