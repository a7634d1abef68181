//! Values as they are written: numbers, durations, dates, instants and money, from text to value.
//! Also used wherever a definition holds such a text outside an expression (`target = "3d"`).
//! How values are shown to people is not here.

use crate::value::{Currency, Decimal, Money, Value};
use jiff::{Timestamp, civil};

/// Microseconds of a second, and of a day of 24 hours.
pub const SECOND: i64 = 1_000_000;
pub const DAY: i64 = 86_400 * SECOND;

/// The most decimal places a number can have.
pub const PLACES: u8 = 9;

/// Units of durations, the largest first, in microseconds.
pub const UNITS: [(char, i64); 5] =
    [('w', 7 * DAY), ('d', DAY), ('h', 3_600 * SECOND), ('m', 60 * SECOND), ('s', SECOND)];

/// Why a text is not the value it looks like: a message and a hint.
pub type Bad = (&'static str, &'static str);

/// A number or duration, with its sign before it.
///
/// | text | value |
/// | --- | --- |
/// | `15` | an integer |
/// | `1.50` | a decimal with two places |
/// | `15m`, `1d4h` | a duration |
///
/// # Errors
/// What is wrong with it.
pub fn number(text: &str, negative: bool) -> Result<Value, Bad> {
    if text.bytes().any(|b| b.is_ascii_alphabetic() || b == b'_') {
        let micros = duration(text)?;
        return Ok(Value::Duration(if negative { -micros } else { micros }));
    }
    let signed = if negative { format!("-{text}") } else { text.to_string() };
    if text.contains('.') {
        return decimal(&signed).map(Value::Decimal);
    }
    signed.parse().map(Value::Integer).map_err(|_| TOO_LARGE)
}

const TOO_LARGE: Bad = ("the number is too large", "at most 9223372036854775807");

/// Microseconds of `15m`, `1d4h`, `2w`: whole numbers with units `w d h m s`, the largest first.
/// A day has 24 hours, a week 7 days.
///
/// # Errors
/// What is wrong with it.
pub fn duration(text: &str) -> Result<i64, Bad> {
    const SHAPE: Bad = ("not a duration", "write it as `15m`, `4h`, `3d`, `2w` or `1d4h`");
    let mut total: i64 = 0;
    let mut units = UNITS.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest[digits..].chars().next().ok_or(SHAPE)?;
        // Going on in the list of units refuses both a repeat and a smaller unit before a larger.
        let (_, micros) = units.by_ref().find(|(name, _)| *name == unit).ok_or(SHAPE)?;
        let count: i64 = rest[..digits].parse().map_err(|_| SHAPE)?;
        let part = count.checked_mul(*micros).ok_or(TOO_LARGE)?;
        total = total.checked_add(part).ok_or(TOO_LARGE)?;
        rest = &rest[digits + unit.len_utf8()..];
    }
    if text.is_empty() { Err(SHAPE) } else { Ok(total) }
}

/// A decimal number with as many places as are written: `-1.50` has two, `3` none.
///
/// # Errors
/// What is wrong with it.
pub fn decimal(text: &str) -> Result<Decimal, Bad> {
    const SHAPE: Bad = ("not a number", "write it as `12` or `12.50`");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(SHAPE);
    }
    let fraction = if digits.contains('.') { fraction } else { "" };
    let places = u8::try_from(fraction.len()).unwrap_or(u8::MAX);
    if places > PLACES {
        return Err(("too many decimal places", "a number has at most 9"));
    }
    let sign = if digits.len() < text.len() { "-" } else { "" };
    let units = format!("{sign}{whole}{fraction}").parse().map_err(|_| TOO_LARGE)?;
    Ok(Decimal { units, places })
}

/// Days since 1970-01-01 of `2026-03-01`.
///
/// # Errors
/// What is wrong with it.
pub fn date(text: &str) -> Result<i32, Bad> {
    const SHAPE: Bad = ("not a date", "write it as `'2026-03-01'`");
    let dashes = |at: usize| text.as_bytes().get(at) == Some(&b'-');
    if text.len() != 10 || !dashes(4) || !dashes(7) {
        return Err(SHAPE);
    }
    let date: civil::Date = text.parse().map_err(|_| SHAPE)?;
    let since = civil::Date::constant(1970, 1, 1).until(date).map_err(|_| SHAPE)?;
    Ok(since.get_days())
}

/// Microseconds since 1970-01-01T00:00:00Z of `2026-03-01T09:00:00Z` or `2026-03-01T17:00+08:00`.
///
/// # Errors
/// What is wrong with it; an instant without `Z` or an offset is not one.
pub fn instant(text: &str) -> Result<i64, Bad> {
    const SHAPE: Bad =
        ("not an instant", "write it as `'2026-03-01T09:00:00Z'` or `'2026-03-01T17:00:00+08:00'`");
    let at: Timestamp = text.parse().map_err(|_| SHAPE)?;
    Ok(at.as_microsecond())
}

/// An amount with its currency: `CNY 100.00`, `JPY -500`.
///
/// # Errors
/// What is wrong with it.
pub fn money(text: &str) -> Result<Money, Bad> {
    const SHAPE: Bad = ("not an amount of money", "write it as `'CNY 100.00'`");
    let (code, amount) = text.split_once(' ').ok_or(SHAPE)?;
    let currency = Currency::new(code).ok_or(SHAPE)?;
    let amount = decimal(amount).map_err(|_| SHAPE)?;
    let missing = currency.places().checked_sub(amount.places);
    let missing = missing.ok_or(("more places than the currency has", SHAPE.1))?;
    let minor = amount.units.checked_mul(10_i64.pow(missing.into())).ok_or(TOO_LARGE)?;
    Ok(Money { minor, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_falling_units() {
        let cases = [
            ("15m", Some(900)),
            ("30s", Some(30)),
            ("4h", Some(14_400)),
            ("3d", Some(259_200)),
            ("2w", Some(1_209_600)),
            ("1d4h", Some(100_800)),
            ("1w1d1h1m1s", Some(694_861)),
            ("0m", Some(0)),
            ("4h1d", None),
            ("1h1h", None),
            ("1.5h", None),
            ("15min", None),
            ("15", None),
            ("m", None),
            ("", None),
            ("1y", None),
            ("15分", None),
            ("9223372036854775807w", None),
            ("99999999999999999999s", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(duration(text).ok(), seconds.map(|s| s * SECOND), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_places() {
        let decimal_of = |units, places| Some(Value::Decimal(Decimal { units, places }));
        let cases = [
            ("0", false, Some(Value::Integer(0))),
            ("15", true, Some(Value::Integer(-15))),
            ("9223372036854775808", true, Some(Value::Integer(i64::MIN))),
            ("9223372036854775808", false, None),
            ("1.50", false, decimal_of(150, 2)),
            ("1.50", true, decimal_of(-150, 2)),
            ("0.123456789", false, decimal_of(123_456_789, 9)),
            ("0.1234567890", false, None),
            ("1.", false, None),
            ("1.2.3", false, None),
            ("1_000", false, None),
            ("15m", true, Some(Value::Duration(-900 * SECOND))),
        ];
        for (text, negative, value) in cases {
            assert_eq!(number(text, negative).ok(), value, "{text}");
        }
    }

    #[test]
    fn dates_and_instants_are_exact() {
        let cases = [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2026-03-01", Some(20_513)),
            ("2026-02-29", None),
            ("2026-3-1", None),
            ("20260301", None),
            ("2026-03-01T00:00:00", None),
            ("二〇二六年", None),
        ];
        for (text, days) in cases {
            assert_eq!(date(text).ok(), days, "{text}");
        }
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T00:00:00.000001Z", Some(1)),
            ("2026-03-01T09:00:00Z", Some(20_513 * DAY + 9 * 3_600 * SECOND)),
            ("2026-03-01T17:00+08:00", Some(20_513 * DAY + 9 * 3_600 * SECOND)),
            ("2026-03-01T09:00:00", None),
            ("2026-03-01", None),
            ("tomorrow", None),
        ];
        for (text, micros) in cases {
            assert_eq!(instant(text).ok(), micros, "{text}");
        }
    }

    #[test]
    fn money_is_in_minor_units_of_its_currency() {
        let cases = [
            ("CNY 100.00", Some((10_000, "CNY"))),
            ("CNY 100", Some((10_000, "CNY"))),
            ("CNY -0.5", Some((-50, "CNY"))),
            ("JPY 500", Some((500, "JPY"))),
            ("JPY 500.0", None),
            ("KWD 1.234", Some((1_234, "KWD"))),
            ("CNY 1.234", None),
            ("100.00", None),
            ("cny 1", None),
            ("CNY  1", None),
            ("CNY 9223372036854775807", None),
        ];
        for (text, expected) in cases {
            let found = money(text).ok();
            let found = found.as_ref().map(|money| (money.minor, money.currency.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
