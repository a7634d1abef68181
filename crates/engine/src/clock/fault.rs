//! What is wrong with the records of a calendar, in the words of those who keep them: the record,
//! its field, and the mend, in English and Chinese. Apart from the check itself, which knows
//! outlines and no records.

use super::calendar::{Day, WEEKDAYS};
use model::definition::Binding;
use model::{Key, Language};
use quality::working_time::{CalendarProblem, FIRST_YEAR, LAST_YEAR};

/// One fault of a calendar; `field` is the name of the field of `record` to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFault {
    pub record: Key,
    pub field: String,
    en: String,
    zh: String,
}

impl CalendarFault {
    /// What is wrong and how to mend it; English where there is no such language.
    pub fn text(&self, language: Language) -> &str {
        if language == Language::ZH { &self.zh } else { &self.en }
    }
}

/// The fault that a problem of the outline is, found back in its record.
pub(super) fn of(
    problem: &CalendarProblem,
    calendar_key: Key,
    calendar: &Binding,
    holiday: Option<&Binding>,
    days: &[Day],
) -> CalendarFault {
    let of_calendar = |part: &str| (calendar_key, field(Some(calendar), part));
    let of_day = |date: &str, part: &str| {
        // The later of two entries is the one to be mended.
        let day = days.iter().rev().find(|day| day.is_working_day && is_on(day, date));
        let day = day.or_else(|| days.iter().find(|day| is_on(day, date)));
        (day.map_or(calendar_key, |day| day.key), field(holiday, part))
    };
    let (record, field) = match problem {
        CalendarProblem::UnknownZone { .. } => of_calendar("zone"),
        CalendarProblem::NoServiceTime => of_calendar(WEEKDAYS[0]),
        CalendarProblem::MalformedDate { date, .. }
        | CalendarProblem::RepeatedExtraDay { date } => of_day(date, "date"),
        CalendarProblem::MalformedInterval { day, .. }
        | CalendarProblem::EmptyInterval { day, .. }
        | CalendarProblem::OverlappingIntervals { day, .. } => match day.split_once('.') {
            Some(("extra_days", date)) => of_day(date, "hours"),
            Some((_, weekday)) => of_calendar(weekday),
            None => of_calendar(day),
        },
    };
    let (en, zh) = words(problem);
    CalendarFault { record, field, en, zh }
}

/// A holiday without a date.
pub(super) fn undated(record: Key, holiday: Option<&Binding>) -> CalendarFault {
    CalendarFault {
        record,
        field: field(holiday, "date"),
        en: "no date is set; give the date or withdraw the record".to_owned(),
        zh: "未填写日期；请填写日期或撤回该记录".to_owned(),
    }
}

/// Whether the problem only repeats one of the week: a working day without hours of its own
/// borrows them.
pub(super) fn is_echo(problem: &CalendarProblem, days: &[Day]) -> bool {
    let (CalendarProblem::MalformedInterval { day, .. }
    | CalendarProblem::EmptyInterval { day, .. }
    | CalendarProblem::OverlappingIntervals { day, .. }) = problem
    else {
        return false;
    };
    let date = day.strip_prefix("extra_days.");
    date.is_some_and(|date| {
        !days.iter().any(|day| day.is_working_day && day.own_hours && is_on(day, date))
    })
}

fn is_on(day: &Day, date: &str) -> bool {
    day.date.as_deref() == Some(date)
}

/// The field that plays a part; the part itself where nothing is bound to it.
fn field(binding: Option<&Binding>, part: &str) -> String {
    let name = binding.and_then(|binding| binding.parts.get(part));
    name.map_or_else(|| part.to_owned(), ToString::to_string)
}

fn words(problem: &CalendarProblem) -> (String, String) {
    match problem {
        CalendarProblem::UnknownZone { zone } => (
            format!("`{zone}` is no time zone; write an IANA name such as Asia/Shanghai"),
            format!("“{zone}”不是有效时区；请填写 IANA 名称，例如 Asia/Shanghai"),
        ),
        CalendarProblem::MalformedInterval { interval, .. } => (
            format!("`{interval}` is not a span of hours; write 09:00-17:00"),
            format!("“{interval}”不是有效时段；请按 09:00-17:00 的格式填写"),
        ),
        CalendarProblem::EmptyInterval { interval, .. } => (
            format!(
                "`{interval}` does not end after it starts; for hours over midnight end the day \
                 with 24:00 and start the next with 00:00"
            ),
            format!(
                "“{interval}”的结束不晚于开始；跨越午夜的时段请拆成两段：当日至 24:00，次日自 00:00 起"
            ),
        ),
        CalendarProblem::OverlappingIntervals { interval, other, .. } => (
            format!("`{interval}` overlaps `{other}`; write one span for both"),
            format!("“{interval}”与“{other}”重叠；请合并为一个时段"),
        ),
        CalendarProblem::MalformedDate { date, .. } => (
            format!("{date} is out of reach; give a date from {FIRST_YEAR} to {LAST_YEAR}"),
            format!("{date} 超出范围；请填写 {FIRST_YEAR} 至 {LAST_YEAR} 年间的日期"),
        ),
        CalendarProblem::RepeatedExtraDay { date } => (
            format!("{date} is a working day twice, with other hours; keep one, or the same hours"),
            format!("{date} 被两次列为上班日且时段不同；请只保留一条，或填写相同时段"),
        ),
        CalendarProblem::NoServiceTime => (
            "no day has any hours; give the hours of at least one weekday".to_owned(),
            "没有任何一天有服务时段；请至少填写一天的时段".to_owned(),
        ),
    }
}
