//! Exact decimal numbers: between digits in a text or a JSON number and units scaled by places.
//! Shared by integers, decimals and money. No binary fraction takes part: 0.1 is 0.1.

use super::{Slip, mend};
use serde_json::Number;

/// Significant digits that a binary double keeps for certain.
const CERTAIN: usize = 15;

/// Why digits are not a number of so many places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// No number at all.
    Shape,
    /// More decimal places than there may be.
    Places,
    /// Out of the range of 64 bits.
    Range,
    /// A JSON number with more digits than a double keeps.
    Inexact,
}

/// The number in units of ten to the power of minus `places`.
///
/// | text, places | units |
/// | --- | --- |
/// | `12.5`, 2 | 1250 |
/// | `-0.500`, 1 | -5 |
/// | `1.25`, 1 | refused: places |
/// | `1,000`, `.5`, `1e3` | refused: shape |
///
/// # Errors
/// What is wrong with it.
pub fn units(text: &str, places: u8) -> Result<i64, Bad> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(Bad::Shape);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(places) {
        return Err(Bad::Places);
    }
    let width = usize::from(places);
    format!("{sign}{whole}{fraction:0<width$}").parse().map_err(|_| Bad::Range)
}

/// As [`units`], from a JSON number: taken only where its digits are certainly those written.
///
/// # Errors
/// What is wrong with it.
pub fn from_json(number: &Number, places: u8) -> Result<i64, Bad> {
    if number.is_i64() || number.is_u64() {
        return units(&number.to_string(), places);
    }
    let float = number.as_f64().filter(|float| float.is_finite()).ok_or(Bad::Range)?;
    // Display writes the shortest digits that give this double again, never an exponent.
    let text = float.to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.trim_matches('0').len() > CERTAIN {
        return Err(Bad::Inexact);
    }
    units(&text, places)
}

/// The number with exactly so many places: `1250`, 2 is `12.50`.
pub fn show(units: i64, places: u8) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let width = usize::from(places) + 1;
    let digits = format!("{:0width$}", units.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(places));
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The slip of a number that cannot be taken.
pub fn slip(bad: Bad, text: &str, places: u8) -> Slip {
    match bad {
        Bad::Shape => mend::unfit(
            text,
            "is not a number; write digits and a point, as in 1250.50",
            "不是数字，请只用数字和小数点，例如 1250.50",
        ),
        Bad::Places if places == 0 => {
            mend::unfit(text, "has a fraction; write a whole number", "含有小数，请填写整数")
        }
        Bad::Places => mend::unfit(
            text,
            &format!("has too many decimal places; at most {places} are allowed"),
            &format!("小数位数过多，最多允许 {places} 位"),
        ),
        Bad::Range => mend::unfit(
            text,
            &format!("is out of range; the largest number is {}", show(i64::MAX, places)),
            &format!("超出范围，最大为 {}", show(i64::MAX, places)),
        ),
        Bad::Inexact => mend::unfit(
            text,
            "has more digits than a JSON number keeps; write it in quotes",
            "的位数超出 JSON 数字的精度，请加引号写成文本",
        ),
    }
}

/// Whether the units lie between the bounds, which are in the same units.
///
/// # Errors
/// The bound that is passed.
pub fn within(units: i64, min: Option<i64>, max: Option<i64>, places: u8) -> Result<i64, Slip> {
    let given = show(units, places);
    if let Some(min) = min.filter(|min| units < *min) {
        let min = show(min, places);
        let en = format!("{given} is too small; the smallest value allowed is {min}.");
        return Err(Slip::new(en, format!("{given} 过小，最小允许值为 {min}。")));
    }
    if let Some(max) = max.filter(|max| units > *max) {
        let max = show(max, places);
        let en = format!("{given} is too large; the largest value allowed is {max}.");
        return Err(Slip::new(en, format!("{given} 过大，最大允许值为 {max}。")));
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_units_as_the_table_says() {
        let cases = [
            ("12.5", 2, Ok(1250)),
            ("-0.500", 1, Ok(-5)),
            ("-0", 2, Ok(0)),
            ("+7", 0, Ok(7)),
            ("9223372036854775807", 0, Ok(i64::MAX)),
            ("-9223372036854775808", 0, Ok(i64::MIN)),
            ("9223372036854775808", 0, Err(Bad::Range)),
            ("9223372036854775807", 2, Err(Bad::Range)),
            ("1.25", 1, Err(Bad::Places)),
            ("1,000", 2, Err(Bad::Shape)),
            (".5", 2, Err(Bad::Shape)),
            ("5.", 2, Err(Bad::Shape)),
            ("1e3", 2, Err(Bad::Shape)),
            ("--1", 2, Err(Bad::Shape)),
            ("", 2, Err(Bad::Shape)),
        ];
        for (text, places, wanted) in cases {
            assert_eq!(units(text, places), wanted, "{text}");
        }
    }

    #[test]
    fn json_numbers_are_taken_where_exact() {
        let number = |text: &str| serde_json::from_str::<Number>(text).unwrap();
        assert_eq!(from_json(&number("0.1"), 2), Ok(10));
        assert_eq!(from_json(&number("5.0"), 0), Ok(5));
        assert_eq!(from_json(&number("1e3"), 0), Ok(1000));
        assert_eq!(from_json(&number("1e-7"), 9), Ok(100));
        assert_eq!(from_json(&number("0.1234567890123456"), 9), Err(Bad::Inexact));
        assert_eq!(from_json(&number("18446744073709551615"), 0), Err(Bad::Range));
        assert_eq!(from_json(&number("1e300"), 0), Err(Bad::Range));
    }

    #[test]
    fn units_are_shown_with_all_places() {
        assert_eq!(show(1250, 2), "12.50");
        assert_eq!(show(-5, 2), "-0.05");
        assert_eq!(show(5, 0), "5");
        assert_eq!(show(i64::MIN, 9), "-9223372036.854775808");
    }
}
