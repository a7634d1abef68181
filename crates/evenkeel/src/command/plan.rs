//! `evenkeel plan`: what bringing overlays into force would do to the tables. Changes nothing.

use super::overlays::Overlays;
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::{Host, unfit};
use crate::product::product;
use engine::definitions;
use serde_json::{Value as Json, json};
use store::sync::Plan;

/// Does it.
///
/// # Errors
/// Refused with the problems of the files.
pub fn run(host: &Host, asked: Overlays, console: &mut dyn Console) -> Result<()> {
    let overlays = asked.together(host)?;
    let plan = definitions::plan(host.engine.database(), &product(), &overlays).map_err(unfit)?;
    tell(&plan, console)
}

/// The plan as people and programs read it.
///
/// # Errors
/// As the console.
pub fn tell(plan: &Plan, console: &mut dyn Console) -> Result<()> {
    let shown = plan.to_string();
    let text = match shown.is_empty() {
        true => text("The tables need no change.", "数据表无需更改。"),
        false => text(shown.clone(), shown),
    };
    console.answer(&json(plan), &text)
}

pub fn json(plan: &Plan) -> Json {
    let steps: Vec<String> = plan.steps.iter().map(|step| step.what.to_string()).collect();
    let kept: Vec<String> = plan.kept.iter().map(ToString::to_string).collect();
    let refused: Vec<String> = plan.refused.iter().map(ToString::to_string).collect();
    json!({ "steps": steps, "kept": kept, "refused": refused })
}
