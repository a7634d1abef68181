//! What is going to happen: acts by their instant, taken in order of time.

use super::stage::Stage;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// One thing that somebody does.
pub type Act = Box<dyn FnOnce(&mut Stage) -> engine::Result<()>>;

#[derive(Default)]
pub struct Agenda {
    order: BinaryHeap<Reverse<(i64, u64)>>,
    acts: HashMap<u64, Act>,
    count: u64,
}

impl Agenda {
    pub fn put(&mut self, at: i64, act: Act) {
        self.count += 1;
        self.order.push(Reverse((at, self.count)));
        self.acts.insert(self.count, act);
    }

    /// The next act, where one comes until the instant.
    pub fn next(&mut self, until: i64) -> Option<(i64, Act)> {
        let Reverse((at, place)) = *self.order.peek()?;
        if at > until {
            return None;
        }
        self.order.pop();
        Some((at, self.acts.remove(&place)?))
    }
}
