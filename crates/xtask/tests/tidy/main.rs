//! Tidiness as a test: what a reviewer would otherwise say again and again. Each check reads the
//! tree as text and names file, line and what to write instead; all findings of a check come at
//! once. Limits, exceptions and their reasons stand in `tidy.toml`.
//!
//! It lives with the rigs because it belongs to no layer of the product and looks at all of them.
//! What a compiler can check is not here: see `clippy.toml` and `deny.toml`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod dead;
mod domain;
mod imports;
mod layers;
mod named;
mod pages;
mod rust;
mod settings;
mod shape;
mod tree;
mod wording;

use settings::Settings;
use std::sync::OnceLock;
use tree::Tree;

/// Runs one check over the tree and fails with all that it found.
fn check(name: &str, find: impl Fn(&Tree, &Settings) -> Vec<String>) {
    static READ: OnceLock<(Tree, Settings)> = OnceLock::new();
    let (tree, settings) = READ.get_or_init(|| {
        let tree = Tree::read();
        let settings = Settings::read(&tree);
        (tree, settings)
    });
    let found = find(tree, settings);
    assert!(found.is_empty(), "{name}: {} findings\n  {}", found.len(), found.join("\n  "));
}

#[test]
fn each_file_says_what_it_is() {
    check("file comment", shape::file_comments);
}

#[test]
fn files_are_short() {
    check("length of files", shape::files);
}

#[test]
fn functions_are_short() {
    check("length of functions", shape::functions);
}

#[test]
fn lines_have_at_most_100_columns() {
    check("columns", shape::columns);
}

#[test]
fn exceptions_are_still_needed() {
    check("exceptions in tidy.toml", shape::exceptions);
}

#[test]
fn crates_import_downwards_only() {
    check("direction of crates", layers::direction);
}

#[test]
fn each_layer_keeps_out_what_is_not_its_business() {
    check("imports of layers", imports::forbidden);
}

#[test]
fn banned_calls_are_allowed_in_named_places_only() {
    check("allowed calls", imports::allowed_calls);
}

#[test]
fn sql_stands_in_the_store_only() {
    check("SQL text", domain::sql);
}

#[test]
fn engine_and_web_name_no_record_type() {
    check("record types named", named::record_types);
}

#[test]
fn processes_import_no_other_process() {
    check("processes", layers::processes);
}

#[test]
fn labels_have_both_languages() {
    check("languages", domain::languages);
}

#[test]
fn words_are_those_of_the_house() {
    check("words", wording::words);
}

#[test]
fn what_is_to_do_has_a_page() {
    check("to do", wording::to_do);
}

#[test]
fn nothing_names_a_machine_or_a_tool_of_writing() {
    check("mentions", wording::mentions);
}

#[test]
fn no_file_is_dead() {
    check("dead files", dead::files);
}

#[test]
fn pages_name_paths_that_exist() {
    check("stale paths", pages::paths);
}

#[test]
fn pages_name_commands_that_exist() {
    check("stale commands", pages::commands);
}

#[test]
fn pages_name_addresses_that_exist() {
    check("stale addresses", pages::addresses);
}

#[test]
fn each_dependency_has_a_reason() {
    check("docs/decisions/0002-dependencies.md", pages::dependencies);
}

#[test]
fn decisions_are_numbered_and_shaped_alike() {
    check("docs/decisions", pages::decisions);
}
