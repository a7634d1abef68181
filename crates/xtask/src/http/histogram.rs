//! Latencies: counts in buckets whose width grows with the value, so that a percentile is right to
//! within a sixty-fourth whatever its size, and recording costs an addition.

use std::time::Duration;

/// Buckets for each doubling.
const PARTS: u64 = 64;
/// Doublings above the first `PARTS` microseconds: up to about two hours.
const DOUBLINGS: u64 = 27;

#[derive(Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    largest: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { buckets: vec![0; (PARTS * (DOUBLINGS + 1)) as usize], count: 0, largest: 0 }
    }
}

impl Histogram {
    pub fn record(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        let last = self.buckets.len() - 1;
        self.buckets[bucket(micros).min(last)] += 1;
        self.count += 1;
        self.largest = self.largest.max(micros);
    }

    pub fn add(&mut self, other: &Histogram) {
        for (own, more) in self.buckets.iter_mut().zip(&other.buckets) {
            *own += more;
        }
        self.count += other.count;
        self.largest = self.largest.max(other.largest);
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// The latency that so many of a hundred do not exceed, in milliseconds.
    pub fn percentile(&self, percent: f64) -> f64 {
        let wanted = ((self.count as f64) * percent / 100.0).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return upper(index).min(self.largest) as f64 / 1000.0;
            }
        }
        self.largest as f64 / 1000.0
    }
}

/// The bucket of a value: exact below `PARTS`, then `PARTS` for each doubling.
fn bucket(micros: u64) -> usize {
    if micros < PARTS {
        return micros as usize;
    }
    let doubling = u64::from(63 - micros.leading_zeros()) - 5;
    let part = (micros >> (doubling - 1)) - PARTS;
    (PARTS * doubling + part) as usize
}

/// The largest value of a bucket.
fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < PARTS {
        return bucket;
    }
    let (doubling, part) = (bucket / PARTS, bucket % PARTS);
    ((PARTS + part + 1) << (doubling - 1)) - 1
}

#[cfg(test)]
mod tests {
    use super::{Histogram, bucket, upper};
    use std::time::Duration;

    #[test]
    fn each_value_lies_in_its_bucket() {
        for micros in (0..5000).chain([1 << 20, (1 << 20) + 1, 123_456_789]) {
            let at = bucket(micros);
            assert!(micros <= upper(at), "{micros}");
            assert!(at == 0 || upper(at - 1) < micros, "{micros}");
        }
    }

    #[test]
    fn percentiles_are_those_of_a_sorted_list() {
        let mut histogram = Histogram::default();
        for micros in 1..=10_000 {
            histogram.record(Duration::from_micros(micros));
        }
        for percent in [1.0, 50.0, 99.0, 99.9, 100.0] {
            let exact = percent * 100.0 / 1000.0;
            let found = histogram.percentile(percent);
            assert!(found >= exact && found <= exact * 1.02, "{percent}: {found}, not {exact}");
        }
        let mut both = histogram.clone();
        both.add(&histogram);
        assert_eq!((both.count(), both.percentile(50.0)), (20_000, histogram.percentile(50.0)));
        assert_eq!(Histogram::default().percentile(99.0), 0.0);
    }
}
