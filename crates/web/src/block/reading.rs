//! What a measure reads, as numbers to draw and as words: shares in per cent, lengths of time in
//! the unit that keeps them small, the median of a distribution.

use super::Desk;
use crate::problem::Result;
use crate::show::value::grouped;
use engine::measure::Reading;
use model::definition::{Figure, Measure};
use model::expression::Kind;

/// How the numbers of a measure are shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unit {
    Records,
    PerCent,
    /// In units of this many microseconds.
    Time(i64),
    /// A number with decimal places that were left out of it.
    Number(u8),
}

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Unit {
    /// The unit of a measure whose largest value is known.
    ///
    /// | largest | unit |
    /// | --- | --- |
    /// | 90 minutes | minutes |
    /// | 30 hours | hours |
    /// | 4 days | days |
    pub fn of(measure: &Measure, largest: f64) -> Unit {
        match &measure.figure {
            Figure::Count => Unit::Records,
            Figure::Share(_) => Unit::PerCent,
            Figure::Value(value) => match value.kind {
                Kind::Duration if largest < 2.0 * HOUR as f64 => Unit::Time(MINUTE),
                Kind::Duration if largest < 3.0 * DAY as f64 => Unit::Time(HOUR),
                Kind::Duration => Unit::Time(DAY),
                Kind::Decimal(places) => Unit::Number(places),
                Kind::Money => Unit::Number(2),
                _ => Unit::Number(0),
            },
        }
    }

    /// A number of the engine in this unit.
    pub fn scaled(self, value: f64) -> f64 {
        match self {
            Unit::Records | Unit::PerCent => value,
            Unit::Time(of) => value / of as f64,
            Unit::Number(places) => value / 10_f64.powi(i32::from(places)),
        }
    }

    /// What stands over the axis.
    pub fn name(self, desk: &Desk) -> &'static str {
        let zh = desk.zh();
        match self {
            Unit::Records => ["records", "条"][usize::from(zh)],
            Unit::PerCent => "%",
            Unit::Time(MINUTE) => ["minutes", "分钟"][usize::from(zh)],
            Unit::Time(HOUR) => ["hours", "小时"][usize::from(zh)],
            Unit::Time(_) => ["days", "天"][usize::from(zh)],
            Unit::Number(_) => "",
        }
    }
}

/// The number of a reading in units of the engine; none where there was nothing to read.
pub(super) fn raw(reading: &Reading) -> Option<f64> {
    match reading {
        Reading::Count(records) => Some(*records as f64),
        Reading::Share { records: 0, .. } => None,
        Reading::Share { records, holding } => Some(*holding as f64 * 100.0 / *records as f64),
        Reading::Distribution(found) => (found.count > 0).then_some(found.median),
    }
}

/// A number of the engine as people read it.
pub(super) fn said(desk: &Desk, unit: Unit, value: f64) -> String {
    match unit {
        Unit::Records => grouped(&format!("{value:.0}")),
        // A thin space before the sign in English, none in Chinese.
        Unit::PerCent if desk.zh() => format!("{}%", short(value)),
        Unit::PerCent => format!("{}\u{2009}%", short(value)),
        Unit::Time(_) => desk.watch.length(value as i64),
        Unit::Number(_) => grouped(&short(unit.scaled(value))),
    }
}

/// What is said of a reading: its number, or that there was nothing.
pub(super) fn text(desk: &Desk, unit: Unit, reading: &Reading) -> String {
    raw(reading).map_or_else(|| "–".to_string(), |value| said(desk, unit, value))
}

/// At most one decimal place, and none where it would be nought.
///
/// | number | text |
/// | --- | --- |
/// | 96.44 | `96.4` |
/// | 100 | `100` |
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

/// The measure of a record type, which the loader has found.
pub(super) fn measure(desk: &Desk, record: &str, name: &str) -> Result<Measure> {
    let definition = desk.definition(record)?;
    definition.measures.get(name).cloned().ok_or_else(crate::problem::Problem::missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::measure::Reading;

    #[test]
    fn shares_are_per_cent_and_nothing_is_nothing() {
        for (reading, want) in [
            (Reading::Count(7), Some(7.0)),
            (Reading::Share { records: 8, holding: 2 }, Some(25.0)),
            (Reading::Share { records: 0, holding: 0 }, None),
        ] {
            assert_eq!(raw(&reading), want);
        }
        for (value, want) in [(96.44, "96.4"), (100.0, "100"), (0.05, "0.1"), (0.0, "0")] {
            assert_eq!(short(value), want);
        }
    }
}
