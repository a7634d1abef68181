//! Chance in the hands of the story: what is drawn from it is the same for the same seed.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

pub struct Dice(StdRng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(StdRng::seed_from_u64(seed))
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        if most <= least { least } else { self.0.random_range(least..=most) }
    }

    /// Whether something that happens in so many of a hundred cases happens now.
    pub fn happens(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// Any of them; none of none.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.index(all.len()))
    }

    pub fn index(&mut self, length: usize) -> usize {
        if length < 2 { 0 } else { self.0.random_range(0..length) }
    }

    /// A place, the more often the greater its weight.
    pub fn weighted(&mut self, weights: &[i64]) -> usize {
        let mut left = self.between(1, weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left <= 0 {
                return place;
            }
        }
        0
    }

    /// A stretch of time around a middle, seldom far longer: how long work takes.
    pub fn about(&mut self, middle: i64) -> i64 {
        let factor: f64 = (0..4).map(|_| self.0.random_range(-0.45..0.45)).sum();
        (middle as f64 * factor.exp()) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_say_how_often() {
        let mut dice = Dice::new(7);
        let drawn: Vec<usize> = (0..1000).map(|_| dice.weighted(&[1, 0, 9])).collect();
        assert!(!drawn.contains(&1));
        assert!(drawn.iter().filter(|place| **place == 2).count() > 850);
    }

    #[test]
    fn work_takes_about_its_time() {
        let mut dice = Dice::new(7);
        assert!((0..1000).map(|_| dice.about(100)).all(|time| (16..=606).contains(&time)));
    }
}
