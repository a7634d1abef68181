//! Engine and web know no process: no record type is named in their texts or types. What the engine
//! needs itself (person, team, calendar, account) is bound in `processes/foundation/engine.toml`,
//! and may be asked for by the name that it has there.
//!
//! A text counts when it is the name as a whole or holds it as a part of a path. Names that are
//! also plain words (`change`, `service`) are excepted in `tidy.toml`, each with its reason.

use super::rust::tests_from;
use super::settings::Settings;
use super::tree::{File, Tree};
use std::collections::BTreeSet;
use toml::Table;

const BINDINGS: &str = "processes/foundation/engine.toml";

pub fn record_types(tree: &Tree, settings: &Settings) -> Vec<String> {
    let names = names(tree);
    assert!(names.len() > 5, "the definitions of processes/ were not found");
    let generic = |file: &&File| matches!(file.crate_name(), Some("engine" | "web"));
    let mut found = Vec::new();
    for file in tree.rust().filter(generic).filter(|file| !file.is_test()) {
        for (line, name) in named(file, &names) {
            if !settings.excepts("record_type", &file.path, &name) {
                let what = format!("names the record type `{name}`: ask the definitions for it");
                found.push(file.finding(line, &what));
            }
        }
    }
    found
}

/// The names of all record types but those whose part the engine asks for under the same name.
fn names(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with("processes/")) {
        let table: Option<Table> = file.text.parse().ok().filter(|_| file.path.ends_with(".toml"));
        let record = table.as_ref().and_then(|table| table.get("record")?.as_table());
        names.extend(record.and_then(|r| r.get("name")?.as_str()).map(str::to_string));
    }
    let bound: Table = tree.text(BINDINGS).unwrap_or_default().parse().unwrap();
    names.retain(|name| !bound.contains_key(name));
    names
}

fn named(file: &File, names: &BTreeSet<String>) -> Vec<(usize, String)> {
    let source = file.source();
    let tests = tests_from(&source.code);
    let mut found = Vec::new();
    for quoted in source.texts.iter().filter(|quoted| quoted.line < tests) {
        // A media type (`application/json`) has a slash too, but does not begin with it.
        let is_path = quoted.text.starts_with('/');
        let parts = quoted.text.split(|c| c == '/' && is_path);
        found.extend(parts.filter_map(|part| Some((quoted.line, names.get(part)?.clone()))));
    }
    for (index, line) in source.code.lines().enumerate().take_while(|(at, _)| at + 1 < tests) {
        let Some(declared) = declared(line) else { continue };
        found.extend(names.get(&snake(declared)).map(|name| (index + 1, name.clone())));
    }
    found
}

/// The type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start().strip_prefix("pub ").unwrap_or(line.trim_start());
    let kinds = ["struct ", "enum ", "trait ", "type "];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    rest.split(|c: char| !c.is_alphanumeric()).next()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for (index, character) in name.char_indices() {
        if character.is_uppercase() && index > 0 {
            out.push('_');
        }
        out.extend(character.to_lowercase());
    }
    out
}

#[test]
fn declared_types_are_found() {
    assert_eq!(declared("pub struct ConfigurationItem {"), Some("ConfigurationItem"));
    assert_eq!(snake("ConfigurationItem"), "configuration_item");
    assert_eq!(declared("let structure = 1;"), None);
}
