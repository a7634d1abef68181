//! `evenkeel backup`: everything as it stands at one moment, in one file, while work goes on. At
//! its end stands what it is compared with when it is restored: the ledger's size and root.

use crate::console::{Console, Output, Progress};
use crate::failure::{Failure, Result, text};
use crate::folder;
use crate::host::Host;
use crate::manifest::Manifest;
use crate::settings::Settings;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use store::Database;
use store::backup::{self, BackupError, Stage};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Backup {
    #[arg(value_name = "FILE")]
    #[serde(skip)]
    pub file: PathBuf,
}

/// Does it.
///
/// # Errors
/// A failed read or write.
pub fn run(host: &Host, _asked: Backup, console: &mut dyn Console) -> Result<()> {
    if !host.serves {
        // What waits for its position gets it, so that the backup is covered whole.
        engine::sealer::Sealer::new(&host.engine, &crate::host::holder(&host.engine)).drain()?;
    }
    let manifest = save(host.engine.database(), host.engine.now(), console)?;
    tell(&manifest, console)
}

/// Writes a backup to the console's place for bytes.
fn save(database: &Database, now: i64, console: &mut dyn Console) -> Result<Manifest> {
    let ledger = Manifest::of(database, now)?;
    let shared = std::cell::RefCell::new(console);
    let (mut before, mut table) = (0, (String::new(), 0));
    let mut progress = |stage: &Stage| {
        if table.0 != stage.table {
            before += table.1;
        }
        table = (stage.table.clone(), stage.rows);
        let what = text("Saving rows", "正在保存行");
        let done = before + stage.rows;
        shared.borrow_mut().progress(&Progress { what, done, total: None });
    };
    let summary = backup::save(database, Shared(&shared), &mut progress).map_err(failed)?;
    let manifest = ledger.with(&summary);
    shared.borrow_mut().bytes(&manifest.frame()?)?;
    Ok(manifest)
}

/// The place for bytes, while progress is told between them.
struct Shared<'s, 'a, 'c>(&'s std::cell::RefCell<&'a mut (dyn Console + 'c)>);

impl Write for Shared<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Output(&mut **self.0.borrow_mut()).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn tell(manifest: &Manifest, console: &mut dyn Console) -> Result<()> {
    let (rows, size, root) = (manifest.rows, manifest.ledger_size, &manifest.ledger_root);
    let json = json!({ "backup": manifest });
    let said = text(
        format!("Saved {rows} rows; ledger of {size} entries, root {root}"),
        format!("已保存 {rows} 行；账本 {size} 条，根 {root}"),
    );
    console.answer(&json, &said)
}

/// What keeps a backup from being written or read.
pub fn failed(error: BackupError) -> Failure {
    match error {
        BackupError::Store(failure) => failure.into(),
        BackupError::NotEmpty => Failure::refused(
            "not-empty",
            "The database holds records already; a backup is restored into an empty one.",
            "数据库中已有数据；只能恢复到空数据库。",
        ),
        other => {
            Failure::refused("backup", format!("{other}."), format!("备份无法使用：{other}。"))
        }
    }
}

/// The backup before tables are changed: `DATA/backups/before-VERSION-TIME.evenkeel`, of which the
/// newest are kept. SQLite only: a server of PostgreSQL has backups of its own.
///
/// # Errors
/// Whatever kept it from being made.
pub fn automatic(
    settings: &Settings,
    database: &Database,
    console: &mut dyn Console,
) -> Result<()> {
    if database.dialect() != store::database::Dialect::Sqlite {
        return Ok(());
    }
    let place = settings.data.join("backups");
    folder::make(&place)?;
    let now = crate::world::now();
    let path = place.join(format!("before-{}.evenkeel", stamp(now)));
    let mut file = folder::create_private(&path)?;
    let saved = backup::save(database, &mut file, &mut |_| {}).map_err(failed);
    let saved = saved.and_then(|summary| {
        let manifest = Manifest::of(database, now)?.with(&summary);
        let frame = manifest.frame()?;
        let whole = file.write_all(&frame).and_then(|()| file.sync_all());
        whole.map_err(|error| Failure::outside("the backup", error))
    });
    if let Err(failure) = saved {
        folder::remove(&path)?;
        return Err(failure);
    }
    let shown = path.display();
    console.note(&text(format!("Backup: {shown}"), format!("已备份：{shown}")));
    forget_old(settings, &place)
}

fn stamp(now: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(now).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%S%.6fZ").to_string()
}

fn forget_old(settings: &Settings, place: &std::path::Path) -> Result<()> {
    let all = folder::files(place, "evenkeel")?;
    let many = all.len().saturating_sub(settings.size("backup.keep"));
    all.iter().take(many).try_for_each(|old| folder::remove(old))
}
