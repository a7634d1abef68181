//! The clock and the chance of a test's world: one stands still until it is set, the other repeats
//! itself from its seed.

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

/// Monday, 2026-03-02, 09:00 in Shanghai.
pub const BEGIN: i64 = 1_772_413_200_000_000;

pub struct Time {
    now: AtomicI64,
    chance: Mutex<StdRng>,
}

impl Time {
    pub fn new(seed: u64) -> Time {
        let chance = Mutex::new(StdRng::seed_from_u64(seed));
        Time { now: AtomicI64::new(BEGIN), chance }
    }

    pub fn set(&self, now: i64) {
        self.now.store(now, Ordering::SeqCst);
    }

    /// Another course of chance from here on.
    pub fn seed(&self, seed: u64) {
        *self.chance.lock().unwrap() = StdRng::seed_from_u64(seed);
    }
}

impl engine::World for Time {
    fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn random(&self, bytes: &mut [u8]) {
        self.chance.lock().unwrap().fill_bytes(bytes);
    }
}

#[test]
fn the_world_begins_on_a_monday_in_shanghai() {
    let begin: jiff::Timestamp = "2026-03-02T09:00:00+08:00".parse().unwrap();
    assert_eq!(begin.as_microsecond(), BEGIN);
}
