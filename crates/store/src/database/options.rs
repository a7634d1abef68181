//! How a database is opened: where it is, how long a read may take, what happens when the disk
//! cannot be trusted any more.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Where the records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file; made where there is none.
    File(PathBuf),
    /// A SQLite file of its own that goes away with the last user; not durable. For tests.
    Temporary,
    /// `postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=/path`.
    Postgres(String),
}

impl Location {
    /// A URL of PostgreSQL, or else the path of a file.
    pub fn parse(text: &str) -> Location {
        let is_url = text.starts_with("postgresql://") || text.starts_with("postgres://");
        if is_url { Location::Postgres(text.into()) } else { Location::File(text.into()) }
    }
}

/// How much one read may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub time: Duration,
    pub rows: usize,
}

impl Default for Limit {
    fn default() -> Limit {
        Limit { time: Duration::from_secs(10), rows: 1_000_000 }
    }
}

/// Called once with the reason when the database must not be written any more.
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// What else may be chosen at open.
#[derive(Clone)]
pub struct Options {
    /// The limit of each read that does not bring its own.
    pub limit: Limit,
    /// A unit that was not begun in this time is given up as [`crate::Failure::Unavailable`].
    pub begin_within: Duration,
    /// A unit that was begun and has no answer in this time is [`crate::Failure::Unknown`].
    pub end_within: Duration,
    /// After a failed flush of the disk it is not known what is on it, and asking again may lie:
    /// the process has to end and recover at its next start. The default aborts.
    pub on_fatal: OnFatal,
    /// Connections that are kept open for reading.
    pub readers: usize,
    /// PostgreSQL: connections that write.
    pub writers: usize,
    /// PostgreSQL: waiting units that share a transaction, at most.
    pub group: usize,
    /// SQLite: the size the file may reach, in pages of 4 KiB.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            limit: Limit::default(),
            begin_within: Duration::from_secs(20),
            end_within: Duration::from_secs(25),
            on_fatal: Arc::new(end_the_process),
            readers: 16,
            writers: 4,
            group: 64,
            max_pages: None,
        }
    }
}

fn end_the_process(why: &str) {
    tracing::error!("the process ends: {why}");
    std::process::abort();
}

/// A path for a temporary file: the process and a counter make it one of its own.
#[allow(clippy::disallowed_methods, reason = "only for Location::Temporary")]
pub(crate) fn temporary_path() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("store-{}-{count}.db", std::process::id());
    let path = std::env::temp_dir().join(name);
    // Left by an earlier process of the same number that was killed.
    remove_file(&path);
    path
}

/// A SQLite file with what stands beside it.
#[allow(clippy::disallowed_methods, reason = "only for Location::Temporary")]
pub(crate) fn remove_file(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut one = path.to_path_buf().into_os_string();
        one.push(end);
        let _ = std::fs::remove_file(one);
    }
}
