//! A throw-away PostgreSQL on a loopback port: made by `initdb` as the user `postgres` (the server
//! refuses root), gone when dropped. Durable as a real one: `fsync` and `synchronous_commit` are
//! on.

use super::process::{is_root, run};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

pub struct Cluster {
    /// The folder of PostgreSQL's programs.
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster with one database, `evenkeel`.
    pub fn start() -> Result<Cluster, String> {
        let programs = programs().ok_or("PostgreSQL's initdb was not found")?;
        // Not under the build folder: the user `postgres` must be able to walk to it.
        let folder = TempDir::with_prefix("evenkeel-postgres-").map_err(|e| e.to_string())?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let port = listener.local_addr().map_err(|e| e.to_string())?.port();
        drop(listener);
        let cluster = Cluster { programs, folder, port };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(cluster.folder.path()))?;
        }
        let data = cluster.data();
        let words = ["-U", "evenkeel", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"];
        run(cluster.command("initdb").args(words).arg(&data))?;
        cluster.resume()?;
        cluster.create("evenkeel", None)?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of PostgreSQL, run as `postgres` where this is root.
    fn command(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path());
        command
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://evenkeel@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database, as a copy of another where one is named.
    pub fn create(&self, name: &str, copy_of: Option<&str>) -> Result<(), String> {
        let mut command = self.command("createdb");
        command.args(["-h", "127.0.0.1", "-U", "evenkeel", "-p", &self.port.to_string()]);
        if let Some(other) = copy_of {
            command.args(["-T", other]);
        }
        run(command.arg(name)).map(|_| ())
    }

    /// Starts the server, again or for the first time.
    pub fn resume(&self) -> Result<(), String> {
        let sockets = self.folder.path().display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={sockets} \
             -c shared_buffers=512MB -c max_connections=100",
            self.port
        );
        let log = self.folder.path().join("log");
        let mut command = self.command("pg_ctl");
        command.args(["-w", "-t", "60", "-D"]).arg(self.data()).arg("-l").arg(log);
        run_detached(command.args(["-o", &options, "start"]))
    }

    /// Stops the server: `fast` cuts connections, `immediate` is as good as a crash.
    pub fn stop(&self, how: &str) -> Result<(), String> {
        let mut command = self.command("pg_ctl");
        run(command.args(["-w", "-m", how, "-D"]).arg(self.data()).arg("stop")).map(|_| ())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.stop("immediate");
    }
}

/// `pg_ctl` leaves the server behind with the pipes that it was given, so it gets none.
fn run_detached(command: &mut Command) -> Result<(), String> {
    use std::process::Stdio;
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("PostgreSQL did not start: {status}")),
        Err(error) => Err(format!("PostgreSQL did not start: {error}")),
    }
}

/// The reason to skip what needs PostgreSQL, where it is not installed.
pub fn no_postgres() -> Option<&'static str> {
    programs().is_none().then_some("PostgreSQL's initdb was not found")
}

/// The folder of `initdb`: on the path, or where Debian puts it; the newest version first.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push(PathBuf::from("/usr/local/bin"));
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let initdb = folders.iter().map(|folder| folder.join("initdb")).find(|path| path.exists())?;
    initdb.canonicalize().ok()?.parent().map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::{Cluster, programs};

    #[test]
    fn a_cluster_starts_stops_and_resumes() {
        if programs().is_none() {
            println!("skipped: PostgreSQL's initdb was not found");
            return;
        }
        let cluster = Cluster::start().unwrap();
        cluster.create("copy", Some("evenkeel")).unwrap();
        cluster.stop("fast").unwrap();
        cluster.resume().unwrap();
        assert!(cluster.create("copy", None).is_err());
    }
}
