//! Words: one name for one thing, nothing left to do without a page, and nothing of the machine or
//! the tools with which it was written.

use super::settings::Settings;
use super::tree::{File, Tree};

/// Files whose words are ours. Data, licences and lock files are others'.
fn ours(tree: &Tree) -> impl Iterator<Item = &File> {
    let kinds = [".rs", ".md", ".toml", "/run"];
    tree.files.iter().filter(move |file| {
        kinds.iter().any(|kind| file.path.ends_with(kind)) && file.path != "tidy.toml"
    })
}

/// Banned words, in prose and in names, and names of files that say nothing.
pub fn words(tree: &Tree, settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    for file in ours(tree) {
        for (index, line) in file.text.lines().enumerate() {
            let small = line.to_lowercase();
            let near = settings.words.iter().filter(|word| small.contains(&word.word));
            for word in near.filter(|word| parts(line).contains(&word.word)) {
                if !word.except.iter().any(|path| file.path.starts_with(path)) {
                    let what = format!("`{}`: write {}", word.word, word.instead);
                    found.push(file.finding(index + 1, &what));
                }
            }
        }
        let stem = file.path.rsplit('/').next().unwrap_or_default();
        if EMPTY.iter().any(|name| stem == format!("{name}.rs")) {
            found.push(file.finding(1, "name the file after what it does"));
        }
    }
    found
}

/// Names of files and modules that tell a reader nothing.
const EMPTY: [&str; 8] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager", "shared_types"];

/// The words of a line in small letters; `snake_case` and `CamelCase` are taken apart.
fn parts(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for character in line.chars() {
        if !character.is_alphabetic() || (character.is_uppercase() && small) {
            parts.push(String::new());
        }
        if character.is_alphabetic() {
            parts.last_mut().into_iter().for_each(|part| part.extend(character.to_lowercase()));
        }
        small = character.is_lowercase();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Marks of unfinished work name the page that explains them.
pub fn to_do(tree: &Tree, _: &Settings) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut found = Vec::new();
    for file in tree.rust() {
        for comment in &file.source().comments {
            let words = || comment.text.split(|c: char| !c.is_alphanumeric());
            let marked = marks.iter().find(|mark| words().any(|word| word == **mark));
            let page = comment.text.split_whitespace().find(|word| word.starts_with("docs/"));
            if let Some(mark) = marked
                && !page.is_some_and(|page| tree.exists(page.trim_end_matches(['.', ')', ','])))
            {
                let what = format!("`{mark}` without a page: name the page under docs/, or do it");
                found.push(file.finding(comment.line, &what));
            }
        }
    }
    found
}

/// Put together from parts, so that this file does not find itself.
const MENTIONS: [(&str, &str); 12] = [
    (concat!("/wo", "rk/"), "paths are relative to the project"),
    (concat!("/ro", "ot/"), "paths are relative to the project"),
    (concat!("/ho", "me/"), "paths are relative to the project"),
    (concat!("clau", "de"), "nothing names a tool of writing"),
    (concat!("anthro", "pic"), "nothing names a tool of writing"),
    (concat!("open", "ai"), "nothing names a tool of writing"),
    (concat!("chat", "gpt"), "nothing names a tool of writing"),
    (concat!("co", "pilot"), "nothing names a tool of writing"),
    (concat!("pypi.", "org"), "name the package, not the host"),
    (concat!("npmjs.", "org"), "name the package, not the host"),
    (concat!("index.crates", ".io"), "name the package, not the host"),
    (concat!("deb.debian", ".org"), "name the package, not the host"),
];

pub fn mentions(tree: &Tree, _: &Settings) -> Vec<String> {
    let short = [concat!("A", "I"), concat!("L", "LM"), concat!("L", "LMs")];
    let mut found = Vec::new();
    for file in ours(tree) {
        for (index, line) in file.text.lines().enumerate() {
            let small = line.to_lowercase();
            let mention = MENTIONS.iter().find(|(word, _)| small.contains(word));
            found.extend(
                mention.map(|(word, why)| file.finding(index + 1, &format!("`{word}`: {why}"))),
            );
            if line.split(|c: char| !c.is_alphanumeric()).any(|word| short.contains(&word)) {
                found.push(file.finding(index + 1, "nothing names a tool of writing"));
            }
        }
    }
    found
}

#[test]
fn names_are_taken_apart() {
    assert_eq!(
        parts("let ruleId = old_catalog(); // Util"),
        ["let", "rule", "id", "old", "catalog", "util"]
    );
}
