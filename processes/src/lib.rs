//! The domain: one folder a process of ISO/IEC 20000-1, each with its definitions, its rules that
//! an expression cannot say, its scenarios. No SQL, no HTTP, no HTML here.
//!
//! The definitions are data and are embedded as they are; the rules are functions by the names
//! that the definitions call them.

use engine::rule::CodeRule;
use std::collections::BTreeSet;

mod circle;

#[path = "../change/rules/mod.rs"]
mod change;
#[path = "../configuration/rules/mod.rs"]
mod configuration;
#[path = "../foundation/rules/mod.rs"]
mod foundation;
#[path = "../release_deployment/rules/mod.rs"]
mod release_deployment;
#[path = "../service_catalogue/rules/mod.rs"]
mod service_catalogue;

/// Path and text of every definition file, by path.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Every rule written in Rust.
pub const RULES: &[&[CodeRule]] = &[
    change::RULES,
    configuration::RULES,
    foundation::RULES,
    release_deployment::RULES,
    service_catalogue::RULES,
];

/// All rules in one list.
pub fn rules() -> Vec<CodeRule> {
    RULES.iter().flat_map(|rules| rules.iter().copied()).collect()
}

/// The ids of the requirement catalogue that evidence may name.
pub fn requirements() -> BTreeSet<String> {
    let catalogue = include_str!("../../standard/iso20000-1.toml");
    let ids = catalogue.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    ids.map(str::to_string).collect()
}
