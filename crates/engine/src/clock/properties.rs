//! Properties of clocks over random lives of records: going step by step is the same as computing
//! from the list, and both agree with a count of single minutes that knows no intervals.

use super::example::*;
use super::*;
use quality::working_time::elapsed;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

const LIVES: u64 = 300;
const STATES: [&str; 7] = ["draft", "new", "active", "waiting", "asking", "done", "closed"];

/// The versions of one record, a random number of minutes apart: when, state, priority.
struct Life(Vec<(i64, &'static str, &'static str)>);

impl Life {
    fn random(seed: u64, priorities: &[&'static str]) -> Life {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut now = at("03-05T08:00") + chance.random_range(0..3_000) * MINUTE;
        let mut versions = Vec::new();
        for _ in 0..chance.random_range(1..12) {
            let state = STATES.choose(&mut chance).copied().unwrap();
            let priority = priorities.choose(&mut chance).copied().unwrap();
            versions.push((now, state, priority));
            let longest = if chance.random_bool(0.7) { 300 } else { 6_000 };
            now += chance.random_range(0..longest) * MINUTE;
        }
        Life(versions)
    }

    fn end(&self) -> i64 {
        self.0.last().unwrap().0 + 3 * HOUR
    }

    /// The clock at the end; timers fire when versions are written, some of them late.
    fn lived(&self, calendar: &calendar::ServiceCalendar) -> Option<ClockState> {
        let basis = basis(calendar);
        let mut state: Option<ClockState> = None;
        for (now, status, priority) in &self.0 {
            if let Some(clock) = &mut state {
                fire(clock, *now, basis);
            }
            let facts = Facts::of(status, priority);
            state = advance(&clock(), state.as_ref(), &facts, *now, basis);
            assert_same_as_recomputed(state.as_ref(), calendar);
        }
        state.map(|state| refresh(&state, self.end(), basis))
    }
}

fn fire(state: &mut ClockState, now: i64, basis: Basis) {
    for (due, kind) in timers(state) {
        if let Some(next) = on_timer(state, kind, due, now, basis) {
            *state = next;
        }
    }
}

fn assert_same_as_recomputed(state: Option<&ClockState>, calendar: &calendar::ServiceCalendar) {
    let Some(state) = state else { return };
    for run in state.earlier.iter().chain([state]) {
        let mut again =
            recompute(&run.events, &run.versions, Some(&calendar.calendar), run.as_of).unwrap();
        again.earlier = run.earlier.clone();
        assert_eq!(again, *run);
    }
}

/// What a count of single minutes tells of a life, of its last run only.
#[derive(Debug, Default, PartialEq)]
struct Count {
    minutes: i64,
    breached: bool,
}

/// One minute after the other: is the clock going, does the minute count, is the target used up.
fn count(life: &Life, calendar: &calendar::ServiceCalendar) -> Option<Count> {
    let (mut count, mut stopped, mut ended) = (None::<Count>, false, true);
    for (index, (from, state, priority)) in life.0.iter().enumerate() {
        let to = life.0.get(index + 1).map_or(life.end(), |next| next.0);
        let start = matches!(*state, "new" | "active");
        let pause = matches!(*state, "waiting" | "asking");
        let stop = matches!(*state, "done" | "closed");
        if ended && start {
            (count, stopped, ended) = (Some(Count::default()), false, false);
        } else if !ended && stopped && !stop {
            (stopped, ended) = (!start && !pause, !start && !pause);
        } else if !ended && stop {
            stopped = true;
        }
        let Some(count) = count.as_mut().filter(|_| !ended && !stopped) else { continue };
        let target = match *priority {
            "fast" => Some(240),
            "medium" => Some(480),
            _ => None,
        };
        for minute in (*from..to).step_by(MINUTE as usize).filter(|_| !pause) {
            count.breached |= target.is_some_and(|target| count.minutes >= target);
            count.minutes += elapsed(&calendar.calendar, minute, minute + MINUTE) / MINUTE;
        }
    }
    count
}

#[test]
fn step_by_step_equals_the_list_for_any_life() {
    let calendar = office_without(&["2026-03-10"]);
    for seed in 0..LIVES {
        let life = Life::random(seed, &["fast", "medium", "slow", ""]);
        let Some(state) = life.lived(&calendar) else { continue };
        let stored = ClockState::from_json(&state.to_json()).unwrap();
        assert_eq!(stored, state, "seed {seed}");
        let explained = explain(&state, basis(&calendar), life.end(), &[]);
        let counted = explained.parts.iter().filter(|p| matches!(p.why, Why::Counted { .. }));
        let counted: i64 = counted.map(|part| part.to - part.from).sum();
        assert_eq!(counted, state.counted, "seed {seed}");
        assert!(explained.parts.windows(2).all(|pair| pair[0].to == pair[1].from), "seed {seed}");
    }
}

#[test]
fn intervals_equal_a_count_of_minutes() {
    let calendar = office_without(&["2026-03-10"]);
    for seed in 0..LIVES / 3 {
        let life = Life::random(seed, &["fast", "medium", ""]);
        let state = life.lived(&calendar);
        let got = state.as_ref().map(|state| Count {
            minutes: state.counted / MINUTE,
            breached: state.was_ever_breached(),
        });
        assert_eq!(got, count(&life, &calendar), "seed {seed}: {:?}", life.0);
    }
}

#[test]
fn a_clock_left_alone_is_due_when_its_target_is_counted() {
    let calendar = office_without(&["2026-03-10"]);
    for seed in 0..LIVES {
        let life = Life::random(seed, &["fast", "medium"]);
        let Some(state) = life.lived(&calendar) else { continue };
        let Some(due) = state.due_at.filter(|due| *due > state.as_of) else { continue };
        if state.phase == Phase::Running {
            let then = refresh(&state, due, basis(&calendar));
            assert_eq!(then.remaining(), Some(0), "seed {seed}");
            let before = refresh(&state, due - 1, basis(&calendar));
            assert_eq!(before.remaining(), Some(1), "seed {seed}: not a moment earlier");
        }
    }
}

#[test]
fn calendars_that_change_in_mid_course_end_in_the_same_figures() {
    let (first, second) = (office(), office_without(&["2026-03-09"]));
    for seed in 0..LIVES {
        let life = Life::random(seed, &["fast", "slow"]);
        let half = life.0.len() / 2;
        let mut state: Option<ClockState> = None;
        for (index, (now, status, priority)) in life.0.iter().enumerate() {
            let calendar = if index < half { &first } else { &second };
            let facts = Facts::of(status, priority);
            state = advance(&clock(), state.as_ref(), &facts, *now, basis(calendar));
        }
        let Some(state) = state else { continue };
        // A run that was over before the change keeps its result.
        let digest = |c: &calendar::ServiceCalendar| Some(c.version.clone());
        let calendar = if state.versions.calendar == digest(&first) { &first } else { &second };
        assert_same_as_recomputed(Some(&ClockState { earlier: vec![], ..state }), calendar);
    }
}
