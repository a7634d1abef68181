//! `evenkeel restore`: a backup into an empty data folder. What is restored goes on as another
//! branch of the ledger, says so in each checkpoint, and fires no timer that came due before.

use crate::command::{backup, verify_live};
use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::folder;
use crate::host::{Host, open_database};
use crate::lock::{self, Duty, Taken};
use crate::manifest::Manifest;
use crate::settings::Settings;
use crate::signing;
use clap::Args;
use engine::Rebuilt;
use ledger::Trust;
use serde_json::json;
use std::path::{Path, PathBuf};
use store::backup::{Stage, Summary, load, verify};
use store::{Location, Unit, credential, job, one_time, spine, token};

#[derive(Debug, Args)]
pub struct Restore {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long)]
    pub force: bool,
    #[arg(long)]
    pub revoke_tokens: bool,
}

/// What lets people and programs in, and came back with the rows.
struct Doors {
    tokens: i64,
    passwords: i64,
    /// Whether the tokens were ended.
    revoked: bool,
}

/// The queue of the engine's own jobs.
const QUEUE: &str = "engine";

/// Does it.
///
/// # Errors
/// Refused where a server runs, where there are records and nobody said `--force`, where the file
/// is not whole, and where the ledger is not the one that was saved.
pub fn run(asked: &Restore, settings: Settings, console: &mut dyn Console) -> Result<()> {
    let lock = match lock::take(&settings, Duty::Command)? {
        Taken::Ours(lock) => lock,
        Taken::ByServer(holder) => return Err(lock::served(&holder)),
    };
    let path = asked.file.as_path();
    console.progress(&stage("Checking the file", "正在检查文件", 0));
    let summary = verify(folder::open(path)?).map_err(backup::failed)?;
    let manifest = Manifest::read(path)?;
    let replaced = make_room(&settings, asked.force)?;
    fill(&settings, path, console)?;
    let host = Host::open(settings, None, false, console)?;
    let doors = doors(&host, asked.revoke_tokens)?;
    let marked = mark_old_jobs(&host)?;
    let branch = signing::begin_branch(&host.engine, &hex::encode(&summary.sha256[..8]))?;
    compare(&host, manifest.as_ref(), console)?;
    // Last: the server can go on with it, and with nothing before it.
    rebuild_search(&host, console)?;
    host.close()?;
    drop(lock);
    tell(&summary, manifest.as_ref(), (marked, &branch, replaced), &doors, console)
}

fn stage(en: &str, zh: &str, done: u64) -> Progress {
    Progress { what: text(en, zh), done, total: None }
}

/// A database that is there goes aside, where that was said.
fn make_room(settings: &Settings, force: bool) -> Result<Option<PathBuf>> {
    let Location::File(path) = settings.location() else { return Ok(None) };
    if folder::size(&path) == 0 {
        return folder::remove(&path).map(|()| None);
    }
    if !force {
        let shown = path.display();
        return Err(Failure::refused(
            "not-empty",
            format!(
                "There are records in {shown}; choose another --data, or say --force to put \
                 them aside."
            ),
            format!("{shown} 中已有数据；请另选 --data，或用 --force 将其移到一旁。"),
        ));
    }
    let aside = folder::beside(&path, &format!("replaced-{}", crate::world::now()));
    // What the log holds belongs to the file; the two go together.
    for ending in ["-wal", "-shm"] {
        let mut from = path.clone().into_os_string();
        from.push(ending);
        let mut to = aside.clone().into_os_string();
        to.push(ending);
        if Path::new(&from).exists() {
            folder::rename(Path::new(&from), Path::new(&to))?;
        }
    }
    folder::rename(&path, &aside)?;
    Ok(Some(aside))
}

/// Loads the file; what was begun goes where it fails.
fn fill(settings: &Settings, path: &Path, console: &mut dyn Console) -> Result<()> {
    let database = open_database(settings)?;
    let (mut before, mut table) = (0, (String::new(), 0));
    let mut progress = |now: &Stage| {
        if table.0 != now.table {
            before += table.1;
        }
        table = (now.table.clone(), now.rows);
        console.progress(&stage("Restoring rows", "正在恢复行", before + now.rows));
    };
    let loaded = load(&database, folder::open(path)?, &mut progress).map_err(backup::failed);
    drop(database);
    if let (Err(_), Location::File(path)) = (&loaded, settings.location()) {
        for ending in ["", "-wal", "-shm"] {
            let mut part = path.clone().into_os_string();
            part.push(ending);
            folder::remove(Path::new(&part))?;
        }
    }
    loaded.map(drop)
}

/// Counts what lets people in, and ends the tokens where that was asked: one that was revoked since
/// the backup is valid again.
fn doors(host: &Host, revoke: bool) -> Result<Doors> {
    let (database, now) = (host.engine.database(), host.engine.now());
    let tokens = token::count_live(database, now)?;
    let passwords = credential::count(database)?;
    // What could be used once may have been used since.
    let mut unit = Unit::new();
    one_time::drop_each(&mut unit);
    if revoke {
        token::revoke_each(&mut unit, now);
    }
    database.write(unit)?;
    Ok(Doors { tokens, passwords, revoked: revoke })
}

impl Doors {
    fn say(&self) -> (String, String) {
        let Doors { tokens, passwords, revoked } = self;
        let passwords_en = format!("{passwords} passwords are as they were at the backup.");
        let passwords_zh = format!("{passwords} 个密码恢复为备份时的状态。");
        if *revoked {
            return (
                format!("{tokens} live tokens were ended. {passwords_en}"),
                format!("已撤销 {tokens} 个有效令牌。{passwords_zh}"),
            );
        }
        (
            format!(
                "{tokens} tokens are live, among them any that were revoked since the backup; \
                 --revoke-tokens ends them all. {passwords_en}"
            ),
            format!(
                "{tokens} 个令牌有效，其中可能有备份之后才撤销的；用 --revoke-tokens 可全部撤销。\
                 {passwords_zh}"
            ),
        )
    }
}

/// The backup leaves the full-text index out. Where this is killed, `serve` goes on with it.
fn rebuild_search(host: &Host, console: &mut dyn Console) -> Result<()> {
    let total = spine::count(host.engine.database())?;
    let total = u64::try_from(total).ok();
    while let Rebuilt::Part(done) = host.engine.rebuild_search()? {
        let what = text("Making search ready", "正在重建全文检索");
        console.progress(&Progress { what, done, total });
    }
    Ok(())
}

/// Jobs that came due before now fail with a word; `evenkeel jobs --retry` does one all the same.
fn mark_old_jobs(host: &Host) -> Result<usize> {
    let (database, now) = (host.engine.database(), host.engine.now());
    let mut marked = 0;
    loop {
        let open = job::open(database, QUEUE, 500)?;
        let due: Vec<_> = open.into_iter().filter(|job| job.due_at <= now).collect();
        if due.is_empty() {
            return Ok(marked);
        }
        let mut unit = Unit::new();
        due.iter().for_each(|job| job::fail(&mut unit, job, now, "came due before a restore"));
        database.write(unit)?;
        marked += due.len();
    }
}

/// Every entry is read again; the tree is the one that was saved.
fn compare(host: &Host, manifest: Option<&Manifest>, console: &mut dyn Console) -> Result<()> {
    let own = signing::open(host)?;
    let trust = Trust { keys: vec![own.signer.verifying_key().clone()], notes: Vec::new() };
    let report = verify_live(host, &trust, console)?;
    let problems = report.problems.iter();
    // Without the key they were signed with, checkpoints inside cannot be judged.
    let real = problems.filter(|p| !matches!(p, ledger::Problem::BadCheckpoint { .. })).count();
    let other = manifest.is_some_and(|saved| {
        let same_size = report.size == saved.ledger_size;
        let root = report.root.map(|root| root.to_string());
        report.size < saved.ledger_size || (same_size && root.as_ref() != Some(&saved.ledger_root))
    });
    if real == 0 && !other {
        return Ok(());
    }
    Err(Failure::refused(
        "ledger",
        "The restored ledger is not the one that was saved; `evenkeel ledger verify` names what \
         differs.",
        "恢复的账本与备份时不一致；可用 `evenkeel ledger verify` 查看差异。",
    ))
}

fn tell(
    summary: &Summary,
    manifest: Option<&Manifest>,
    (marked, branch, replaced): (usize, &str, Option<PathBuf>),
    doors: &Doors,
    console: &mut dyn Console,
) -> Result<()> {
    let rows = summary.rows;
    let replaced = replaced.map(|path| path.display().to_string());
    let json = json!({
        "rows": rows, "manifest": manifest, "jobs_marked": marked, "branch": branch,
        "replaced": replaced, "tokens": doors.tokens, "tokens_revoked": doors.revoked,
        "passwords": doors.passwords,
    });
    let (mut en, mut zh) = (
        format!(
            "Restored {rows} rows. {marked} jobs that came due before were marked, none was \
             done.\nThe ledger goes on as {branch}"
        ),
        format!(
            "已恢复 {rows} 行。此前到期的 {marked} 个作业已标记，均未执行。\n账本分支：{branch}"
        ),
    );
    let said = doors.say();
    en += &format!("\n{}", said.0);
    zh += &format!("\n{}", said.1);
    if let Some(path) = replaced {
        en += &format!("\nWhat was there before is now {path}");
        zh += &format!("\n原有数据现为 {path}");
    }
    console.answer(&json, &text(en, zh))
}
