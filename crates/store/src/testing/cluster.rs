//! A PostgreSQL server of a test's own: made in a temporary folder, on a free port of this machine
//! only, and gone when the process ends, however it ends.

use crate::database::{Database, Location};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A running server. Dropped, or with the end of the process, it stops and its folder goes.
pub struct Cluster {
    /// Of its database `postgres`.
    pub url: String,
    pub folder: PathBuf,
    bin: PathBuf,
    keeper: Child,
}

/// PostgreSQL refuses to be run by root.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl Cluster {
    /// Starts one with these settings (`name=value`); `None` where PostgreSQL is not installed.
    pub fn start(settings: &[&str]) -> Option<Cluster> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let bin = bin()?;
        let user = user();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("evenkeel-postgres-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).ok()?;
        if let Some(user) = user {
            std::os::unix::fs::chown(&folder, Some(user.id), Some(user.group)).ok()?;
        }
        make(&bin, &folder, user)?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let keeper = keep(&bin, &folder, user, port, settings)?;
        let url = format!("postgresql://postgres@127.0.0.1:{port}/postgres");
        let cluster = Cluster { url, folder, bin, keeper };
        cluster.wait();
        Some(cluster)
    }

    /// Stops and starts the server: at once, as after a crash.
    pub fn restart(&self) {
        self.control(&["restart", "-m", "immediate"]);
        self.wait();
    }

    /// Stops the server.
    pub fn stop(&self) {
        self.control(&["stop", "-m", "fast"]);
    }

    /// Starts it again.
    pub fn go_on(&self) {
        self.control(&["start"]);
        self.wait();
    }

    /// Another setting (`name = value`) from now on, for what can be set while it runs.
    pub fn set(&self, setting: &str) {
        let file = self.folder.join("postgresql.auto.conf");
        let old = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, old + setting + "\n").unwrap();
        self.control(&["reload"]);
    }

    /// Gives files of the folder to the server, which trusts a key of its own only.
    pub fn own(&self, names: &[&str]) {
        use std::os::unix::fs::{PermissionsExt, chown};
        for name in names {
            let file = self.folder.join(name);
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
            if let Some(user) = user() {
                chown(&file, Some(user.id), Some(user.group)).unwrap();
            }
        }
    }

    fn control(&self, words: &[&str]) {
        let mut command = Command::new(self.bin.join("pg_ctl"));
        command.arg("-D").arg(&self.folder).arg("-w").args(words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        run_as(&mut command, user());
        assert!(command.status().unwrap().success(), "pg_ctl {words:?}");
    }

    fn wait(&self) {
        for _ in 0..400 {
            if Database::open(&Location::Postgres(self.url.clone())).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("the test's PostgreSQL did not start, see {}", self.folder.display());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn make(bin: &Path, folder: &Path, user: Option<User>) -> Option<()> {
    // A collation that is not by bytes, so that a comparison which forgot to ask for bytes shows.
    let linguistic = ["--locale-provider=icu", "--icu-locale=en", "--locale=C"];
    let plain = ["--locale=C"];
    [&linguistic[..], &plain[..]].into_iter().find_map(|locale| {
        let mut command = Command::new(bin.join("initdb"));
        command.arg("-D").arg(folder).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
        command.arg("--no-sync").args(locale).stdout(Stdio::null()).stderr(Stdio::null());
        run_as(&mut command, user);
        command.status().ok()?.success().then_some(())
    })
}

/// A shell that holds the server, and ends it when our end of its input closes.
fn keep(
    bin: &Path,
    folder: &Path,
    user: Option<User>,
    port: u16,
    settings: &[&str],
) -> Option<Child> {
    let port = port.to_string();
    let mut lines = vec![
        format!("port = {port}"),
        "listen_addresses = '127.0.0.1'".into(),
        "unix_socket_directories = ''".into(),
        "max_connections = 300".into(),
        "fsync = off".into(),
        "full_page_writes = off".into(),
        "shared_buffers = 64MB".into(),
    ];
    lines.extend(settings.iter().map(ToString::to_string));
    let file = folder.join("postgresql.auto.conf");
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    std::fs::write(&file, old + &lines.join("\n") + "\n").ok()?;
    let script = "\"$1/pg_ctl\" -D \"$2\" -w -l \"$2/log\" start >/dev/null 2>&1; cat >/dev/null; \
                  \"$1/pg_ctl\" -D \"$2\" -m immediate stop >/dev/null 2>&1; \
                  rm -rf \"$2\" || { sleep 1; rm -rf \"$2\"; }";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(bin).arg(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    run_as(&mut command, user);
    command.spawn().ok()
}

fn run_as(command: &mut Command, user: Option<User>) {
    command.current_dir("/");
    if let Some(user) = user {
        command.uid(user.id).gid(user.group);
    }
}

/// Another user, where we are root.
fn user() -> Option<User> {
    let me = std::fs::metadata("/proc/self").ok()?;
    if std::os::unix::fs::MetadataExt::uid(&me) != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let named = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some(User { id: parts.next()?.parse().ok()?, group: parts.next()?.parse().ok()? })
    };
    named("postgres").or_else(|| named("nobody"))
}

fn bin() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push("/usr/local/bin".into());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let has = |folder: &PathBuf| ["initdb", "pg_ctl"].iter().all(|name| folder.join(name).exists());
    folders.into_iter().find(has)
}
