//! `evenkeel apply`: brings overlays into force, beside those there are, as a new version of the
//! definitions. A running server goes on with it at once.

use super::overlays::Overlays;
use super::plan;
use crate::console::Console;
use crate::failure::{Failure, Result, text};
use crate::host::{Host, Watch, unfit};
use crate::product::product;
use engine::definitions::{self, Unfit};
use serde_json::json;
use store::definition;

/// Does it: the plan, a backup on SQLite, the steps, the new version.
///
/// # Errors
/// Refused with the problems of the files, or where the tables cannot follow without loss; the
/// version in force stays so.
pub fn run(host: &Host, asked: Overlays, console: &mut dyn Console) -> Result<()> {
    let overlays = asked.together(host)?;
    let database = host.engine.database();
    let plan = definitions::plan(database, &product(), &overlays).map_err(unfit)?;
    if !plan.refused.is_empty() {
        return Err(unfit(Unfit::Refused(Box::new(plan))));
    }
    if !plan.is_empty() && !console.json() {
        plan::tell(&plan, console)?;
    }
    let before = definition::active(database)?.map(|version| version.number);
    let names: Vec<String> = overlays.keys().cloned().collect();
    let mut steps = Watch::new(&host.settings, database, console);
    let adopted = host.engine.adopt(&product(), Some(overlays), "command line", &mut steps);
    let number = adopted.map_err(unfit)?;
    follow(host)?;
    let json = json!({
        "version": number, "changed": before != Some(number), "overlays": names,
        "plan": plan::json(&plan),
    });
    let text = match before == Some(number) {
        true => text(
            format!("Version {number} is in force already; nothing was changed."),
            format!("版本 {number} 已在生效，未作更改。"),
        ),
        false => text(format!("Version {number} is in force."), format!("版本 {number} 已生效。")),
    };
    console.answer(&json, &text)
}

/// Whether the definitions in force are those of the database: another process may have brought
/// newer ones in meanwhile.
fn follow(host: &Host) -> Result<()> {
    let active = definition::active(host.engine.database())?.map(|version| version.number);
    if active == Some(host.engine.catalogue().version) {
        return Ok(());
    }
    Err(Failure::refused(
        "overtaken",
        "Another process brought other definitions into force at the same time; try again.",
        "另一进程同时应用了其他定义，请重试。",
    ))
}
