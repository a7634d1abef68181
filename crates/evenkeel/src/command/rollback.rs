//! `evenkeel rollback`: goes back to the overlays of an earlier version, as a new version.

use crate::console::Console;
use crate::failure::{Failure, Result, text};
use crate::host::{Host, Watch, unfit};
use crate::product::product;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Rollback {
    #[arg(value_name = "VERSION")]
    pub version: i64,
}

/// Does it.
///
/// # Errors
/// Refused where there is no such version, or the tables cannot follow without loss.
pub fn run(host: &Host, asked: Rollback, console: &mut dyn Console) -> Result<()> {
    if crate::serve::overlays(&host.settings)?.is_some() {
        return Err(Failure::refused(
            "overlays-in-folder",
            "The overlays are those in the folder \"overlays\" of the data folder; go back there.",
            "叠加文件以数据目录中的“overlays”目录为准，请在该目录中还原。",
        ));
    }
    let database = host.engine.database().clone();
    let mut steps = Watch::new(&host.settings, &database, console);
    let rolled = host.engine.roll_back(&product(), asked.version, "command line", &mut steps);
    let number = rolled.map_err(unfit)?;
    let to = asked.version;
    console.answer(
        &json!({ "version": number, "overlays_of": to }),
        &text(
            format!("Version {number} is in force, with the overlays of version {to}."),
            format!("版本 {number} 已生效，使用版本 {to} 的叠加文件。"),
        ),
    )
}
