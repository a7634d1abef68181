//! `evenkeel ledger verify`: judges the ledger of the live database, or an export alone, against
//! the keys and checkpoints that the person brings from outside.

use super::report;
use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::folder;
use crate::host::Host;
use crate::settings::Settings;
use crate::signing;
use clap::Args;
use engine::overseen;
use ledger::{ExportVerifier, Report, Signer, Trust, TrustError, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Verify {
    #[arg(value_name = "EXPORT")]
    #[serde(skip)]
    pub export: Option<PathBuf>,
    #[arg(long = "checkpoint", value_name = "FILE")]
    #[serde(skip)]
    pub checkpoints: Vec<PathBuf>,
    #[arg(long = "key", value_name = "KEY")]
    pub keys: Vec<String>,
    /// The notes of the files.
    #[arg(skip)]
    pub notes: Vec<String>,
}

impl Verify {
    /// Reads the checkpoints.
    ///
    /// # Errors
    /// Refused where one cannot be read.
    pub fn read(mut self) -> Result<Verify> {
        for path in &self.checkpoints {
            let files =
                if path.is_dir() { folder::files(path, "checkpoint")? } else { vec![path.clone()] };
            for file in files {
                self.notes.extend(notes(&folder::read(&file)?));
            }
        }
        Ok(self)
    }

    fn trust(&self, own: Option<VerifyingKey>) -> Result<Trust> {
        let mut keys: Vec<VerifyingKey> = own.into_iter().collect();
        for text in &self.keys {
            let key = VerifyingKey::parse(text).map_err(|error| {
                Failure::usage(format!("--key: {error}."), format!("--key 无效：{error}。"))
            })?;
            keys.push(key);
        }
        Ok(Trust { keys, notes: self.notes.clone() })
    }
}

/// The notes of a file: each begins after an empty line that follows a signature.
fn notes(text: &str) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut note = String::new();
    for line in text.lines() {
        if line.is_empty() && note.lines().last().is_some_and(|last| last.starts_with('—')) {
            notes.push(std::mem::take(&mut note));
            continue;
        }
        note += line;
        note.push('\n');
    }
    if !note.trim().is_empty() {
        notes.push(note);
    }
    notes
}

/// Does it on the live database.
///
/// # Errors
/// Refused where anything is wrong.
pub fn run(host: &Host, asked: Verify, console: &mut dyn Console) -> Result<()> {
    let own = signing::open(host)?.signer.verifying_key().clone();
    let trust = asked.trust(Some(own))?;
    report::tell(&verify_live(host, &trust, console)?, console)
}

/// Reads every entry and checkpoint of the database.
///
/// # Errors
/// A failed read; checkpoints that cannot be used.
pub fn verify_live(host: &Host, trust: &Trust, console: &mut dyn Console) -> Result<Report> {
    let verifier = Verifier::new(trust).map_err(|error| untrusted(&error))?;
    let what = text("Verifying", "正在校验");
    let mut progress = Progress { what, done: 0, total: None };
    let mut goes_on = |done, size| {
        (progress.done, progress.total) = (done, Some(size));
        console.progress(&progress);
        true
    };
    let report = overseen::verify_live(&host.engine, verifier, &mut goes_on)?;
    report.ok_or_else(|| Failure::refused("ledger", "The check was broken off.", "校验被中断。"))
}

/// Does it on an export, without any database.
///
/// # Errors
/// Refused where anything is wrong, or no key is known.
pub fn run_on_export(
    asked: &Verify,
    export: &Path,
    settings: &Settings,
    console: &mut dyn Console,
) -> Result<()> {
    let mut lines = BufReader::new(folder::open(export)?);
    let mut line = Vec::new();
    let unread = |error| Failure::outside(&export.display().to_string(), error);
    lines.read_until(b'\n', &mut line).map_err(unread)?;
    let own = if asked.keys.is_empty() { own_key(settings, &line)? } else { None };
    let trust = asked.trust(own)?;
    if trust.keys.is_empty() {
        return Err(Failure::usage(
            "Give the ledger's key with --key; `evenkeel ledger key` prints it where the ledger \
             is.",
            "请用 --key 指定账本公钥；在账本所在处执行 `evenkeel ledger key` 可打印公钥。",
        ));
    }
    let mut verifier = ExportVerifier::new(&trust).map_err(|error| untrusted(&error))?;
    let total = Some(folder::size(export));
    let mut progress = Progress { what: text("Verifying", "正在校验"), done: 0, total };
    while !line.is_empty() {
        progress.done += line.len() as u64;
        verifier.line(line.strip_suffix(b"\n").unwrap_or(&line));
        console.progress(&progress);
        line.clear();
        lines.read_until(b'\n', &mut line).map_err(unread)?;
    }
    report::tell(&verifier.finish(), console)
}

/// The key of this data folder, where it has one.
fn own_key(settings: &Settings, head: &[u8]) -> Result<Option<VerifyingKey>> {
    let Some(seed) = signing::seed_if_there(settings)? else { return Ok(None) };
    let head: serde_json::Value = serde_json::from_slice(head).unwrap_or_default();
    let origin = head.get("origin").and_then(|origin| origin.as_str()).unwrap_or_default();
    Ok(Signer::new(origin, &seed).ok().map(|signer| signer.verifying_key().clone()))
}

fn untrusted(error: &TrustError) -> Failure {
    Failure::refused(
        "untrusted",
        format!("What was brought from outside cannot be used: {error}."),
        format!("外部带来的检查点无法使用：{error}。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_hold_several_notes() {
        let one = "a\n1\nroot\n\n— a sig\n";
        assert_eq!(notes(one), [one]);
        assert_eq!(notes(&format!("{one}\n{one}")), [one, one]);
        assert_eq!(notes(""), [""; 0]);
    }
}
