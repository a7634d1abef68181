//! `evenkeel ledger export`: the whole ledger as lines that can be verified without the database.

use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::host::Host;
use crate::signing;
use clap::Args;
use engine::sealer;
use ledger::line::write_entry;
use ledger::{Body, Hash, line::Line, line::LineError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;
use store::seal::{self, Sealed};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Export {
    #[arg(value_name = "FILE")]
    #[serde(skip)]
    pub file: PathBuf,
}

/// Entries read at a time.
const PAGE: usize = 2000;

/// Does it.
///
/// # Errors
/// A failed read or write.
pub fn run(host: &Host, _asked: Export, console: &mut dyn Console) -> Result<()> {
    let signing = signing::open(host)?;
    let size = sealer::frontier(&host.engine)?.size();
    let database = host.engine.database();
    let mut checkpoints = seal::checkpoints(database, usize::MAX >> 1)?;
    checkpoints.retain(|one| u64::try_from(one.size).is_ok_and(|at| at <= size));
    let stated = checkpoints.len() as u64;
    put(&Line::Head { origin: signing.origin }, console)?;
    let total = Some(size);
    let mut progress = Progress { what: text("Exporting", "正在导出"), done: 0, total };
    let mut position = 0;
    while u64::try_from(position).is_ok_and(|at| at < size) {
        let page = seal::from(database, position, PAGE)?;
        if page.is_empty() {
            return Err(Failure::Fault(format!("the ledger has no entry at position {position}")));
        }
        let mut lines = String::new();
        for one in page.iter().filter(|one| u64::try_from(one.position).is_ok_and(|at| at < size)) {
            lines += &entry(one)?;
            lines.push('\n');
            while let Some(next) = checkpoints.pop_if(|next| next.size <= one.position + 1) {
                lines +=
                    &Line::Checkpoint { note: next.note.to_string() }.write().map_err(unwritten)?;
                lines.push('\n');
            }
            position = one.position + 1;
        }
        console.bytes(lines.as_bytes())?;
        progress.done = u64::try_from(position).unwrap_or(0);
        console.progress(&progress);
    }
    put(&Line::End { entries: size, checkpoints: stated }, console)?;
    let json = json!({ "entries": size, "checkpoints": stated });
    let said = text(
        format!("Exported {size} entries and {stated} checkpoints."),
        format!("已导出 {size} 条历史与 {stated} 个检查点。"),
    );
    console.answer(&json, &said)
}

fn entry(one: &Sealed) -> Result<String> {
    let body = Body::from_bytes(&one.headed.entry.body);
    let body = body.map_err(|error| Failure::Fault(error.to_string()))?;
    let position = u64::try_from(one.position).unwrap_or(u64::MAX);
    let header = sealer::header(&one.headed);
    write_entry(position, &Hash(one.hash), &header, &body).map_err(unwritten)
}

fn put(line: &Line, console: &mut dyn Console) -> Result<()> {
    let line = line.write().map_err(unwritten)?;
    console.bytes(format!("{line}\n").as_bytes())
}

fn unwritten(error: LineError) -> Failure {
    Failure::Fault(error.to_string())
}
