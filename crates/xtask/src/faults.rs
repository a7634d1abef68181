//! `cargo xtask faults`: what the world does to a running program. Each fault is a file; each holds
//! the records against the clients' books afterwards.

mod database_stopped;
mod disk_full;
mod flush_fails;
mod import_killed;
mod two_processes;

use crate::Done;
use crate::arguments::Arguments;

/// What a fault gives back: nothing, or the reason why it could not be tried here.
pub enum Tried {
    Yes,
    Skipped(&'static str),
}

type Fault = (&'static str, fn(&Arguments) -> Result<Tried, String>);

const FAULTS: [Fault; 5] = [
    ("disk_full", disk_full::run),
    ("flush_fails", flush_fails::run),
    ("database_stopped", database_stopped::run),
    ("import_killed", import_killed::run),
    ("two_processes", two_processes::run),
];

pub fn run(arguments: &Arguments) -> Done {
    let only = arguments.text("--only");
    if let Some(only) = only.filter(|only| FAULTS.iter().all(|(name, _)| name != only)) {
        return Err(format!("no fault `{only}`"));
    }
    let mut failures = Vec::new();
    for (name, fault) in FAULTS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        match fault(arguments) {
            Ok(Tried::Yes) => println!("{name}: survived"),
            Ok(Tried::Skipped(why)) => println!("{name}: skipped: {why}"),
            Err(problem) => {
                println!("{name}: FAILED: {problem}");
                failures.push(format!("{name}: {problem}"));
            }
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}
