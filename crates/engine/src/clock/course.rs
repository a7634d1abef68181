//! The course of a clock: its events read into spans that stand still and spans under one target.
//! Knows no calendar: which of the running time counts is `compute`'s work.

use super::state::{Allowance, Event, Phase, What};
use quality::working_time::Interval;

/// A clock's events as spans.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    pub start: i64,
    /// In order, without overlap; the last may be open, to `i64::MAX`.
    pub halts: Vec<Halt>,
    /// In order; each ends where the next begins, the last is open.
    pub terms: Vec<Term>,
}

/// A span in which the clock stands still.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Halt {
    pub from: i64,
    pub to: i64,
    /// Between a stop and a reopening; a pause otherwise.
    pub is_stop: bool,
    pub state: Option<String>,
}

/// A span under one target.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub from: i64,
    pub choice: Option<String>,
    pub allowance: Option<Allowance>,
    pub warn_percent: Option<u32>,
}

impl Course {
    /// None where the events do not begin with a start.
    pub fn of(events: &[Event]) -> Option<Course> {
        let first = events.first()?;
        if !matches!(first.what, What::Started { .. }) {
            return None;
        }
        let mut course = Course { start: first.at, halts: Vec::new(), terms: Vec::new() };
        for event in events {
            course.take(event);
        }
        course.halts.retain(|halt| halt.from < halt.to);
        Some(course)
    }

    fn take(&mut self, event: &Event) {
        match &event.what {
            What::Paused { state } => self.halt(event.at, false, state),
            What::Stopped { state } => self.halt(event.at, true, state),
            What::Resumed { .. } | What::Reopened { .. } => self.run_on(event.at),
            What::Target { choice, allowance, warn_percent } => self.take_term(Term {
                from: event.at,
                choice: choice.clone(),
                allowance: *allowance,
                warn_percent: *warn_percent,
            }),
            What::Started { .. }
            | What::Ended
            | What::Recalculated { .. }
            | What::Warned { .. }
            | What::Breached { .. } => {}
        }
    }

    /// Another choice with the same target is the same term: nothing new was promised.
    fn take_term(&mut self, term: Term) {
        match self.terms.last_mut() {
            Some(last) if last.allowance == term.allowance => {
                *last = Term { from: last.from, ..term };
            }
            _ => self.terms.push(term),
        }
    }

    fn halt(&mut self, at: i64, is_stop: bool, state: &Option<String>) {
        self.run_on(at);
        self.halts.push(Halt { from: at, to: i64::MAX, is_stop, state: state.clone() });
    }

    fn run_on(&mut self, at: i64) {
        if let Some(halt) = self.open_halt_mut() {
            halt.to = at;
        }
    }

    fn open_halt_mut(&mut self) -> Option<&mut Halt> {
        self.halts.last_mut().filter(|halt| halt.to == i64::MAX)
    }

    fn open_halt(&self) -> Option<&Halt> {
        self.halts.last().filter(|halt| halt.to == i64::MAX)
    }

    pub fn phase(&self) -> Phase {
        match self.open_halt() {
            None => Phase::Running,
            Some(halt) if halt.is_stop => Phase::Stopped,
            Some(_) => Phase::Paused,
        }
    }

    pub fn stopped_at(&self) -> Option<i64> {
        self.open_halt().filter(|halt| halt.is_stop).map(|halt| halt.from)
    }

    /// The state in which the clock is paused now.
    pub fn paused_in(&self) -> Option<&str> {
        self.open_halt().filter(|halt| !halt.is_stop)?.state.as_deref()
    }

    /// All spans that stand still.
    pub fn still(&self) -> Vec<Interval> {
        self.halts.iter().map(|halt| (halt.from, halt.to)).collect()
    }

    /// The spans that put off what is due: all but a last stop, which puts off nothing.
    pub fn delays(&self) -> Vec<Interval> {
        let delays = self.halts.iter().filter(|halt| !(halt.is_stop && halt.to == i64::MAX));
        delays.map(|halt| (halt.from, halt.to)).collect()
    }

    /// The spans in which the clock runs, hours or not; the last may be open.
    pub fn runs(&self) -> Vec<Interval> {
        let mut at = self.start;
        let mut runs = Vec::with_capacity(self.halts.len() + 1);
        for halt in &self.halts {
            runs.push((at, halt.from));
            at = halt.to;
        }
        runs.push((at, i64::MAX));
        runs.retain(|(from, to)| from < to);
        runs
    }
}
