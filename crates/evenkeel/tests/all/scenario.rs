//! The acceptance scenarios of the processes, played. A file is a specification for people; each
//! block of steps under a heading is a world of its own, played on SQLite and on PostgreSQL, in the
//! engine and over HTTP. The grammar stands in `processes/README.md`.
//!
//! `UPDATE=1` rewrites outcomes that differ. `SCENARIO=word` plays only headings with that word.

mod engine_player;
mod given;
mod nobody;
mod outcome;
mod parse;
mod play;
mod player;
mod rest_player;
mod shown;
mod step;
mod value;

use super::world::World;
use engine_player::EnginePlayer;
use parse::{File, Scenario};
use play::Play;
use player::Player;
use rest_player::RestPlayer;
use std::path::PathBuf;

/// The acceptance files of all processes.
pub fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for process in std::fs::read_dir(crate::world::processes()).unwrap() {
        let Ok(folder) = std::fs::read_dir(process.unwrap().path().join("acceptance")) else {
            continue;
        };
        found.extend(folder.map(|file| file.unwrap().path()));
    }
    found.sort();
    found
}

#[test]
fn scenarios_on_sqlite() {
    run(&|| Some(World::sqlite()), By::Engine);
}

#[test]
fn scenarios_on_postgres() {
    run(&World::postgres, By::Engine);
}

#[test]
fn scenarios_by_rest_on_sqlite() {
    run(&|| Some(World::sqlite()), By::Rest);
}

#[test]
fn scenarios_by_rest_on_postgres() {
    run(&World::postgres, By::Rest);
}

/// Who plays the steps of people.
#[derive(Clone, Copy)]
enum By {
    Engine,
    Rest,
}

fn run(world: &dyn Fn() -> Option<World>, by: By) {
    let wanted = std::env::var("SCENARIO").unwrap_or_default();
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in files() {
        let mut file = File::read(&path);
        for scenario in file.scenarios.iter().filter(|s| s.title.contains(&wanted)) {
            let Some(world) = world() else { return };
            let differences = play_one(&world, by, scenario);
            wrong.extend(differences.iter().map(|d| d.told(&file.name, scenario)));
            if update {
                differences.iter().for_each(|d| parse::put(&mut file.lines, d.line, &d.outcome));
            }
        }
        if update {
            file.write(&path);
        }
    }
    let count = wrong.len();
    assert!(count == 0, "{count} steps went otherwise:\n{}", wrong.join("\n"));
}

/// A step whose outcome was another.
struct Difference {
    line: usize,
    step: String,
    wanted: String,
    outcome: String,
}

impl Difference {
    fn told(&self, file: &str, scenario: &Scenario) -> String {
        let Difference { line, step, wanted, outcome } = self;
        let at = format!("{file}:{} ({})", line + 1, scenario.title);
        format!("{at}\n    {step}\n    wanted: {wanted}\n    was:    {outcome}")
    }
}

fn play_one(world: &World, by: By, scenario: &Scenario) -> Vec<Difference> {
    let player: Box<dyn Player> = match by {
        By::Engine => Box::new(EnginePlayer(world)),
        By::Rest => Box::new(RestPlayer::new(world)),
    };
    let mut play = Play::new(world, &*player);
    let mut differences = Vec::new();
    for line in &scenario.lines {
        let outcome = play.line(line);
        if let Some(outcome) = outcome.filter(|outcome| *outcome != line.outcome) {
            let (step, wanted) = (line.text.clone(), line.outcome.clone());
            differences.push(Difference { line: line.line, step, wanted, outcome });
        }
    }
    differences
}
