//! The clock and the chance of the fill: an instant that the course of events moves forward, and
//! random bytes that repeat themselves from the seed.

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// The world of the engine while it is filled.
pub struct Time {
    now: AtomicI64,
    chance: Mutex<StdRng>,
}

impl Time {
    pub fn new(now: i64, seed: u64) -> Time {
        let chance = Mutex::new(StdRng::seed_from_u64(seed));
        Time { now: AtomicI64::new(now), chance }
    }

    /// Moves on to an instant; never back.
    pub fn reach(&self, at: i64) {
        self.now.fetch_max(at, Ordering::SeqCst);
    }

    pub fn pass(&self, time: i64) {
        self.now.fetch_add(time, Ordering::SeqCst);
    }
}

impl engine::World for Time {
    fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn random(&self, bytes: &mut [u8]) {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
