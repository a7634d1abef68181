//! Values as people read them inside a phrase. Pages format fields in their own way and in the
//! reader's time zone; here an instant is in UTC, because a rule is the same for every reader.

use super::literal::{DAY, SECOND};
use crate::value::{Decimal, Money, Value};
use jiff::{Span, Timestamp, civil};

/// `1 day 4 hours` or `1 天 4 小时`.
pub(super) fn duration(micros: i64, chinese: bool) -> String {
    const WORDS: [(i64, &str, &str); 4] = [
        (DAY, "day", "天"),
        (3_600 * SECOND, "hour", "小时"),
        (60 * SECOND, "minute", "分钟"),
        (SECOND, "second", "秒"),
    ];
    let mut rest = micros.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, english, word) in WORDS {
        let count = rest / unit.unsigned_abs();
        rest %= unit.unsigned_abs();
        let plural = if count == 1 { "" } else { "s" };
        match (count, chinese) {
            (0, _) => {}
            (_, true) => parts.push(format!("{count} {word}")),
            (_, false) => parts.push(format!("{count} {english}{plural}")),
        }
    }
    if parts.is_empty() {
        parts.push(if chinese { "0 秒" } else { "0 seconds" }.to_string());
    }
    format!("{}{}", if micros < 0 { "−" } else { "" }, parts.join(" "))
}

/// Values that read the same in every language; empty for the others.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => decimal(*number),
        Value::Money(Money { minor, currency }) => {
            let amount = decimal(Decimal { units: *minor, places: currency.places() });
            format!("{} {amount}", currency.as_str())
        }
        Value::Date(days) => {
            let span = Span::new().try_days(i64::from(*days));
            let date = span.and_then(|span| civil::Date::constant(1970, 1, 1).checked_add(span));
            date.map(|date| date.to_string()).unwrap_or_default()
        }
        Value::Instant(micros) => {
            let at = Timestamp::from_microsecond(*micros);
            at.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn decimal(number: Decimal) -> String {
    let places = usize::from(number.places);
    let digits = format!("{:0>width$}", number.units.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if number.units < 0 { "-" } else { "" };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Currency;

    #[test]
    fn durations_are_in_units_of_people() {
        let cases = [
            (900, "15 minutes", "15 分钟"),
            (100_861, "1 day 4 hours 1 minute 1 second", "1 天 4 小时 1 分钟 1 秒"),
            (0, "0 seconds", "0 秒"),
            (-86_400, "−1 day", "−1 天"),
        ];
        for (seconds, english, chinese) in cases {
            assert_eq!(duration(seconds * SECOND, false), english);
            assert_eq!(duration(seconds * SECOND, true), chinese);
        }
    }

    #[test]
    fn plain_values_read_as_they_are_written() {
        let money =
            |code: &[u8; 3], minor| Value::Money(Money { minor, currency: Currency(*code) });
        let cases = [
            (Value::Integer(-3), "-3"),
            (Value::Decimal(Decimal { units: -5, places: 2 }), "-0.05"),
            (Value::Decimal(Decimal { units: 1250, places: 2 }), "12.50"),
            (money(b"CNY", 10_000), "CNY 100.00"),
            (money(b"JPY", 500), "JPY 500"),
            (Value::Date(20_513), "2026-03-01"),
            (Value::Date(i32::MAX), ""),
            (Value::Instant(20_513 * DAY + 9 * 3_600 * SECOND), "2026-03-01 09:00 UTC"),
            (Value::Instant(i64::MAX), ""),
        ];
        for (value, shown) in cases {
            assert_eq!(plain(&value), shown, "{value:?}");
        }
    }
}
