//! How an import stands, as it is told: its stage, its numbers, why it ended early.

use super::lines;
use super::refused::Refused;
use crate::field::Card;
use crate::refusal::Refusal;
use model::Language;
use serde::{Deserialize, Serialize};
use std::io;
use store::core::import_line;
use store::core::import_run::ImportRun;

pub const DRAFT: &str = "draft";
pub const CHECKING: &str = "checking";
pub const CHECKED: &str = "checked";
pub const RUNNING: &str = "running";
pub const STOPPED: &str = "stopped";
pub const DONE: &str = "done";
pub const UNDOING: &str = "undoing";
pub const UNDONE: &str = "undone";
pub const FAILED: &str = "failed";

/// Bytes of a mapping.
pub const MAPPING: usize = 256 << 10;

/// How an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The columns are being mapped.
    Draft,
    Checking,
    /// What it would do is known.
    Checked,
    Running,
    /// Somebody has stopped it; it can go on.
    Stopped,
    Done,
    Undoing,
    Undone,
    /// It ended early for a reason of its own.
    Failed,
}

/// What was found and done, by number; each part is there once it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    pub checked: Option<Checked>,
    pub written: Option<Written>,
    pub undone: Option<Undone>,
}

/// What the check of the whole file found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checked {
    pub rows: usize,
    pub created: usize,
    pub existing: usize,
    /// Records that rows name and that would be created.
    pub references: usize,
    /// Values and rows that cannot be taken.
    pub refused: usize,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Written {
    pub created: i64,
    pub updated: i64,
    pub linked: i64,
    /// Records that rows name and that were created.
    pub references: i64,
    pub refused: i64,
}

/// What taking it back came to, in records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Undone {
    pub withdrawn: i64,
    pub restored: i64,
    pub left: i64,
    /// Entries that are still to be taken back.
    pub waiting: i64,
}

/// One import as it stands.
#[derive(Debug, Clone)]
pub struct Facts {
    pub id: String,
    pub record_type: String,
    pub file: String,
    pub bytes: i64,
    pub actor: String,
    pub stage: Stage,
    pub rows: i64,
    pub done: i64,
    /// Microseconds.
    pub started_at: i64,
    pub finished_at: Option<i64>,
    pub undone_at: Option<i64>,
    /// The mapping as it is written; empty where an operator keeps it.
    pub rules: String,
    pub tally: Tally,
    /// Why it ended early.
    pub fault: Option<Refused>,
    /// Whether the file is kept here.
    pub is_kept: bool,
}

/// What taking an import back would touch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taking {
    pub created: i64,
    pub updated: i64,
    pub linked: i64,
    pub references: i64,
    /// Records that somebody has changed since.
    pub changed_since: i64,
}

/// A record that taking an import back has left alone, in whole or in part.
#[derive(Debug, Clone)]
pub struct Left {
    pub row: i64,
    /// What the record is called and its id; none where the reader may not see it.
    pub record: Option<Card>,
    pub why: Refused,
}

/// A file to be imported.
pub struct NewImport<'a> {
    pub record_type: &'a str,
    pub name: &'a str,
    pub content: &'a mut dyn io::Read,
    /// In bytes.
    pub most: u64,
}

impl Stage {
    pub const ALL: [Stage; 9] = [
        Stage::Draft,
        Stage::Checking,
        Stage::Checked,
        Stage::Running,
        Stage::Stopped,
        Stage::Done,
        Stage::Undoing,
        Stage::Undone,
        Stage::Failed,
    ];

    pub(super) fn of(run: &ImportRun) -> Stage {
        match run.state.as_deref() {
            Some(DRAFT) => Stage::Draft,
            Some(CHECKING) => Stage::Checking,
            Some(CHECKED) => Stage::Checked,
            Some(RUNNING) => Stage::Running,
            Some(DONE) => Stage::Done,
            Some(UNDOING) => Stage::Undoing,
            Some(UNDONE) => Stage::Undone,
            Some(FAILED) => Stage::Failed,
            None if run.finished_at.is_some() => Stage::Done,
            _ => Stage::Stopped,
        }
    }

    /// Whether a job is at work on it.
    pub fn is_busy(self) -> bool {
        matches!(self, Stage::Checking | Stage::Running | Stage::Undoing)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Draft => DRAFT,
            Stage::Checking => CHECKING,
            Stage::Checked => CHECKED,
            Stage::Running => RUNNING,
            Stage::Stopped => STOPPED,
            Stage::Done => DONE,
            Stage::Undoing => UNDOING,
            Stage::Undone => UNDONE,
            Stage::Failed => FAILED,
        }
    }
}

impl Facts {
    pub(super) fn of(run: &ImportRun, is_kept: bool) -> Facts {
        let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or("").to_string();
        let fault = run.fault.as_deref().and_then(|text| {
            let json: serde_json::Value = serde_json::from_str(text).ok()?;
            let said = |name: &str| json[name].as_str().unwrap_or_default().to_string();
            Some(Refused { row: 0, column: String::new(), en: said("en"), zh: said("zh") })
        });
        Facts {
            id: run.id.to_string(),
            record_type: run.record_type.to_string(),
            file: text(&run.file),
            bytes: run.bytes.unwrap_or(0),
            actor: run.actor.to_string(),
            stage: Stage::of(run),
            rows: run.rows,
            done: run.done,
            started_at: run.started_at,
            finished_at: run.finished_at,
            undone_at: run.undone_at,
            rules: text(&run.rules),
            tally: tally(run),
            fault,
            is_kept,
        }
    }
}

pub(super) fn tally(run: &ImportRun) -> Tally {
    run.found.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

pub(super) fn written(counts: &[import_line::Counted]) -> Written {
    let of = |kind: &str| counts.iter().filter(|c| *c.kind == *kind).map(|c| c.lines).sum();
    Written {
        created: of(lines::CREATED),
        updated: of(lines::EDITED),
        linked: of(lines::LINKED),
        references: of(lines::MADE),
        refused: of(lines::REFUSED),
    }
}

pub(super) fn undone(counts: &[import_line::Counted]) -> Undone {
    let is_entry = |c: &&import_line::Counted| {
        [lines::CREATED, lines::EDITED, lines::LINKED, lines::MADE].contains(&&*c.kind)
    };
    let of = |outcome: Option<&str>| -> Vec<&import_line::Counted> {
        counts.iter().filter(is_entry).filter(|c| c.outcome.as_deref() == outcome).collect()
    };
    let records = |outcome| of(Some(outcome)).iter().map(|c| c.records).sum();
    Undone {
        withdrawn: records(lines::WITHDRAWN),
        restored: records(lines::RESTORED),
        left: records(lines::LEFT),
        waiting: of(None).iter().map(|c| c.lines).sum(),
    }
}

/// The last part of a path, without control characters, at most 200 characters.
pub fn file_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The sentence of a refusal in both languages, as JSON.
pub(super) fn fault_of(refusal: &Refusal) -> String {
    let (en, zh) = (refusal.text(Language::EN), refusal.text(Language::ZH));
    serde_json::json!({ "en": en, "zh": zh }).to_string()
}
