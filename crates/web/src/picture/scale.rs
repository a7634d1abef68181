//! Axes: from the largest value to round numbers that hold it.

/// The numbers of an axis that begins at zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    /// The end of the axis.
    pub top: f64,
    /// From zero to the end, at equal steps.
    pub ticks: Vec<f64>,
}

/// An axis for values up to the largest: three to six steps of 1, 2, 2.5 or 5 times a power of
/// ten. Whole values get whole steps.
///
/// | largest | ticks |
/// | --- | --- |
/// | 9.6 | 0 2.5 5 7.5 10 |
/// | 3, whole | 0 1 2 3 |
/// | 100 | 0 25 50 75 100 |
/// | 0 | 0 1 |
pub(super) fn scale(largest: f64, whole: bool) -> Scale {
    if !largest.is_finite() || largest <= 0.0 {
        return Scale { top: 1.0, ticks: vec![0.0, 1.0] };
    }
    let raw = largest / 4.0;
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let fits = |step: &&f64| **step * power >= raw * 0.999_999;
    let step = steps.iter().find(fits).map_or(10.0, |step| *step) * power;
    let step = if whole { step.max(1.0).ceil() } else { step };
    let count = (largest / step - 1e-9).ceil().max(1.0);
    let ticks: Vec<f64> = (0..=count as usize).map(|tick| tick as f64 * step).collect();
    Scale { top: step * count, ticks }
}

/// A number of an axis without needless places; thousands apart by a thin space.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(digit);
    }
    if rest.is_empty() { out } else { format!("{out}.{rest}") }
}

/// Whether all values are whole numbers.
pub(super) fn all_whole(mut values: impl Iterator<Item = f64>) -> bool {
    values.all(|value| value.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_largest() {
        let cases: [(f64, bool, &[f64]); 6] = [
            (9.6, false, &[0.0, 2.5, 5.0, 7.5, 10.0]),
            (3.0, true, &[0.0, 1.0, 2.0, 3.0]),
            (100.0, false, &[0.0, 25.0, 50.0, 75.0, 100.0]),
            (0.0, true, &[0.0, 1.0]),
            (7.0, true, &[0.0, 2.0, 4.0, 6.0, 8.0]),
            (0.3, false, &[0.0, 0.1, 0.2, 0.30000000000000004]),
        ];
        for (largest, whole, ticks) in cases {
            assert_eq!(scale(largest, whole).ticks, ticks, "{largest}");
        }
    }

    #[test]
    fn numbers_of_an_axis_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (2.5, "2.5"),
            (0.30000000000000004, "0.3"),
            (1500.0, "1\u{2009}500"),
            (0.125, "0.125"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn every_largest_value_has_an_axis() {
        for exponent in -6..12 {
            for mantissa in [1.0, 1.7, 2.3, 4.9, 9.99] {
                let largest = mantissa * 10_f64.powi(exponent);
                let found = scale(largest, false);
                assert!(found.top >= largest * 0.999_999, "{largest}: {found:?}");
                assert!(found.ticks.len() <= 7, "{largest}: {found:?}");
            }
        }
    }
}
