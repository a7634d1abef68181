//! The counted intervals of one local year, with the sum before each, so that a count over any
//! span is two searches. Not a cache that forgets: a year is worked out once per calendar, from
//! the calendar alone, and is the same whenever that happens.

use jiff::civil::date;

use super::{Calendar, Interval};

/// The first local year of every calendar; time before it never counts.
pub const FIRST_YEAR: i16 = 1900;
/// The last local year of every calendar; time after it never counts.
pub const LAST_YEAR: i16 = 2199;

/// A counted interval and the counted time of its year before it.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
    before: i64,
}

/// One local year: its counted intervals in order, those that touch merged.
#[derive(Debug, Clone)]
pub(super) struct Year {
    spans: Box<[Span]>,
}

impl Year {
    /// Works out a year, day by day.
    pub fn resolve(calendar: &Calendar, year: i16) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        let mut start = calendar.start_of(date(year, 1, 1));
        for day in
            date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() == year)
        {
            let resolved = calendar.resolve_from(day, start);
            start = resolved.to;
            for (from, to) in resolved.counted {
                match spans.last_mut() {
                    Some(last) if last.to == from => last.to = to,
                    Some(last) => {
                        let before = last.before + last.to - last.from;
                        spans.push(Span { from, to, before });
                    }
                    None => spans.push(Span { from, to, before: 0 }),
                }
            }
        }
        Self { spans: spans.into_boxed_slice() }
    }

    /// The counted time of the year before the instant.
    pub fn counted_before(&self, instant: i64) -> i64 {
        let index = self.spans.partition_point(|span| span.from < instant);
        match index.checked_sub(1).and_then(|last| self.spans.get(last)) {
            Some(span) => span.before + instant.min(span.to) - span.from,
            None => 0,
        }
    }

    /// The earliest instant by which the year has counted `duration`, which is above zero.
    pub fn instant_of(&self, duration: i64) -> Option<i64> {
        let index = self.spans.partition_point(|s| s.before + s.to - s.from < duration);
        self.spans.get(index).map(|span| span.from + (duration - span.before))
    }

    /// The counted intervals from the `index`-th on.
    pub fn interval(&self, index: usize) -> Option<Interval> {
        self.spans.get(index).map(|span| (span.from, span.to))
    }

    /// The index of the first interval that ends after the instant.
    pub fn index_after(&self, instant: i64) -> usize {
        self.spans.partition_point(|span| span.to <= instant)
    }
}
