//! One process at a time on the records: an exclusive lock on a file, which the system gives back
//! when the process ends, however it ends. The file says who holds it and how to reach them.
//!
//! | database | lock | socket |
//! | --- | --- | --- |
//! | `DATA/evenkeel.db`, PostgreSQL | `DATA/lock` | `DATA/socket` |
//! | another SQLite file | `FILE.lock` | `FILE.socket` |

use crate::failure::{Failure, Result};
use crate::folder;
use crate::settings::Settings;
use crate::world;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Location;

/// Where lock and socket are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub lock: PathBuf,
    pub socket: PathBuf,
}

/// Who holds the lock, as the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub process: u32,
    pub duty: Duty,
    /// Without password.
    pub database: String,
}

/// What it is held for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    Serve,
    Command,
}

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

#[derive(Debug)]
pub enum Taken {
    Ours(Lock),
    /// A server has the records.
    ByServer(Holder),
}

/// How long a command is waited for that holds the lock, or a server that is just starting.
const PATIENCE: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(20);

/// Where the lock of these settings is.
pub fn place(settings: &Settings) -> Place {
    let own = settings.data.join("evenkeel.db");
    match settings.location() {
        Location::File(path) if path != own => {
            Place { lock: folder::beside(&path, "lock"), socket: folder::beside(&path, "socket") }
        }
        _ => Place { lock: settings.data.join("lock"), socket: settings.data.join("socket") },
    }
}

/// Takes the lock, or says which server holds it. A command that holds it is waited for.
///
/// # Errors
/// Refused where a command holds it for too long; files that cannot be used.
pub fn take(settings: &Settings, duty: Duty) -> Result<Taken> {
    folder::make(&settings.data)?;
    let place = place(settings);
    let mut file = folder::open_to_lock(&place.lock)?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(Failure::outside("the lock of the data folder", error));
            }
        }
        let holder = holder(&place.lock);
        if let Some(server) = holder.clone().filter(|holder| holder.duty == Duty::Serve) {
            return Ok(Taken::ByServer(server));
        }
        if waited >= PATIENCE {
            return Err(held(holder.as_ref()));
        }
        world::pause(STEP);
        waited += STEP;
    }
    let database = settings.location_shown();
    let holder = Holder { process: std::process::id(), duty, database };
    note(&mut file, &holder).map_err(|error| Failure::outside("the lock file", error))?;
    Ok(Taken::Ours(Lock { _file: file }))
}

fn note(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(serde_json::to_string(holder)?.as_bytes())?;
    file.flush()
}

/// Empty or half written while the holder is just starting.
fn holder(path: &Path) -> Option<Holder> {
    serde_json::from_str(&folder::read(path).ok()?).ok()
}

fn held(holder: Option<&Holder>) -> Failure {
    let process = holder.map(|holder| holder.process).unwrap_or_default();
    Failure::refused(
        "locked",
        format!("Another command (process {process}) works on these records; wait for its end."),
        format!("另一命令（进程 {process}）正在使用这些数据，请等待其结束。"),
    )
}

/// What a second server is told.
pub fn served(holder: &Holder) -> Failure {
    let process = holder.process;
    Failure::refused(
        "already-served",
        format!(
            "A server (process {process}) has this data folder already; stop it first, or give \
             this one another folder with --data."
        ),
        format!(
            "已有服务器（进程 {process}）正在使用此数据目录；请先停止它，或用 --data 另选目录。"
        ),
    )
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The next one must not take what stands here for its holder.
        let _ = self._file.set_len(0);
    }
}
