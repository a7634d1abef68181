//! What a column is sorted by. The planner of indexes writes the same text, so that the database
//! knows the two for one.

use super::Fragment;
use model::definition::Choices;
use std::fmt::Write;

pub use super::title::title_key;

/// `CASE "risk" WHEN 'low' THEN 0 WHEN 'high' THEN 1 END`: the rank of a choice by its name in a
/// column of the table itself. Unset and unknown names give NULL.
pub fn rank_expression(column: &str, choices: &Choices) -> String {
    rank(&format!("\"{column}\""), choices)
}

/// The rank of whatever gives the name of a choice.
pub(crate) fn rank_of(name: &Fragment, choices: &Choices) -> Fragment {
    let ranks = rank("{}", choices);
    if choices.0.is_empty() { Fragment::raw(ranks) } else { Fragment::of(&ranks, &[name]) }
}

fn rank(name: &str, choices: &Choices) -> String {
    let mut text = format!("CASE {name}");
    for (rank, choice) in choices.0.keys().enumerate() {
        // a name is a-z, 0-9 and _, so the quotes need no escaping
        let _ = write!(text, " WHEN '{choice}' THEN {rank}");
    }
    if choices.0.is_empty() {
        return "NULL".to_string();
    }
    text + " END"
}
