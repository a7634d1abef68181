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
use engine::sealer;
use ledger::{
    Body, ExportVerifier, Hash, Report, Signer, Trust, TrustError, Verifier, VerifyingKey,
};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use store::seal;

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

/// Entries read at a time.
const PAGE: usize = 2000;

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
    let mut verifier = Verifier::new(trust).map_err(|error| untrusted(&error))?;
    // As far as it goes now: what is sealed meanwhile is for the next time.
    let size = sealer::frontier(&host.engine)?.size();
    let database = host.engine.database();
    let mut checkpoints = seal::checkpoints(database, usize::MAX >> 1)?;
    checkpoints.retain(|one| u64::try_from(one.size).is_ok_and(|at| at <= size));
    let total = Some(size);
    let mut progress = Progress { what: text("Verifying", "正在校验"), done: 0, total };
    let mut position = 0;
    loop {
        let page = seal::from(database, position, PAGE)?;
        for one in page.iter().filter(|one| u64::try_from(one.position).is_ok_and(|at| at < size)) {
            let at = u64::try_from(one.position).unwrap_or(u64::MAX);
            match Body::from_bytes(&one.headed.entry.body) {
                Ok(body) => verifier.entry(at, &sealer::header(&one.headed), &body, Hash(one.hash)),
                Err(error) => {
                    let reason = error.to_string();
                    verifier.problem(ledger::Problem::Malformed {
                        line: at,
                        position: Some(at),
                        reason,
                    });
                    verifier.leaf(at, None, Hash(one.hash));
                }
            }
            while checkpoints.last().is_some_and(|next| next.size <= one.position + 1) {
                if let Some(next) = checkpoints.pop() {
                    verifier.checkpoint(&next.note);
                }
            }
        }
        position += i64::try_from(PAGE).unwrap_or(i64::MAX);
        progress.done = size.min(u64::try_from(position).unwrap_or(size));
        console.progress(&progress);
        if u64::try_from(position).is_ok_and(|at| at >= size) {
            break;
        }
    }
    checkpoints.iter().rev().for_each(|left| verifier.checkpoint(&left.note));
    let mut report = verifier.finish();
    if report.size < size {
        let (first, last) = (report.size, size - 1);
        report.problems.push(ledger::Problem::Dropped { first, last });
        report.problem_count += 1;
    }
    Ok(report)
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
