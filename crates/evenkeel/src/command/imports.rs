//! `evenkeel imports`: what was imported, in the program and by the command line, and taking one
//! of them back.

use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::host::{Host, holder};
use crate::serve::threads::Stop;
use clap::Args;
use engine::Session;
use engine::import::{Facts, Stage, work};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// How long is waited between two looks while another process works on it.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Imports {
    #[arg(long, value_name = "ID")]
    pub undo: Option<String>,
    #[arg(long, default_value_t = 50, value_name = "COUNT")]
    pub most: usize,
}

/// Does it: a line an import, the latest first; or what taking one back came to.
///
/// # Errors
/// Refused where there is no such import or nothing of it can be taken back; a failed read or
/// write.
pub fn run(host: &Host, asked: Imports, console: &mut dyn Console) -> Result<()> {
    let session = host.system();
    match &asked.undo {
        Some(id) => undo(host, &session, id, console),
        None => {
            let all = session.imports(asked.most.clamp(1, 1000))?;
            all.iter().try_for_each(|facts| tell(facts, console))
        }
    }
}

fn undo(host: &Host, session: &Session, id: &str, console: &mut dyn Console) -> Result<()> {
    let taking = session.taking_back(id)?;
    let total = taking.created + taking.updated + taking.linked + taking.references;
    session.take_back(id)?;
    let (holder, pause) = (holder(&host.engine), Stop::default());
    let facts = loop {
        let facts = session.import_facts(id)?;
        if facts.stage != Stage::Undoing {
            break facts;
        }
        let waiting = facts.tally.undone.map_or(total, |undone| undone.waiting);
        console.progress(&Progress {
            what: text("Taking back", "正在撤销"),
            done: u64::try_from(total - waiting).unwrap_or(0),
            total: u64::try_from(total).ok(),
        });
        // A server beside this may have it already.
        if work::run_due(&host.engine, &holder, &|| true)? == 0 {
            pause.wait(PAUSE);
        }
    };
    tell_undone(&facts, console)
}

fn tell_undone(facts: &Facts, console: &mut dyn Console) -> Result<()> {
    let undone = facts.tally.undone.unwrap_or_default();
    let json = json!({ "import": facts.id, "stage": facts.stage, "undone": undone });
    if let (Some(fault), Stage::Failed) = (&facts.fault, facts.stage) {
        return Err(Failure::with("import", text(fault.en.clone(), fault.zh.clone()), json));
    }
    let (withdrawn, restored, left) = (undone.withdrawn, undone.restored, undone.left);
    let said = text(
        format!(
            "Taken back: {withdrawn} records withdrawn, {restored} put back, {left} left alone."
        ),
        format!("已撤销：撤回 {withdrawn} 条记录，恢复 {restored} 条，{left} 条保持不变。"),
    );
    console.answer(&json, &said)
}

fn tell(facts: &Facts, console: &mut dyn Console) -> Result<()> {
    let at = jiff::Timestamp::from_microsecond(facts.started_at).map(|at| at.to_string());
    let at = at.unwrap_or_default();
    let json = json!({
        "id": facts.id, "record_type": facts.record_type, "file": facts.file, "by": facts.actor,
        "stage": facts.stage, "rows": facts.rows, "done": facts.done, "started_at": at,
    });
    let Facts { id, record_type, file, actor, rows, done, .. } = facts;
    let stage = facts.stage.as_str();
    let line = format!("{id}\t{at}\t{stage}\t{record_type}\t{done}/{rows}\t{actor}\t{file}");
    console.answer(&json, &text(line.clone(), line))
}
