//! The answer to a write, handed from the thread that commits to the thread that waits.
//!
//! A caller that gives up before its unit was taken up withdraws it: nothing is written, and that
//! is certain. Apart from the channel's own types because of this third outcome.

use super::failure::Failure;
use crate::cell::Row;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a unit gives back: the rows of its statements that return any, in order.
pub type Written = Result<Vec<Row>, Failure>;

enum State {
    Waiting,
    /// Being written: giving up no longer says that nothing was written.
    Taken,
    Withdrawn,
    Answered(Written),
    Read,
}

struct Slot {
    state: Mutex<State>,
    changed: Condvar,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The waiting end. Dropped without waiting, the unit is written all the same.
pub struct Ticket(Arc<Slot>);

/// The answering end. Dropped without an answer after it was taken, the outcome is unknown.
pub(crate) struct Promise(Arc<Slot>);

pub(crate) fn pair() -> (Promise, Ticket) {
    let slot = Arc::new(Slot { state: Mutex::new(State::Waiting), changed: Condvar::new() });
    (Promise(slot.clone()), Ticket(slot))
}

impl Promise {
    /// False where the caller gave up: the unit must not be written.
    pub(crate) fn take(&self) -> bool {
        let mut state = self.0.lock();
        match *state {
            State::Withdrawn => false,
            _ => {
                *state = State::Taken;
                true
            }
        }
    }

    pub(crate) fn answer(self, written: Written) {
        self.set(written);
    }

    fn set(&self, written: Written) {
        let mut state = self.0.lock();
        if matches!(*state, State::Waiting | State::Taken) {
            *state = State::Answered(written);
            drop(state);
            self.0.changed.notify_one();
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        let taken = matches!(*self.0.lock(), State::Taken);
        self.set(Err(if taken {
            Failure::Unknown
        } else {
            Failure::Unavailable("the database is closing".into())
        }));
    }
}

impl Ticket {
    /// Blocks until the unit is durable or refused.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] where it was not begun within the first time,
    /// [`Failure::Unknown`] where it was begun and not ended within the second, counted after it.
    pub(crate) fn wait(self, begin: Duration, end: Duration) -> Written {
        let open = |state: &mut State| matches!(state, State::Waiting | State::Taken);
        let wait = |state, time| {
            let waited = self.0.changed.wait_timeout_while(state, time, open);
            waited.unwrap_or_else(PoisonError::into_inner).0
        };
        // One wait for both times where nothing goes wrong: the writer tells only the answer.
        let mut state = wait(self.0.lock(), begin);
        if matches!(*state, State::Waiting) {
            *state = State::Withdrawn;
            return Err(Failure::Unavailable("the queue of writes does not move".into()));
        }
        state = wait(state, end);
        match std::mem::replace(&mut *state, State::Read) {
            State::Answered(written) => written,
            _ => Err(Failure::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(1);

    #[test]
    fn an_answer_arrives() {
        let (promise, ticket) = pair();
        assert!(promise.take());
        let writer = std::thread::spawn(move || promise.answer(Ok(vec![])));
        assert_eq!(ticket.wait(Duration::from_secs(9), SHORT), Ok(vec![]));
        writer.join().unwrap();
    }

    #[test]
    fn giving_up_before_the_start_is_certain() {
        let (promise, ticket) = pair();
        assert!(matches!(ticket.wait(SHORT, SHORT), Err(Failure::Unavailable(_))));
        assert!(!promise.take());
    }

    #[test]
    fn giving_up_after_the_start_is_not() {
        let (promise, ticket) = pair();
        assert!(promise.take());
        assert_eq!(ticket.wait(SHORT, SHORT), Err(Failure::Unknown));
    }

    #[test]
    fn a_dropped_promise_answers() {
        let (promise, ticket) = pair();
        drop(promise);
        assert!(matches!(ticket.wait(SHORT, SHORT), Err(Failure::Unavailable(_))));
        let (promise, ticket) = pair();
        promise.take();
        drop(promise);
        assert_eq!(ticket.wait(SHORT, SHORT), Err(Failure::Unknown));
    }
}
