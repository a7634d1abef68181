//! How long we wait for other houses: of those who wait for one at once there are a few at most,
//! and after it did not answer it is left alone for a little while. So a house that hangs takes
//! some of our threads for some seconds, and never all of them.

use std::sync::{Mutex, PoisonError};

/// How long a house is left alone that did not answer, in microseconds.
pub(super) const PAUSE: i64 = 15 * 1_000_000;
/// How many may wait for one house at the same time.
const MOST: usize = 16;

/// What is known of one house.
#[derive(Default)]
pub(super) struct Patience(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: usize,
    silent_at: Option<i64>,
}

/// Somebody waits; the place is free again when this is dropped.
pub(super) struct Waiting<'p>(&'p Patience);

impl Patience {
    /// A place to wait at; none where there are too many, or the house was silent just now.
    pub fn wait(&self, now: i64) -> Option<Waiting<'_>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_paused = state.silent_at.is_some_and(|at| now - at < PAUSE);
        if is_paused || state.waiting >= MOST {
            return None;
        }
        state.waiting += 1;
        Some(Waiting(self))
    }
}

impl Waiting<'_> {
    /// The house did not answer.
    pub fn in_vain(self, now: i64) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).silent_at = Some(now);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_wait_at_once_and_nobody_after_silence() {
        let patience = Patience::default();
        let mut all: Vec<Waiting> = (0..MOST).filter_map(|_| patience.wait(0)).collect();
        assert_eq!(all.len(), MOST);
        assert!(patience.wait(0).is_none(), "one too many");
        drop(all.pop());
        patience.wait(0).unwrap().in_vain(5);
        assert!(patience.wait(5 + PAUSE - 1).is_none(), "it is left alone");
        assert!(patience.wait(5 + PAUSE).is_some());
    }
}
