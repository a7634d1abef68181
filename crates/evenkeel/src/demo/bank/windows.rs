//! Which items are already to be changed when: what a change manager looks up before a window is
//! offered. The engine decides all the same.

use super::hours::House;
use super::stage::Stage;
use super::time::{HOUR, MINUTE};
use model::Key;

/// Windows given out: item, from, until.
#[derive(Debug, Default)]
pub struct Windows {
    taken: Vec<(Key, i64, i64)>,
    /// Freezes: from, until.
    pub frozen: Vec<(i64, i64)>,
}

impl Windows {
    fn is_free(&self, items: &[Key], from: i64, until: i64) -> bool {
        let clash = |(item, begin, end): &(Key, i64, i64)| {
            items.contains(item) && *begin < until && from < *end
        };
        let frozen = |(begin, end): &(i64, i64)| *begin < until && from < *end;
        !self.taken.iter().any(clash) && !self.frozen.iter().any(frozen)
    }

    fn take(&mut self, items: &[Key], from: i64, until: i64) {
        self.taken.extend(items.iter().map(|item| (*item, from, until)));
    }
}

impl Stage {
    /// The first window in the evening some working days on, in which nobody alters these items
    /// and nothing is frozen. One in fifty is promised without looking.
    pub fn window(&mut self, house: House, items: &[Key], days: i64, hours: i64) -> (i64, i64) {
        let careless = self.dice.happens(2);
        let minute = if hours <= 1 { self.dice.between(12, 40) * 30 } else { 21 * 60 + 30 };
        for more in 0..60 {
            let day = self.hours.days_later(house, self.at(), days + more, 0);
            let from = self.hours.at(house, self.hours.day(house, day), minute);
            let until = from + hours * HOUR;
            let in_time = from > self.at() + 20 * MINUTE;
            if in_time && (careless || self.windows.is_free(items, from, until)) {
                self.windows.take(items, from, until);
                return (from, until);
            }
        }
        (self.at() + 24 * HOUR, self.at() + 26 * HOUR)
    }
}
