//! The counted intervals between two instants, one after the other. It gives no reasons for what
//! is not counted: that is `explanation`.

use super::{Calendar, Interval};

/// Iterator over counted intervals; see [`intervals`].
#[derive(Debug, Clone)]
pub struct Intervals<'a> {
    calendar: &'a Calendar,
    span: Interval,
    year: usize,
    index: usize,
    ahead: Option<Interval>,
}

/// The counted intervals between two instants, in order, clipped to them; those that touch are
/// one. Years are worked out only as far as the iterator is driven.
#[must_use]
pub fn intervals(calendar: &Calendar, from: i64, to: i64) -> Intervals<'_> {
    let year = calendar.year_index(from);
    let index = calendar.year(year).map_or(0, |year| year.index_after(from));
    Intervals { calendar, span: (from, to), year, index, ahead: None }
}

impl Intervals<'_> {
    /// The next interval as its year has it, clipped: two years may hold the halves of one.
    fn next_of_year(&mut self) -> Option<Interval> {
        loop {
            let Some((from, to)) = self.calendar.year(self.year)?.interval(self.index) else {
                // Before a further year is worked out, see whether the span reaches it.
                if self.year >= self.calendar.year_index(self.span.1) {
                    return None;
                }
                (self.year, self.index) = (self.year + 1, 0);
                continue;
            };
            self.index += 1;
            let clipped = (from.max(self.span.0), to.min(self.span.1));
            return (clipped.0 < clipped.1).then_some(clipped);
        }
    }
}

impl Iterator for Intervals<'_> {
    type Item = Interval;

    fn next(&mut self) -> Option<Interval> {
        let mut current = self.ahead.take().or_else(|| self.next_of_year())?;
        while let Some(next) = self.next_of_year() {
            if next.0 != current.1 {
                self.ahead = Some(next);
                break;
            }
            current.1 = next.1;
        }
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::working_time::CalendarOutline;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn intervals_are_clipped_and_merged_over_midnight_and_new_year() {
        let mut outline = CalendarOutline { zone: "UTC".to_owned(), ..Default::default() };
        for day in &mut outline.week {
            *day = vec!["22:00-24:00".to_owned(), "00:00-06:00".to_owned()];
        }
        let calendar = Calendar::new(&outline).unwrap();
        let got: Vec<Interval> = intervals(&calendar, -25 * HOUR, 23 * HOUR).collect();
        let want = [(-25, -18), (-2, 6), (22, 23)].map(|(from, to)| (from * HOUR, to * HOUR));
        assert_eq!(got, want);
        assert_eq!(intervals(&calendar, 7 * HOUR, 8 * HOUR).next(), None);
        assert_eq!(intervals(&calendar, 5 * HOUR, 4 * HOUR).next(), None);
    }

    #[test]
    fn all_time_is_one_interval() {
        let calendar = Calendar::around_the_clock("Europe/Berlin").unwrap();
        let span = (0, 20_000 * 24 * HOUR);
        assert_eq!(intervals(&calendar, span.0, span.1).collect::<Vec<_>>(), [span]);
        let all = calendar.reach();
        assert_eq!(intervals(&calendar, i64::MIN, i64::MAX).collect::<Vec<_>>(), [all]);
    }
}
