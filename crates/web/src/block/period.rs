//! Periods: from today back, with their names.

use super::{Desk, days};
use model::definition::Period;
use model::expression::start_of;

/// The boundaries of the last `count` periods, the one that runs among them, as days: one more than
/// there are periods.
///
/// | period | today | the last 2 |
/// | --- | --- | --- |
/// | month | 2026-11-23 | 10-01 11-01 12-01 |
/// | week | 2026-11-23, a Monday | 11-16 11-23 11-30 |
pub(super) fn last(period: Period, today: i32, count: usize) -> Vec<i32> {
    let mut first = start_of(period, today);
    let mut bounds = vec![next(period, first), first];
    while bounds.len() <= count.max(1) {
        first = start_of(period, first - 1);
        bounds.push(first);
    }
    bounds.reverse();
    bounds
}

/// The first day of the period after the one that begins on this day.
fn next(period: Period, first: i32) -> i32 {
    let beyond = match period {
        Period::Day => first + 1,
        Period::Week => first + 7,
        Period::Month => first + 32,
        Period::Quarter => first + 93,
        Period::Year => first + 367,
    };
    start_of(period, beyond)
}

impl Desk<'_> {
    /// The period that begins on this day, as short as an axis needs.
    pub(super) fn period(&self, period: Period, first: i32) -> String {
        let (date, zh) = (days::date(first), self.zh());
        let quarter = (date.month() - 1) / 3 + 1;
        match (period, zh) {
            (Period::Day | Period::Week, false) => date.strftime("%-d %b").to_string(),
            (Period::Day | Period::Week, true) => format!("{}-{:02}", date.month(), date.day()),
            (Period::Month, false) => date.strftime("%b %Y").to_string(),
            (Period::Month, true) => date.strftime("%Y-%m").to_string(),
            (Period::Quarter, false) => format!("Q{quarter} {}", date.year()),
            (Period::Quarter, true) => format!("{} 年 {quarter} 季度", date.year()),
            (Period::Year, _) => date.year().to_string(),
        }
    }

    /// The word for a period, at the head of a table.
    pub(super) fn period_word(&self, period: Option<Period>) -> &'static str {
        let zh = self.zh();
        let [en, chinese] = match period {
            Some(Period::Day) => ["Day", "日"],
            Some(Period::Week) => ["Week of", "周起始日"],
            Some(Period::Month) => ["Month", "月份"],
            Some(Period::Quarter) => ["Quarter", "季度"],
            Some(Period::Year) => ["Year", "年份"],
            None => ["Time", "时间"],
        };
        if zh { chinese } else { en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::expression::literal;

    #[test]
    fn periods_go_back_from_today() {
        let day = |text: &str| literal::date(text).unwrap();
        for (period, count, want) in [
            (Period::Month, 2, vec!["2026-10-01", "2026-11-01", "2026-12-01"]),
            (Period::Week, 2, vec!["2026-11-16", "2026-11-23", "2026-11-30"]),
            (Period::Day, 1, vec!["2026-11-23", "2026-11-24"]),
            (Period::Quarter, 2, vec!["2026-07-01", "2026-10-01", "2027-01-01"]),
            (Period::Year, 1, vec!["2026-01-01", "2027-01-01"]),
        ] {
            let want: Vec<i32> = want.into_iter().map(day).collect();
            assert_eq!(last(period, day("2026-11-23"), count), want, "{period:?}");
        }
    }
}
