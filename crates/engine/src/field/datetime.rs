//! Datetime: an instant. It is taken with any offset and shown in UTC; people see it in their
//! zone. A day without a time is `date`.

use super::{FieldType, Names, Slip, Style, mend};
use jiff::{Timestamp, civil};
use model::Value;
use model::definition::FieldKind;
use serde_json::{Value as Json, json};

const EN: &str = "is not an instant; write date, time and offset, as in 2026-03-01T09:00:00+08:00";
const ZH: &str = "不是有效时间，请写明日期、时间和时区偏移，例如 2026-03-01T09:00:00+08:00";

/// Microseconds at the start of year 1 and of year 10000, UTC: RFC 3339 writes four digits.
const FIRST: i64 = -62_135_596_800_000_000;
const END: i64 = 253_402_300_800_000_000;

/// `datetime`.
pub struct Datetime;

impl FieldType for Datetime {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        let Json::String(text) = json else {
            let en = "write an instant in quotes, as in \"2026-03-01T09:00:00+08:00\"";
            let zh = "请填写带引号的时间，例如 \"2026-03-01T09:00:00+08:00\"";
            return Err(mend::shape(json, en, zh));
        };
        self.read_text(kind, text, names)
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(Value::Unset);
        }
        match trimmed.parse::<Timestamp>() {
            Ok(at) if (FIRST..END).contains(&at.as_microsecond()) => {
                Ok(Value::Instant(at.as_microsecond()))
            }
            Ok(_) => Err(mend::unfit(text, EN, ZH)),
            Err(_) => Err(without_offset(trimmed)),
        }
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        instant(value).map_or(Json::Null, |at| at.to_string().into())
    }

    fn text(&self, _: &FieldKind, value: &Value, style: &Style) -> String {
        let local = |at: Timestamp| at.to_zoned(style.zone.clone());
        let text = |at| local(at).strftime("%Y-%m-%d %H:%M").to_string();
        instant(value).map_or(String::new(), text)
    }

    fn schema(&self, _: &FieldKind, _: bool) -> Json {
        json!({ "type": "string", "format": "date-time" })
    }
}

fn instant(value: &Value) -> Option<Timestamp> {
    value.as_instant().and_then(|at| Timestamp::from_microsecond(at).ok())
}

/// A local time is not guessed to be in some zone; the slip shows it with its offset written.
fn without_offset(text: &str) -> Slip {
    let Ok(local) = text.parse::<civil::DateTime>() else { return mend::unfit(text, EN, ZH) };
    let local = local.strftime("%Y-%m-%dT%H:%M:%S");
    mend::unfit(
        text,
        &format!("has no offset from UTC; write {local}Z, or with your own as in {local}+08:00"),
        &format!("没有时区偏移，请写成 {local}Z，或注明偏移，例如 {local}+08:00"),
    )
}
