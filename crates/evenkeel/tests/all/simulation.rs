//! Random people do random things to records of all types over simulated weeks. Nothing they do is
//! a fault, and afterwards everything that is written twice agrees with itself: rows with history,
//! past rows with what stood then, clocks with their events, the ledger with the entries.
//!
//! A failure names its seed. `SEEDS` (how many) and `STEPS` (acts of each) make it longer, `SEED`
//! begins with another one.

mod acts;
mod chance;
mod invariants;
mod past;

use crate::world::{World, on_each};
use acts::Play;

fn setting(name: &str, usual: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Says which seed it was, however the run ends.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the simulation failed: SEED={} SEEDS=1", self.0);
        }
    }
}

fn run(world: &World, seed: u64, steps: u64) {
    let named = Seed(seed);
    world.time.seed(seed);
    let mut play = Play::begin(world, seed);
    let mut moments = Vec::new();
    for step in 0..steps {
        play.act();
        play.pass_time();
        if step % (steps / 4).max(1) == 0 {
            moments.push(past::remember(world, &play.records));
            play.pass_time();
        }
    }
    play.demand_variety(steps);
    invariants::hold(world, &play.records);
    past::is_as_remembered(world, &moments);
    invariants::ledger_holds(world, &play.records);
    drop(named);
}

#[test]
fn simulation_of_weeks_leaves_everything_consistent() {
    let (first, seeds, steps) = (setting("SEED", 1), setting("SEEDS", 1), setting("STEPS", 120));
    for seed in first..first + seeds {
        on_each(|world| run(world, seed, steps));
    }
}

#[test]
fn simulation_repeats_itself_from_its_seed() {
    let told = |seed: u64| {
        let world = World::sqlite();
        world.time.seed(seed);
        let mut play = Play::begin(&world, seed);
        (0..40).for_each(|_| {
            play.act();
            play.pass_time();
        });
        play.told
    };
    assert_eq!(told(5), told(5));
    assert_ne!(told(5), told(6));
}
