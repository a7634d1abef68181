//! Service calendars from records: the fields that the definitions bind to the purposes `calendar`
//! and `holiday`, read into a checked calendar. Needs no database: values come in, already read.
//! Which times count is `quality::working_time`'s work; keeping calendars is `calendars`'.

use super::fault::{self, CalendarFault};
use super::state::CalendarVersion;
use jiff::civil::{Date, date};
use model::definition::Binding;
use model::{Key, Name, Value};
use quality::working_time::{Calendar, CalendarOutline};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The parts of the calendar purpose that hold the hours of a weekday, Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The choice of a holiday's `kind` that makes its date a working day.
const WORKING_DAY: &str = "working_day";

/// A calendar record as it was read, with the holidays of all lists that it links. Values are by
/// field name, as in a record.
#[derive(Debug, Clone)]
pub struct CalendarSource {
    pub key: Key,
    pub version: i64,
    pub values: BTreeMap<Name, Value>,
    /// Without withdrawn ones; in any order.
    pub holidays: Vec<HolidaySource>,
}

/// A holiday record as it was read.
#[derive(Debug, Clone)]
pub struct HolidaySource {
    pub key: Key,
    pub values: BTreeMap<Name, Value>,
}

/// A checked calendar with what it was made from.
#[derive(Debug, Clone)]
pub struct ServiceCalendar {
    pub calendar: Calendar,
    pub version: CalendarVersion,
}

/// A holiday with its texts.
pub(super) struct Day {
    pub key: Key,
    /// None where the date is not set.
    pub date: Option<String>,
    pub is_working_day: bool,
    pub hours: Vec<String>,
    /// The hours are its own, not those of a weekday.
    pub own_hours: bool,
}

/// Checks a calendar. `calendar` and `holiday` are the bindings of these purposes.
///
/// | record | calendar |
/// | --- | --- |
/// | `always_open` | all time counts; week and holidays are not looked at |
/// | a weekday without hours | closed |
/// | holiday | its date is closed |
/// | working day with hours | its date has these, whatever weekday or holiday of another list |
/// | working day without hours | those of Monday, or of the first open weekday after it |
/// | one working day in two lists, same hours | once |
/// | one working day in two lists, other hours | a fault: which ones count cannot be told |
///
/// # Errors
/// All faults at once, each with the record, the field and the mend.
pub fn build(
    source: &CalendarSource,
    calendar: &Binding,
    holiday: Option<&Binding>,
) -> Result<ServiceCalendar, Vec<CalendarFault>> {
    let part = |part: &str| part_of(calendar, part, &source.values);
    let zone = part("zone").as_text().unwrap_or_default().to_owned();
    if part("always_open").as_bool() {
        let digest = digest(&["always", &zone]);
        let built = Calendar::around_the_clock(&zone);
        let faults = |problem| vec![fault::of(&problem, source.key, calendar, holiday, &[])];
        return built.map(|c| dated(c, source, digest)).map_err(faults);
    }
    let week = WEEKDAYS.map(|day| part(day).as_text().map(spans).unwrap_or_default());
    let days = days(source, holiday, &week);
    let outline = outline(zone, week, &days);
    let undated = days.iter().filter(|day| day.date.is_none());
    let mut faults: Vec<CalendarFault> = undated.map(|d| fault::undated(d.key, holiday)).collect();
    let problems = match Calendar::new(&outline) {
        Ok(built) if faults.is_empty() => {
            return Ok(dated(built, source, digest_of(&outline)));
        }
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    };
    let telling = problems.iter().filter(|problem| !fault::is_echo(problem, &days));
    faults.extend(telling.map(|p| fault::of(p, source.key, calendar, holiday, &days)));
    faults.dedup();
    Err(faults)
}

/// The hours of a day as people write them, one text a span: `09:00-12:00, 13:00-18:00` and, with
/// Chinese punctuation, `09：00—12：00，13：00—18：00`. Not checked here.
pub fn spans(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '，' | '、' | ';' | '；' => ',',
            '：' => ':',
            '–' | '—' | '－' | '~' | '～' => '-',
            other => other,
        })
        .collect();
    plain.split(',').filter(|span| !span.is_empty()).map(str::to_owned).collect()
}

fn part_of(binding: &Binding, part: &str, values: &BTreeMap<Name, Value>) -> Value {
    let field = binding.parts.get(part);
    field.and_then(|field| values.get(field)).cloned().unwrap_or_default()
}

fn days(source: &CalendarSource, holiday: Option<&Binding>, week: &[Vec<String>; 7]) -> Vec<Day> {
    let Some(binding) = holiday else { return Vec::new() };
    let usual = week.iter().find(|hours| !hours.is_empty()).cloned().unwrap_or_default();
    let read = |holiday: &HolidaySource| {
        let part = |part: &str| part_of(binding, part, &holiday.values);
        let own = part("hours").as_text().map(spans).filter(|hours| !hours.is_empty());
        Day {
            key: holiday.key,
            date: date_text(&part("date")),
            is_working_day: part("kind").as_text() == Some(WORKING_DAY),
            own_hours: own.is_some(),
            hours: own.unwrap_or_else(|| usual.clone()),
        }
    };
    let mut days: Vec<Day> = source.holidays.iter().map(read).collect();
    days.sort_by(|a, b| (&a.date, a.key).cmp(&(&b.date, b.key)));
    days
}

fn date_text(value: &Value) -> Option<String> {
    let Value::Date(days) = value else { return None };
    let day: Option<Date> = date(1970, 1, 1).checked_add(jiff::Span::new().days(*days)).ok();
    day.map(|day| day.to_string())
}

fn outline(zone: String, week: [Vec<String>; 7], days: &[Day]) -> CalendarOutline {
    let mut outline = CalendarOutline { zone, week, ..CalendarOutline::default() };
    for day in days {
        let Some(date) = day.date.clone() else { continue };
        if !day.is_working_day {
            outline.holidays.push(date);
        } else if !outline.extra_days.contains(&(date.clone(), day.hours.clone())) {
            outline.extra_days.push((date, day.hours.clone()));
        }
    }
    outline.holidays.dedup();
    outline
}

fn dated(calendar: Calendar, source: &CalendarSource, digest: String) -> ServiceCalendar {
    let version = CalendarVersion { key: source.key.0, version: source.version, digest };
    ServiceCalendar { calendar, version }
}

fn digest_of(outline: &CalendarOutline) -> String {
    let week: Vec<String> = outline.week.iter().map(|hours| hours.join(",")).collect();
    let holidays = outline.holidays.join(",");
    let extra =
        outline.extra_days.iter().map(|(date, hours)| format!("{date} {}", hours.join(",")));
    let extra = extra.collect::<Vec<_>>().join(";");
    digest(&[&outline.zone, &week.join(";"), &holidays, &extra])
}

fn digest(parts: &[&str]) -> String {
    hex::encode(&Sha256::digest(parts.join("\n"))[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::example::{binding, day_off, source, working_day};
    use jiff::Timestamp;
    use model::Language;
    use quality::working_time::elapsed;

    fn built(source: &CalendarSource) -> Result<ServiceCalendar, Vec<CalendarFault>> {
        build(source, &binding("calendar"), Some(&binding("holiday")))
    }

    /// Hours counted on a day of March 2026 in Shanghai; the 9th is a Monday.
    fn hours(source: &CalendarSource, day: u32) -> i64 {
        let calendar = built(source).unwrap().calendar;
        let from: Timestamp = format!("2026-03-{day:02}T00:00:00+08:00").parse().unwrap();
        let from = from.as_microsecond();
        elapsed(&calendar, from, from + 86_400_000_000) / 3_600_000_000
    }

    fn faults(source: &CalendarSource) -> Vec<(i64, String, String)> {
        let faults = built(source).unwrap_err();
        let line = |f: &CalendarFault| (f.record.0, f.field.clone(), f.text(Language::EN).into());
        faults.iter().map(line).collect()
    }

    #[test]
    fn the_table_of_records_holds() {
        let week = [("monday", "09:00-12:00, 13:00－18:00"), ("friday", "09:00-17:00")];
        let plain = source(&week, vec![]);
        assert_eq!((hours(&plain, 9), hours(&plain, 13), hours(&plain, 10)), (8, 8, 0));
        let days = vec![
            day_off("2026-03-09"),
            working_day("2026-03-14", None),
            working_day("2026-03-15", Some("10:00-12:00")),
            day_off("2026-03-15"),
            working_day("2026-03-14", Some("09:00-12:00，13:00-18:00")),
        ];
        let with_days = source(&week, days);
        assert_eq!((hours(&with_days, 9), hours(&with_days, 14), hours(&with_days, 15)), (0, 8, 2));
        let borrowed = source(&week[1..], vec![working_day("2026-03-14", None)]);
        assert_eq!(hours(&borrowed, 14), 8, "Monday is closed: Friday's hours");
        let mut always = source(&week, vec![day_off("2026-03-09")]);
        always.values.insert(Name::new("always_open").unwrap(), Value::YesNo(true));
        assert_eq!(hours(&always, 9), 24);
    }

    #[test]
    fn faults_name_record_field_and_mend() {
        let bad_week = source(&[("monday", "9-17")], vec![working_day("2026-03-14", None)]);
        let found = faults(&bad_week);
        assert_eq!(found.len(), 1, "borrowed hours are not told twice: {found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (7, "monday"));
        assert!(found[0].2.contains("`9-17`") && found[0].2.contains("09:00-17:00"));

        let mut day = working_day("2026-03-14", Some("17:00-09:00"));
        day.key = Key(41);
        let own = faults(&source(&[("monday", "09:00-17:00")], vec![day]));
        assert_eq!((own[0].0, own[0].1.as_str()), (41, "hours"));

        let mut undated = day_off("2026-03-14");
        undated.key = Key(42);
        undated.values.remove(&Name::new("date").unwrap());
        let undated = faults(&source(&[("monday", "09:00-17:00")], vec![undated]));
        assert_eq!((undated[0].0, undated[0].1.as_str()), (42, "date"));

        let two = vec![
            working_day("2026-03-14", Some("09:00-12:00")),
            working_day("2026-03-14", Some("09:00-13:00")),
        ];
        assert_eq!(faults(&source(&[("monday", "09:00-17:00")], two))[0].1, "date");
        assert_eq!(faults(&source(&[], vec![]))[0].1, "monday");

        let mut lost = source(&[("monday", "09:00-17:00")], vec![]);
        lost.values.insert(Name::new("zone").unwrap(), Value::text("Mars/Olympus"));
        assert_eq!(faults(&lost)[0].1, "zone");
        let chinese = built(&lost).unwrap_err()[0].text(Language::ZH).to_owned();
        assert!(chinese.contains("Mars/Olympus") && chinese.contains("时区"), "{chinese}");
    }

    #[test]
    fn the_digest_follows_hours_and_holidays_only() {
        let digest = |source: &CalendarSource| built(source).unwrap().version.digest;
        let week = [("monday", "09:00-17:00")];
        let plain = source(&week, vec![]);
        let mut renamed = plain.clone();
        renamed.version = 9;
        renamed.values.insert(Name::new("code").unwrap(), Value::text("other"));
        assert_eq!(digest(&plain), digest(&renamed));
        assert_ne!(digest(&plain), digest(&source(&week, vec![day_off("2026-03-09")])));
        assert_eq!(digest(&plain).len(), 16);
        let (a, b) = (day_off("2026-03-09"), day_off("2026-03-10"));
        let forth = source(&week, vec![a.clone(), b.clone()]);
        assert_eq!(digest(&forth), digest(&source(&week, vec![b, a])));
    }
}
