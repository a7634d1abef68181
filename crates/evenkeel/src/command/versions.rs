//! `evenkeel versions`: the versions of the definitions, newest first.

use crate::console::Console;
use crate::failure::{Result, text};
use crate::host::Host;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::definition::{self, State, Version};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Versions {
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    pub most: usize,
}

/// Does it: a line a version, with its overlays.
///
/// # Errors
/// A failed read.
pub fn run(host: &Host, asked: Versions, console: &mut dyn Console) -> Result<()> {
    for version in host.engine.versions(asked.most.clamp(1, 1000))? {
        let files = definition::files(host.engine.database(), version.number)?.unwrap_or_default();
        let laid = files.keys().filter_map(|path| path.strip_prefix("overlays/"));
        tell(&version, &laid.collect::<Vec<_>>(), console)?;
    }
    Ok(())
}

fn tell(version: &Version, overlays: &[&str], console: &mut dyn Console) -> Result<()> {
    let at = jiff::Timestamp::from_microsecond(version.at).map(|at| at.to_string());
    let at = at.unwrap_or_default();
    let (en, zh) = match version.state {
        State::Candidate => ("candidate", "候选"),
        State::Active => ("active", "生效"),
        State::Former => ("former", "历史"),
        State::RolledBack => ("rolled back", "已回退"),
    };
    let json = json!({
        "version": version.number, "state": en.replace(' ', "_"), "at": at,
        "actor": &*version.actor, "overlays": overlays,
    });
    let line = |state: &str| {
        format!("{}\t{state}\t{at}\t{}\t{}", version.number, version.actor, overlays.join(","))
    };
    console.answer(&json, &text(line(en), line(zh)))
}
