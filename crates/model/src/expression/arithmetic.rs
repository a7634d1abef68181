//! Plus, minus, equality and order of values. Checked throughout: what does not fit is unset,
//! nothing panics and nothing wraps. Ranks of choices are not known here (see `compare`).

use super::literal::DAY;
use crate::value::{Decimal, Money, Value};
use std::cmp::Ordering;

/// `a + b`; unset where a side is unset, the kinds do not go together, the currencies differ or
/// the result is too large.
pub(super) fn add(a: &Value, b: &Value) -> Value {
    join(a, b, false)
}

/// `a - b`, as [`add`].
pub(super) fn subtract(a: &Value, b: &Value) -> Value {
    join(a, b, true)
}

fn join(a: &Value, b: &Value, minus: bool) -> Value {
    joined(a, b, minus).unwrap_or(Value::Unset)
}

fn joined(a: &Value, b: &Value, minus: bool) -> Option<Value> {
    let units = |a: i64, b: i64| if minus { a.checked_sub(b) } else { a.checked_add(b) };
    Some(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(units(*a, *b)?),
        (Value::Integer(_) | Value::Decimal(_), Value::Integer(_) | Value::Decimal(_)) => {
            let (a, b) = (decimal(a)?, decimal(b)?);
            let places = a.places.max(b.places);
            let (a, b) = (widen(a, places)?, widen(b, places)?);
            Value::Decimal(Decimal { units: units(a.units, b.units)?, places })
        }
        (Value::Money(a), Value::Money(b)) if a.currency == b.currency => {
            Value::Money(Money { minor: units(a.minor, b.minor)?, currency: a.currency })
        }
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(units(*a, *b)?),
        (Value::Instant(a), Value::Duration(b)) => Value::Instant(units(*a, *b)?),
        (Value::Instant(a), Value::Instant(b)) if minus => Value::Duration(units(*a, *b)?),
        (Value::Date(a), Value::Duration(b)) if b % DAY == 0 => {
            Value::Date(units(i64::from(*a), b / DAY)?.try_into().ok()?)
        }
        (Value::Date(a), Value::Date(b)) if minus => {
            Value::Duration((i64::from(*a) - i64::from(*b)).checked_mul(DAY)?)
        }
        _ => return None,
    })
}

/// Whether two set values are equal: numbers by size, money only in one currency, a text per
/// language where any of its texts is the other.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::LocalText(texts), Value::Text(text))
        | (Value::Text(text), Value::LocalText(texts)) => texts.iter().any(|(_, t)| t == text),
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => order(a, b) == Some(Ordering::Equal),
        _ => a == b,
    }
}

/// The order of two values; `None` where a side is unset, the kinds differ or have no order, or
/// the currencies differ.
pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Integer(_) | Value::Decimal(_), Value::Integer(_) | Value::Decimal(_)) => {
            let (a, b) = (decimal(a)?, decimal(b)?);
            let places = a.places.max(b.places);
            Some(exact(a, places)?.cmp(&exact(b, places)?))
        }
        (Value::Money(a), Value::Money(b)) if a.currency == b.currency => {
            Some(a.minor.cmp(&b.minor))
        }
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Instant(a), Value::Instant(b)) | (Value::Duration(a), Value::Duration(b)) => {
            Some(a.cmp(b))
        }
        _ => None,
    }
}

/// The number with `places` decimal places; unset where it is none or too large.
pub(super) fn widened(value: &Value, places: u8) -> Value {
    decimal(value).and_then(|number| widen(number, places)).map_or(Value::Unset, Value::Decimal)
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(units) => Some(Decimal { units: *units, places: 0 }),
        Value::Decimal(decimal) => Some(*decimal),
        _ => None,
    }
}

fn widen(number: Decimal, places: u8) -> Option<Decimal> {
    let units = exact(number, places)?.try_into().ok()?;
    Some(Decimal { units, places })
}

fn exact(number: Decimal, places: u8) -> Option<i128> {
    let factor = 10_i128.checked_pow(u32::from(places.checked_sub(number.places)?))?;
    i128::from(number.units).checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Currency;

    fn decimal_of(units: i64, places: u8) -> Value {
        Value::Decimal(Decimal { units, places })
    }

    fn money(code: &[u8; 3], minor: i64) -> Value {
        Value::Money(Money { minor, currency: Currency(*code) })
    }

    #[test]
    fn sums_follow_the_table_and_do_not_overflow() {
        use Value::{Date, Duration, Instant, Integer, Unset};
        // left, right, sum, difference
        let cases = [
            (Integer(1), Integer(2), Integer(3), Integer(-1)),
            (Integer(i64::MAX), Integer(1), Unset, Integer(i64::MAX - 1)),
            (Integer(i64::MIN), Integer(1), Integer(i64::MIN + 1), Unset),
            (Integer(1), decimal_of(25, 1), decimal_of(35, 1), decimal_of(-15, 1)),
            (decimal_of(1, 1), decimal_of(1, 2), decimal_of(11, 2), decimal_of(9, 2)),
            (Integer(i64::MAX), decimal_of(0, 1), Unset, Unset),
            (money(b"CNY", 5), money(b"CNY", 3), money(b"CNY", 8), money(b"CNY", 2)),
            (money(b"CNY", 5), money(b"EUR", 3), Unset, Unset),
            (Instant(10), Duration(4), Instant(14), Instant(6)),
            (Instant(10), Instant(4), Unset, Duration(6)),
            (Instant(i64::MIN), Instant(i64::MAX), Unset, Unset),
            (Duration(1), Duration(2), Duration(3), Duration(-1)),
            (Date(10), Duration(2 * DAY), Date(12), Date(8)),
            (Date(10), Duration(DAY + 1), Unset, Unset),
            (Date(i32::MAX), Duration(DAY), Unset, Date(i32::MAX - 1)),
            (Date(3), Date(1), Unset, Duration(2 * DAY)),
            (Date(3), Instant(1), Unset, Unset),
            (Unset, Integer(1), Unset, Unset),
        ];
        for (a, b, sum, difference) in cases {
            assert_eq!(add(&a, &b), sum, "{a:?} + {b:?}");
            assert_eq!(subtract(&a, &b), difference, "{a:?} - {b:?}");
        }
    }

    #[test]
    fn order_is_by_size_and_only_within_a_kind() {
        use Value::{Date, Instant, Integer, Unset, YesNo};
        let cases = [
            (Integer(1), Integer(2), Some(Ordering::Less)),
            (Integer(1), decimal_of(100, 2), Some(Ordering::Equal)),
            (decimal_of(11, 1), Integer(1), Some(Ordering::Greater)),
            (Integer(i64::MAX), decimal_of(i64::MAX, 9), Some(Ordering::Greater)),
            (money(b"CNY", 1), money(b"CNY", 2), Some(Ordering::Less)),
            (money(b"CNY", 1), money(b"EUR", 2), None),
            (Date(1), Date(1), Some(Ordering::Equal)),
            (Date(1), Instant(1), None),
            (Value::text("a"), Value::text("b"), None),
            (YesNo(false), YesNo(true), None),
            (Unset, Integer(1), None),
            (Unset, Unset, None),
        ];
        for (a, b, expected) in cases {
            assert_eq!(order(&a, &b), expected, "{a:?} {b:?}");
        }
    }

    #[test]
    fn equality_is_by_size_currency_and_any_language() {
        use crate::label::Language;
        let local: Value =
            Value::LocalText([(Language::EN, "Pay".into()), (Language::ZH, "支付".into())].into());
        let cases = [
            (decimal_of(10, 1), decimal_of(100, 2), true),
            (Value::Integer(1), decimal_of(10, 1), true),
            (money(b"CNY", 1), money(b"EUR", 1), false),
            (local.clone(), Value::text("支付"), true),
            (Value::text("Pay"), local.clone(), true),
            (local, Value::text("pay"), false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(equal(&a, &b), expected, "{a:?} {b:?}");
        }
    }

    #[test]
    fn widening_multiplies_or_is_unset() {
        assert_eq!(widened(&Value::Integer(3), 2), decimal_of(300, 2));
        assert_eq!(widened(&decimal_of(3, 1), 2), decimal_of(30, 2));
        assert_eq!(widened(&decimal_of(3, 3), 2), Value::Unset);
        assert_eq!(widened(&Value::Integer(i64::MAX), 1), Value::Unset);
        assert_eq!(widened(&Value::Unset, 1), Value::Unset);
    }
}
