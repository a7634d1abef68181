//! What can be wrong with a calendar as a person wrote it, in words that name the field and the
//! mend. Not an error of the arithmetic: that has none, a checked calendar always answers.

use std::fmt;

use super::year::{FIRST_YEAR, LAST_YEAR};
use super::zone_data_version;

/// One thing that is wrong with a [`super::CalendarOutline`]. `day` is the field with its day, as
/// in `week.monday` or `extra_days.2026-02-14`; `interval` is the text that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarProblem {
    /// The zone is not in the time-zone data.
    UnknownZone { zone: String },
    /// The text is not two times of day with a hyphen between them.
    MalformedInterval { day: String, interval: String },
    /// The end is not after the start: empty, or meant to go over midnight.
    EmptyInterval { day: String, interval: String },
    /// Two intervals of one day share time.
    OverlappingIntervals { day: String, interval: String, other: String },
    /// The text is not a date, or not one that calendars reach.
    MalformedDate { field: &'static str, date: String },
    /// One date has two entries in `extra_days`.
    RepeatedExtraDay { date: String },
    /// Neither the week nor an extra day has any hours: its clocks would stand still for ever.
    NoServiceTime,
}

impl fmt::Display for CalendarProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownZone { zone } => write!(
                f,
                "zone: `{zone}` is not in the time-zone data {}; write an IANA name such as \
                 `Asia/Shanghai`",
                zone_data_version()
            ),
            Self::MalformedInterval { day, interval } => write!(
                f,
                "{day}: `{interval}` is not an interval; write two times of day between 00:00 and \
                 24:00 as `09:00-17:00`"
            ),
            Self::EmptyInterval { day, interval } => write!(
                f,
                "{day}: `{interval}` does not end after it starts; for hours over midnight write \
                 two intervals, the first to 24:00, the second from 00:00 on the next day"
            ),
            Self::OverlappingIntervals { day, interval, other } => {
                write!(f, "{day}: `{interval}` overlaps `{other}`; write one interval for both")
            }
            Self::MalformedDate { field, date } => write!(
                f,
                "{field}: `{date}` is not a date; write `YYYY-MM-DD` between {FIRST_YEAR}-01-01 \
                 and {LAST_YEAR}-12-31"
            ),
            Self::RepeatedExtraDay { date } => write!(
                f,
                "extra_days: {date} is given more than once; put all its intervals into one entry"
            ),
            Self::NoServiceTime => write!(
                f,
                "week: no day has any hours; give at least one interval in `week` or `extra_days`"
            ),
        }
    }
}

impl std::error::Error for CalendarProblem {}
