//! The real world: the machine's clock and the system's chance. The only one; every test and every
//! simulation brings its own.
#![allow(clippy::disallowed_methods, reason = "the one clock and the one source of chance")]

use engine::World;
use rand::RngCore;

/// The clock of the machine; chance from a generator a thread (ChaCha12, seeded and reseeded by
/// the system), because a salt is drawn for each field that is written.
pub struct Machine;

impl World for Machine {
    fn now(&self) -> i64 {
        now()
    }

    fn random(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// Microseconds since 1970-01-01T00:00:00Z.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

/// Waits; for what cannot be waited for otherwise.
pub fn pause(time: std::time::Duration) {
    std::thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_and_chance_differs() {
        assert!(Machine.now() > 1_700_000_000_000_000);
        let (mut one, mut other) = ([0; 32], [0; 32]);
        Machine.random(&mut one);
        Machine.random(&mut other);
        assert_ne!(one, other);
    }
}
