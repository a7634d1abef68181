//! The rules written in Rust, played by the tables of their own doc comments: each row is a world,
//! and the answer is what the engine says to the command that asks the rule.

mod change;
mod others;
mod tree;

use crate::world::{Known, World};
use engine::{Command, Order, Refusal};
use model::Name;
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};

/// What the rule answered: whether it is broken, and whether it named a record.
#[derive(Debug, PartialEq)]
enum Said {
    Holds,
    Broken { names: bool },
}

/// Plays the cells of a row before the answer.
type Row = fn(&World, &[&str]) -> Said;

/// Who plays which table. A rule that is registered for two record types stands here twice.
const ROWS: &[(&str, &str, Row)] = &[
    ("change", "no_clash_with_other_changes", change::clash),
    ("change", "no_freeze_period", change::freeze),
    ("change", "configuration_is_updated", change::updated),
    ("release", "changes_are_authorized", others::authorized),
    ("service", "nothing_live_depends_on_it", others::depended_on),
    ("configuration_item", "nothing_live_needs_it", others::needed),
    ("configuration_item", "not_part_of_itself", tree::items),
    ("organization", "not_part_of_itself", tree::organizations),
    ("category", "not_part_of_itself", tree::categories),
    ("location", "not_within_itself", tree::locations),
    ("calendar", "week_can_be_read", others::week),
];

#[test]
fn each_rule_has_a_table_that_is_played() {
    let mut registered: Vec<(&str, &str)> =
        processes::rules().iter().map(|rule| (rule.record_type, rule.name)).collect();
    let mut played: Vec<(&str, &str)> = ROWS.iter().map(|(of, rule, _)| (*of, *rule)).collect();
    registered.sort_unstable();
    played.sort_unstable();
    assert_eq!(registered, played);
}

#[test]
fn tables_of_rules_on_sqlite() {
    play(&|| Some(World::sqlite()));
}

#[test]
fn tables_of_rules_on_postgres() {
    play(&World::postgres);
}

fn play(world: &dyn Fn() -> Option<World>) {
    let mut wrong = Vec::new();
    for (of, rule, row) in ROWS {
        for cells in table(&file(of, rule)) {
            let Some(world) = world() else { return };
            let (answer, given) = cells.split_last().unwrap();
            let given: Vec<&str> = given.iter().map(String::as_str).collect();
            let said = row(&world, &given);
            if !fits(answer, &said) {
                wrong.push(format!("{of}.{rule}: {}: was {said:?}", cells.join(" | ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn fits(answer: &str, said: &Said) -> bool {
    match said {
        Said::Holds => answer.starts_with("holds"),
        Said::Broken { names } => {
            answer.starts_with("broken") && (*names || !answer.contains("naming"))
        }
    }
}

/// The file of a rule: in the folder of its record type's process.
fn file(record_type: &str, rule: &str) -> PathBuf {
    let process = &crate::world::MODEL.record_type(record_type).unwrap().process;
    let name = format!("{rule}.rs");
    crate::world::processes().join(process.as_str()).join("rules").join(name)
}

/// The rows of the table in the doc comments of a file, without its head.
fn table(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = text.lines().filter_map(|line| line.strip_prefix("/// |"));
    let cells = |line: &str| -> Vec<String> {
        line.trim_end_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let rows: Vec<Vec<String>> = lines.skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "{} has no table", path.display());
    rows
}

/// What the engine says to a command of the system's, as far as this rule is concerned.
fn said(world: &World, of: &str, record: Option<&Known>, rule: &str, command: Command) -> Said {
    let record_type = Name::new(of).unwrap();
    let key = record.map(|record| record.key);
    let order = Order { record_type, key, command, base: None, idempotency: None };
    let Err(engine::Error::Refused(refusal)) = world.system().rehearse(&order) else {
        return Said::Holds;
    };
    match *refusal {
        Refusal::RuleBroken { rule: broken, by, .. } if *broken == *rule => {
            Said::Broken { names: by.is_some() }
        }
        // Approvals come after rules.
        Refusal::ApprovalMissing(_) => Said::Holds,
        other => panic!("{rule} was not reached: {other:?}"),
    }
}

fn transition(world: &World, record: &Known, rule: &str, name: &str) -> Said {
    let name = Name::new(name).unwrap();
    let note = Some("Because".to_string());
    let command = Command::Transition { name, values: Vec::new(), note };
    said(world, &record.record_type.clone(), Some(record), rule, command)
}

/// A given record in a state.
fn given(world: &World, of: &str, name: &str, state: &str, fields: Json) -> Known {
    let Json::Object(fields) = fields else { panic!("no object") };
    let made = world.given_with(of, name, fields);
    bring(world, &world.known(name).unwrap(), state);
    assert_eq!(made.key, world.known(name).unwrap().key);
    world.known(name).unwrap()
}

fn bring(world: &World, known: &Known, state: &str) {
    world.system().bring(&known.record_type, known.key, state).unwrap();
}

fn link(world: &World, from: &Known, link: &str, to: &Known) {
    let command = Command::Link { link: Name::new(link).unwrap(), to: to.key };
    world.act(from, command);
}

fn nothing() -> Json {
    Json::Object(Map::new())
}
