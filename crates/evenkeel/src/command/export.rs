//! `evenkeel export`: records of a type as CSV, XLSX or JSON lines, with the sight of the system
//! itself: everything. What it writes can be imported again.

use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::host::Host;
use clap::Args;
use engine::file::{Cell, Format, Writer, Writing};
use engine::{Listed, Question};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use store::select::{Count, Place};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Export {
    #[arg(value_name = "RECORD_TYPE")]
    pub record_type: String,
    #[arg(long = "where", value_name = "EXPR")]
    pub filter: Option<String>,
    #[arg(long, value_name = "FIELDS", allow_hyphen_values = true)]
    pub sort: Option<String>,
    #[arg(long, value_name = "FIELDS")]
    pub columns: Option<String>,
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = ["csv", "jsonl", "xlsx"])]
    pub format: String,
    #[arg(long, short, value_name = "FILE")]
    #[serde(skip)]
    pub output: Option<PathBuf>,
}

/// Records of one page.
const PAGE: usize = 1000;
/// Bytes handed on at a time.
const PART: usize = 64 * 1024;

/// Does it.
///
/// # Errors
/// Refused for an unknown record type or a filter that does not fit.
pub fn run(host: &Host, asked: Export, console: &mut dyn Console) -> Result<()> {
    let mut question = Question {
        record_type: asked.record_type.clone(),
        filter: asked.filter,
        sort: asked.sort,
        columns: asked.columns,
        limit: Some(PAGE),
        ..Question::default()
    };
    let session = host.system();
    let total = match session.count(&question)? {
        Count::Exactly(total) => u64::try_from(total).ok(),
        Count::AtLeast(_) => None,
    };
    let (sender, receiver) = sync_channel(16);
    let writing = Writing {
        format: format(&asked.format),
        mark: false,
        sheet: asked.record_type,
        created: host.engine.now(),
    };
    let mut table = Table { writer: Writer::new(Parts::new(sender), &writing).map_err(failed)?, columns: Vec::new() };
    let what = text("Exporting", "正在导出");
    let mut progress = Progress { what, done: 0, total };
    loop {
        let listed = session.list(&question)?;
        table.page(&listed).map_err(failed)?;
        hand_on(&receiver, console)?;
        progress.done += u64::try_from(listed.records.len()).unwrap_or(0);
        console.progress(&progress);
        match listed.next {
            Some(next) => question.place = Place::After(next),
            None => break,
        }
    }
    let parts = table.finish(&host.engine.catalogue(), &question).map_err(failed)?;
    parts.finish().map_err(failed)?;
    hand_on(&receiver, console)
}

fn format(word: &str) -> Format {
    match word {
        "xlsx" => Format::Xlsx,
        "jsonl" => Format::Jsonl,
        _ => Format::Csv,
    }
}

fn failed(error: io::Error) -> Failure {
    let (en, zh) = (format!("The export cannot be written: {error}."), format!("无法写出导出内容：{error}。"));
    Failure::refused("output", en, zh)
}
