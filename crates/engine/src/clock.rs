//! Clocks: how long a record may take, how long it has taken, and why. Each clock of a record is a
//! list of events; all else about it (due, counted, breached) is computed from them, a calendar and
//! nothing else, so that the same events always give the same answer.
//!
//! Pure: no database, no timer, no present. The engine calls [`advance`] for each version of a
//! record that it writes, keeps the [`ClockState`] in a column, and enqueues what [`timers`] lists.
//! The arithmetic of working time itself is `quality::working_time`.
//!
//! | question | decision |
//! | --- | --- |
//! | breached | from the first instant after due at which the clock is neither paused nor stopped |
//! | stopped at the very instant it is due | in time |
//! | due while paused | none until it resumes, unless the target was used up before the pause |
//! | target changes | start, pauses and counted time stay; due, warning and breach are new |
//! | target changes after a breach | the breach stays on record among [`ClockState::lapses`] |
//! | target changes with or after the stop | nothing: what is done is not measured anew |
//! | reopened | counts on from where it stopped; the time between is not counted |
//! | calendar, holidays or zone data change | open clocks are computed anew, the old due is kept |
//! | a closed clock | keeps its result, and the versions with which it was computed |

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod after;
pub mod calendar;
pub mod calendars;
pub mod fault;

mod advance;
mod compute;
mod course;
mod explain;
mod flip;
mod state;
mod text;
mod timer;

#[cfg(test)]
mod example;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use advance::{Basis, advance, refresh};
pub use compute::recompute;
pub use explain::{Ahead, Explained, Part, Standing, Why, explain};
pub use flip::next_flip;
pub use state::{Allowance, CalendarVersion, ClockState, Event, Lapse, Phase, Versions, What};
pub use text::Words;
pub use timer::{TimerKind, applies, on_timer, timer_key, timers};
