//! Date: a day of the calendar, without time or zone. An instant is `datetime`.

use super::{FieldType, Names, Slip, Style, mend};
use jiff::civil;
use model::Value;
use model::definition::FieldKind;
use serde_json::{Value as Json, json};

const EN: &str = "is not a day of the calendar; write year, month and day, as in 2026-03-01";
const ZH: &str = "不是有效日期，请按年月日填写，例如 2026-03-01";

/// Day 0 of a value.
const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

/// `date`.
pub struct Date;

impl FieldType for Date {
    fn read(&self, _: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        let Json::String(text) = json else {
            let zh = "请填写带引号的日期，例如 \"2026-03-01\"";
            return Err(mend::shape(json, "write a date in quotes, as in \"2026-03-01\"", zh));
        };
        let full = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let date = if full { parts(text) } else { None };
        date.map(Value::Date).ok_or_else(|| mend::unfit(text, EN, ZH))
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        parts(text).map(Value::Date).ok_or_else(|| mend::unfit(text, EN, ZH))
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        written(value).map_or(Json::Null, Json::from)
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        written(value).unwrap_or_default()
    }

    fn schema(&self, _: &FieldKind, _: bool) -> Json {
        json!({ "type": "string", "format": "date" })
    }
}

/// Days since 1970-01-01, from year, month and day in this order; the year has four digits, so
/// that no other order can be meant.
///
/// | text | day |
/// | --- | --- |
/// | `2026-03-01`, `2026/3/1`, `2026.3.1`, `2026年3月1日` | 1 March 2026 |
/// | `01/03/2026`, `26-03-01`, `2026-02-30` | none |
fn parts(text: &str) -> Option<i32> {
    let text = text.trim().trim_end_matches('日');
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, most: usize| {
        let fits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if fits { part.parse::<i16>().ok() } else { None }
    };
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (month, day) = (digits(month, 2)?, digits(day, 2)?);
    let year = digits(year, 4).filter(|year| *year > 0)?;
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    EPOCH.until(date).ok().map(|span| span.get_days())
}

fn written(value: &Value) -> Option<String> {
    let Value::Date(days) = value else { return None };
    let span = jiff::Span::new().try_days(*days).ok()?;
    EPOCH.checked_add(span).ok().map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_table_says() {
        for text in ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", " 2026-03-01 "] {
            assert_eq!(parts(text), Some(20513), "{text}");
        }
        for text in ["01/03/2026", "26-03-01", "2026-02-30", "2026-03", "0000-01-01", "年月", ""]
        {
            assert_eq!(parts(text), None, "{text}");
        }
        assert_eq!(
            parts("9999-12-31").map(Value::Date).as_ref().and_then(written).unwrap(),
            "9999-12-31"
        );
        assert_eq!(written(&Value::Date(i32::MAX)), None);
    }
}
