//! The first day of the period that a day is in: weeks begin on Monday, quarters in January,
//! April, July and October. Pure calendar; which day today is, is told by whoever evaluates.

use crate::definition::Period;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970-01-01 of the first day of the period; the day itself where it lies beyond the
/// calendar.
///
/// | day | week | month | quarter | year |
/// | --- | --- | --- | --- | --- |
/// | 2016-05-18, a Wednesday | 05-16 | 05-01 | 04-01 | 01-01 |
pub fn start_of(period: Period, day: i32) -> i32 {
    first(period, day).unwrap_or(day)
}

fn first(period: Period, day: i32) -> Option<i32> {
    let date = EPOCH.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    let month = match period {
        Period::Day => return Some(day),
        // 1970-01-01 was a Thursday, the third day after a Monday.
        Period::Week => return Some(day - (day + 3).rem_euclid(7)),
        Period::Month => date.month(),
        Period::Quarter => (date.month() - 1) / 3 * 3 + 1,
        Period::Year => 1,
    };
    let first = Date::new(date.year(), month, 1).ok()?;
    Some(EPOCH.until(first).ok()?.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::literal::date;

    #[test]
    fn periods_begin_where_people_say() {
        let cases = [
            ("2016-05-18", Period::Week, "2016-05-16"),
            ("2016-05-16", Period::Week, "2016-05-16"),
            ("2016-05-15", Period::Week, "2016-05-09"),
            ("1969-12-31", Period::Week, "1969-12-29"),
            ("2016-05-18", Period::Month, "2016-05-01"),
            ("2016-05-18", Period::Quarter, "2016-04-01"),
            ("2016-12-31", Period::Quarter, "2016-10-01"),
            ("2016-05-18", Period::Year, "2016-01-01"),
            ("2016-05-18", Period::Day, "2016-05-18"),
        ];
        for (day, period, want) in cases {
            assert_eq!(start_of(period, date(day).unwrap()), date(want).unwrap(), "{day}");
        }
    }

    #[test]
    fn a_day_beyond_the_calendar_is_its_own_start() {
        for day in [i32::MAX, i32::MIN + 10] {
            let _ = start_of(Period::Month, day);
            assert_eq!(start_of(Period::Year, day), day);
        }
    }
}
