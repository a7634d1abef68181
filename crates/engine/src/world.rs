//! The world outside: the clock and chance. Handed in, never reached for, so that a year of clocks
//! runs in a second and a seeded simulation replays any failure.

use uuid::Uuid;

/// What the engine asks of the world.
pub trait World: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;

    /// Fills the bytes with unpredictable ones (in tests: repeatable ones).
    fn random(&self, bytes: &mut [u8]);
}

/// A UUIDv7 (RFC 9562, section 5.7): milliseconds, then chance.
pub fn uuid(world: &dyn World) -> Uuid {
    let mut chance = [0; 10];
    world.random(&mut chance);
    let milliseconds = u64::try_from(world.now() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid()
}
