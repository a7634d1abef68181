//! Duration: a length of elapsed time. A day has 24 hours and a week seven days; months and
//! years have no fixed length and are refused. Service days belong to clocks, not here.

use super::{FieldType, Names, Slip, Style, mend};
use model::definition::FieldKind;
use model::{Language, Value};
use serde_json::{Value as Json, json};

const SECOND: i128 = 1_000_000;
const MINUTE: i128 = 60 * SECOND;
const HOUR: i128 = 60 * MINUTE;

/// Each unit in microseconds, the largest first, with its words; the first is that of ISO 8601.
const UNITS: [(i128, &[&str]); 5] = [
    (168 * HOUR, &["w", "week", "weeks", "周", "星期"]),
    (24 * HOUR, &["d", "day", "days", "天", "日"]),
    (HOUR, &["h", "hr", "hrs", "hour", "hours", "小时", "时"]),
    (MINUTE, &["m", "min", "mins", "minute", "minutes", "分", "分钟"]),
    (SECOND, &["s", "sec", "secs", "second", "seconds", "秒"]),
];

/// `duration`.
pub struct Duration;

impl FieldType for Duration {
    fn read(&self, kind: &FieldKind, json: &Json, names: &dyn Names) -> Result<Value, Slip> {
        match json {
            Json::String(text) => self.read_text(kind, text, names),
            other => {
                let en = "write a length of time in quotes, as in \"PT4H30M\" or \"4h30m\"";
                let zh = "请填写带引号的时长，例如 \"PT4H30M\" 或 \"4h30m\"";
                Err(mend::shape(other, en, zh))
            }
        }
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        if text.trim().is_empty() {
            return Ok(Value::Unset);
        }
        micros(text).map(Value::Duration).ok_or_else(|| unfit(text))
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        let Value::Duration(micros) = value else { return Json::Null };
        let parts: String =
            split(*micros).iter().map(|(amount, unit)| format!("{amount}{unit}")).collect();
        let sign = if *micros < 0 { "-" } else { "" };
        Json::from(if parts.is_empty() { "PT0S".into() } else { format!("{sign}PT{parts}") })
    }

    fn text(&self, _: &FieldKind, value: &Value, style: &Style) -> String {
        let Value::Duration(micros) = value else { return String::new() };
        let zh = style.language == Language::ZH;
        let word = |unit: char| match (unit, zh) {
            ('H', false) => "h",
            ('H', true) => "小时",
            ('M', false) => "min",
            ('M', true) => "分",
            (_, false) => "s",
            (_, true) => "秒",
        };
        let mut parts = split(*micros);
        if parts.is_empty() {
            parts.push(("0".into(), 'M'));
        }
        let parts: Vec<String> =
            parts.iter().map(|(amount, unit)| format!("{amount} {}", word(*unit))).collect();
        format!("{}{}", if *micros < 0 { "-" } else { "" }, parts.join(" "))
    }

    fn schema(&self, _: &FieldKind, writing: bool) -> Json {
        let example = if writing { "4h30m" } else { "PT4H30M" };
        json!({ "type": "string", "format": "duration", "examples": [example] })
    }
}

fn unfit(text: &str) -> Slip {
    let bare = text.trim().bytes().all(|b| b.is_ascii_digit());
    let (en, zh) = if bare {
        (
            "has no unit; write 30m for minutes or 30h for hours",
            "缺少单位，请写成 30m（分钟）或 30h（小时）",
        )
    } else {
        (
            "is not a length of time; write 4h30m, 90m, 2d or PT4H30M",
            "不是有效时长，请写成 4h30m、90m、2d 或 PT4H30M",
        )
    };
    mend::unfit(text, en, zh)
}

/// Microseconds of a length of time.
///
/// | text | time |
/// | --- | --- |
/// | `PT4H30M`, `4h30m`, `4 h 30 min`, `4 小时 30 分`, `4.5h`, `270m` | 4 hours 30 minutes |
/// | `P1DT12H`, `1d12h`, `36h` | 36 hours |
/// | `-PT1H`, `-1h` | minus one hour |
/// | `30`, `4:30`, `30m4h`, `P1M`, `1y` | none |
fn micros(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.as_str()),
    };
    let total = match text.strip_prefix('p') {
        Some(iso) => {
            let (days, time) = iso.split_once('t').unwrap_or((iso, "0s"));
            let days_only = days.is_empty() || days.contains(['w', 'd']);
            let date = if days.is_empty() { 0 } else { sum(days, &UNITS[..2])? };
            if !days_only || iso.is_empty() { None } else { Some(date + sum(time, &UNITS[2..])?) }
        }
        None => sum(text, &UNITS),
    };
    i64::try_from(sign * total?).ok()
}

/// Amounts with units, the larger unit first, each at most once.
fn sum(text: &str, units: &[(i128, &[&str])]) -> Option<i128> {
    let mut units = units.iter();
    let mut total = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digit = |c: char| c.is_ascii_digit() || c == '.';
        let (amount, after) = rest.split_at(rest.find(|c| !digit(c))?);
        let after = after.trim_start();
        let end = after.find(|c: char| digit(c) || c.is_whitespace()).unwrap_or(after.len());
        let word = &after[..end];
        // Going on in the list refuses both a repeat and a smaller unit before a larger.
        let (unit, _) = units.by_ref().find(|(_, words)| words.contains(&word))?;
        total += part(amount, *unit)?;
        rest = after[end..].trim_start();
    }
    Some(total)
}

/// So much of a unit, where that is a whole number of microseconds.
fn part(amount: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
    let number = |digits: &str| {
        let fits = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if fits { digits.parse::<i128>().ok() } else { None }
    };
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok().filter(|len| *len <= 18)?);
    let small = number(fraction)? * unit;
    (small % scale == 0).then_some(number(whole)? * unit + small / scale)
}

/// Hours, minutes and seconds that are not zero, without the sign, with the letters of ISO 8601.
fn split(micros: i64) -> Vec<(String, char)> {
    let whole = i128::from(micros.unsigned_abs());
    let (seconds, fraction) = (whole % MINUTE / SECOND, whole % SECOND);
    let mut parts = Vec::new();
    for (amount, unit) in [(whole / HOUR, 'H'), (whole % HOUR / MINUTE, 'M')] {
        if amount > 0 {
            parts.push((amount.to_string(), unit));
        }
    }
    if fraction > 0 {
        let digits = format!("{seconds}.{fraction:06}");
        parts.push((digits.trim_end_matches('0').to_string(), 'S'));
    } else if seconds > 0 {
        parts.push((seconds.to_string(), 'S'));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_as_the_table_says() {
        let minutes = |text: &str| micros(text).map(|micros| i128::from(micros) / MINUTE);
        for text in
            ["PT4H30M", "4h30m", "4 h 30 min", "4 小时 30 分", "4小时30分钟", "4.5h", "270m"]
        {
            assert_eq!(minutes(text), Some(270), "{text}");
        }
        for text in ["P1DT12H", "1d12h", "36h", "1 day 12 hours", "pt36h"] {
            assert_eq!(minutes(text), Some(36 * 60), "{text}");
        }
        for text in ["-PT1H", "-1h"] {
            assert_eq!(minutes(text), Some(-60), "{text}");
        }
        assert_eq!(minutes("P2W"), Some(14 * 24 * 60));
        assert_eq!(micros("PT0.000001S"), Some(1));
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        let texts = "30 4:30 30m4h 1h1h P1M P1Y 1y P PT P1H 1.h .5h 1..5h --1h h PT0.0000001S \
            9999999999999h 99999999999999999999h P1DT";
        for text in texts.split_whitespace() {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}
