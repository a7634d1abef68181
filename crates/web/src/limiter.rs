//! How often one account or one address may ask: a bucket each, filled at a steady rate, emptied by
//! requests. It holds two seconds' worth, so that a page that asks ten things at once is not
//! turned away. Each process counts for itself.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// How many locks the buckets are spread over.
const SHARDS: usize = 16;
/// Buckets under one lock; full ones are thrown away beyond it.
const MOST: usize = 8192;

/// Buckets by key.
pub struct Limiter<K> {
    /// Requests a second; 0 = no limit.
    rate: f64,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<K, Bucket>>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl<K: Hash + Eq> Limiter<K> {
    pub fn new(rate: u32) -> Limiter<K> {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Limiter { rate: f64::from(rate), hasher: RandomState::new(), shards }
    }

    /// Takes one from the bucket of the key; otherwise in how many seconds there is one again.
    pub fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        if self.rate == 0.0 {
            return Ok(());
        }
        let place = usize::try_from(self.hasher.hash_one(&key) % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(place) else { return Ok(()) };
        let mut buckets = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            self.tidy(&mut buckets, now);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: self.rate * 2.0, at: now });
        bucket.left = self.filled(bucket, now);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let seconds = (1.0 - bucket.left) / self.rate;
        Err(seconds.ceil().clamp(1.0, 3600.0) as u32)
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + seconds * self.rate).min(self.rate * 2.0)
    }

    /// Full buckets say nothing; where even the others are too many, all begin anew.
    fn tidy(&self, buckets: &mut HashMap<K, Bucket>, now: Instant) {
        buckets.retain(|_, bucket| self.filled(bucket, now) < self.rate * 2.0);
        if buckets.len() >= MOST {
            buckets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_fills() {
        let limiter = Limiter::new(2);
        let start = Instant::now();
        for _ in 0..4 {
            assert_eq!(limiter.take("a", start), Ok(()));
        }
        assert_eq!(limiter.take("a", start), Err(1));
        assert_eq!(limiter.take("b", start), Ok(()));
        assert_eq!(limiter.take("a", start + Duration::from_millis(500)), Ok(()));
        assert_eq!(limiter.take("a", start + Duration::from_millis(500)), Err(1));
        let none = Limiter::new(0);
        assert!((0..10_000).all(|_| none.take("a", start) == Ok(())));
    }

    #[test]
    fn buckets_do_not_grow_without_end() {
        let limiter = Limiter::new(1);
        let start = Instant::now();
        for key in 0..500_000 {
            let _ = limiter.take(key, start);
        }
        let held: usize = limiter.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(held <= SHARDS * MOST, "{held}");
    }
}
