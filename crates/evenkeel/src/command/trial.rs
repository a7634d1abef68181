//! `evenkeel try`: counts the records that overlays would refuse at their next edit, before they
//! come into force. Changes nothing.

use super::overlays::Overlays;
use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::{Host, unfit};
use crate::product::product;
use engine::definitions::Trial;
use serde_json::json;

/// Does it: a line a demand that records do not meet.
///
/// # Errors
/// Refused with the problems of the files.
pub fn run(host: &Host, asked: Overlays, console: &mut dyn Console) -> Result<()> {
    let overlays = asked.together(host)?;
    let trials = host.engine.try_definitions(&product(), &overlays).map_err(unfit)?;
    if trials.is_empty() && !console.json() {
        let nothing = text("No record would be refused.", "没有记录会被拒绝。");
        return console.answer(&json!({}), &nothing);
    }
    trials.iter().try_for_each(|trial| tell(trial, console))
}

fn tell(trial: &Trial, console: &mut dyn Console) -> Result<()> {
    // The command line sees every field, so that there is nothing it could not try.
    let Trial { record_type, demand, breaches: Some(found) } = trial else { return Ok(()) };
    let records = found.records;
    let json = json!({
        "record_type": record_type.as_str(), "demand": { "en": demand.0, "zh": demand.1 },
        "records": records, "at_least": found.at_least, "first": found.first,
    });
    let (en, zh) = if found.at_least { ("at least ", "至少 ") } else { ("", "") };
    console.answer(
        &json,
        &text(
            format!("{en}{records} records of {record_type} would be refused: {}", demand.0),
            format!("{zh}{records} 条 {record_type} 记录会被拒绝：{}", demand.1),
        ),
    )
}
