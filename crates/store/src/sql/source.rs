//! The rows of a record type: its table or, as of an instant, current and earlier rows together.

use super::{Fragment, Ground};
use crate::layout;

/// What may stand after FROM for the record of the ground, under its name.
pub fn source(ground: &Ground) -> Fragment {
    let (root, alias) = (ground.record_type.root(), ground.alias());
    match ground.as_of {
        None => Fragment::raw(format!("\"{root}\" AS {alias}")),
        Some(at) => {
            let at = ground.bind(at);
            let columns = columns(ground);
            Fragment::of(
                &format!(
                    "(SELECT {columns} FROM \"{root}\" WHERE \"valid_from\" <= {{}} \
                     UNION ALL SELECT {columns} FROM \"{root}_was\" \
                     WHERE \"valid_from\" <= {{}} AND \"valid_to\" > {{}}) AS {alias}"
                ),
                &[&at, &at, &at],
            )
        }
    }
}

/// The links that count: the current ones or, as of an instant, those of then.
pub(super) fn link_holds(ground: &Ground, alias: &str) -> Fragment {
    match ground.as_of {
        None => Fragment::raw(format!("{alias}.\"until\" IS NULL")),
        Some(at) => {
            let at = ground.bind(at);
            let until = format!("({alias}.\"until\" IS NULL OR {alias}.\"until\" > {{}})");
            Fragment::of(&format!("{alias}.\"since\" <= {{}} AND {until}"), &[&at, &at])
        }
    }
}

fn columns(ground: &Ground) -> String {
    let table = layout::table(ground.context.model, ground.record_type);
    let columns: Vec<String> = table.columns().map(|(name, _)| format!("\"{name}\"")).collect();
    columns.join(", ")
}
