//! When people of the bank work: by the zone they are in, their weekdays and holidays.

use super::time::{DAY, MINUTE};
use engine::identity::zone_named;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::HashMap;

/// Work begins and ends, in minutes after midnight.
const FROM: i64 = 8 * 60 + 30;
const UNTIL: i64 = 17 * 60 + 45;

/// The two houses of the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum House {
    China,
    Europe,
}

pub struct Hours {
    china: TimeZone,
    europe: TimeZone,
    /// Days that are not as the week says: whether they are worked.
    odd: HashMap<(House, Date), bool>,
}

impl Hours {
    pub fn new() -> Hours {
        let (china, europe) = (zone_named("Asia/Shanghai"), zone_named("Europe/Berlin"));
        Hours { china, europe, odd: HashMap::new() }
    }

    pub fn note(&mut self, house: House, day: Date, worked: bool) {
        self.odd.insert((house, day), worked);
    }

    fn zone(&self, house: House) -> &TimeZone {
        match house {
            House::China => &self.china,
            House::Europe => &self.europe,
        }
    }

    pub fn day(&self, house: House, at: i64) -> Date {
        let zone = self.zone(house).clone();
        stamp(at).to_zoned(zone).date()
    }

    /// The instant of a time of day.
    pub fn at(&self, house: House, day: Date, minutes: i64) -> i64 {
        let midnight = day.to_zoned(self.zone(house).clone());
        midnight.map_or(0, |zoned| zoned.timestamp().as_microsecond()) + minutes * MINUTE
    }

    pub fn is_worked(&self, house: House, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.odd.get(&(house, day)).copied().unwrap_or(!weekend)
    }

    /// The instant itself, where it is in working hours, or the beginning of the next ones.
    pub fn open(&self, house: House, at: i64) -> i64 {
        let day = self.day(house, at);
        if self.is_worked(house, day) {
            if at < self.at(house, day, FROM) {
                return self.at(house, day, FROM);
            }
            if at < self.at(house, day, UNTIL) {
                return at;
            }
        }
        self.at(house, self.next_worked(house, day), FROM)
    }

    /// So much working time later.
    pub fn after(&self, house: House, at: i64, time: i64) -> i64 {
        let (mut at, mut left) = (self.open(house, at), time);
        loop {
            let end = self.at(house, self.day(house, at), UNTIL);
            if at + left <= end {
                return at + left;
            }
            left -= end - at;
            at = self.open(house, end + MINUTE);
        }
    }

    fn next_worked(&self, house: House, day: Date) -> Date {
        let later = (1..30).filter_map(|days| day.checked_add(days.days()).ok());
        later.into_iter().find(|day| self.is_worked(house, *day)).unwrap_or(day)
    }

    /// So many working days later, at a time of day.
    pub fn days_later(&self, house: House, at: i64, days: i64, minutes: i64) -> i64 {
        let mut day = self.day(house, at);
        for _ in 0..days {
            day = self.next_worked(house, day);
        }
        self.at(house, day, minutes).max(at)
    }
}

pub fn stamp(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Days since 1970, as dates are kept.
pub fn date_of(at: i64) -> i32 {
    i32::try_from(at.div_euclid(DAY)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn work_goes_on_the_next_worked_day() {
        let mut hours = Hours::new();
        let friday = instant("2026-03-06T17:15:00+08:00");
        let monday = instant("2026-03-09T09:00:00+08:00");
        assert_eq!(hours.after(House::China, friday, 60 * MINUTE), monday);
        hours.note(House::China, jiff::civil::date(2026, 3, 7), true);
        let saturday = instant("2026-03-07T09:00:00+08:00");
        assert_eq!(hours.after(House::China, friday, 60 * MINUTE), saturday);
    }
}
