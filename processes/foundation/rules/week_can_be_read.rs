//! Rule `week_can_be_read`: the hours of a calendar are hours.

use engine::Result;
use engine::clock::calendar::{WEEKDAYS, spans};
use engine::rule::{Answer, CodeRule, RuleCase};
use quality::working_time::{Calendar, CalendarOutline, CalendarProblem};

/// Refuses a calendar whose hours no clock could count. Chinese punctuation is read as well. That a
/// calendar is open on some day, and its zone a zone, are rules of their own.
///
/// | hours of Monday | always open | answer |
/// | --- | --- | --- |
/// | 09:00-12:00, 13:00-18:00 | no | holds |
/// | 09：00—12：00，13：00—18：00 | no | holds |
/// | 22:00-24:00 | no | holds |
/// | 9-17 | no | broken |
/// | 13:00-09:00 | no | broken |
/// | 09:00-13:00, 12:00-18:00 | no | broken |
/// | 9-17 | yes | holds: no clock looks at it |
pub const RULE: CodeRule =
    CodeRule { record_type: "calendar", name: "week_can_be_read", guards, test };

fn guards(_case: &RuleCase) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn test(case: &RuleCase) -> Result<Answer> {
    if case.record.field("always_open").as_bool() {
        return Ok(Answer::Holds);
    }
    let hours = |day: &str| case.record.field(day).as_text().map(spans).unwrap_or_default();
    let zone = case.record.field("zone").as_text().unwrap_or_default().to_string();
    let outline = CalendarOutline { zone, week: WEEKDAYS.map(hours), ..Default::default() };
    let problems = Calendar::new(&outline).err().unwrap_or_default();
    Ok(Answer::holds_if(!problems.iter().any(is_of_hours)))
}

fn is_of_hours(problem: &CalendarProblem) -> bool {
    use CalendarProblem::{EmptyInterval, MalformedInterval, OverlappingIntervals};
    matches!(problem, MalformedInterval { .. } | EmptyInterval { .. } | OverlappingIntervals { .. })
}
