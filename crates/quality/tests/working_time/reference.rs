//! The vectors of `reference/business_time.json`: 377 cases in 24 zones, 25 of them published by
//! other projects; each must be met exactly.

use jiff::Timestamp;
use quality::working_time::{
    Calendar, CalendarOutline, Interval, Reason, due_without, elapsed, elapsed_without, explain,
    intervals,
};
use serde_json::Value;

use crate::shared;

#[test]
fn every_reference_case_is_met_exactly() {
    let Some(bytes) = shared::read("reference/business_time.json") else { return };
    let reference: Value = serde_json::from_slice(&bytes).unwrap();
    let mut wrong = Vec::new();
    let cases = reference["cases"].as_array().unwrap();
    for case in cases {
        let name = case["calendar"].as_str().unwrap();
        let calendar = read_calendar(&case["zone"], &reference["calendars"][name]);
        let (got, want) = match case["op"].as_str().unwrap() {
            "elapsed" => (count(&calendar, case), seconds(&case["expect_s"])),
            "due" => {
                let duration = seconds(&case["duration_s"]);
                let due = due_without(&calendar, instant(&case["start"]), duration, &pauses(case));
                (due.unwrap(), instant(&case["expect"]))
            }
            other => panic!("unknown operation {other}"),
        };
        if got != want {
            wrong.push(format!("{}: {got}, not {want}", case["id"]));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(cases.len(), 377);
}

/// Elapsed time, which the intervals and the explanation must share.
fn count(calendar: &Calendar, case: &Value) -> i64 {
    let (from, to) = (instant(&case["start"]), instant(&case["end"]));
    let all: i64 = intervals(calendar, from, to).map(|(from, to)| to - from).sum();
    assert_eq!(all, elapsed(calendar, from, to), "{}", case["id"]);
    let counted = elapsed_without(calendar, from, to, &pauses(case));
    let explained = explain(calendar, from, to, &pauses(case)).total(Reason::Counted);
    assert_eq!(explained, counted, "{}", case["id"]);
    counted
}

fn read_calendar(zone: &Value, written: &Value) -> Calendar {
    let mut outline =
        CalendarOutline { zone: zone.as_str().unwrap().to_owned(), ..Default::default() };
    for (day, hours) in outline.week.iter_mut().zip(written["week"].as_array().unwrap()) {
        *day = read_hours(hours);
    }
    for day in written["holidays"].as_array().into_iter().flatten() {
        outline.holidays.push(day.as_str().unwrap().to_owned());
    }
    for (day, hours) in written["extra"].as_object().into_iter().flatten() {
        outline.extra_days.push((day.clone(), read_hours(hours)));
    }
    Calendar::new(&outline).unwrap()
}

fn read_hours(hours: &Value) -> Vec<String> {
    let pair = |hours: &Value| format!("{}-{}", text(&hours[0]), text(&hours[1]));
    hours.as_array().unwrap().iter().map(pair).collect()
}

fn pauses(case: &Value) -> Vec<Interval> {
    let pauses = case["pauses"].as_array().into_iter().flatten();
    pauses.map(|pause| (instant(&pause[0]), instant(&pause[1]))).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn seconds(value: &Value) -> i64 {
    value.as_i64().unwrap() * 1_000_000
}

fn instant(value: &Value) -> i64 {
    text(value).parse::<Timestamp>().unwrap().as_microsecond()
}
