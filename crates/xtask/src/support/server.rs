//! A running server: started on a free loopback port, watched, stopped politely or killed.

use super::process::{self, Memory};
use super::program::{Place, Program};
use crate::http::connection::Connection;
use crate::http::request::request;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// The longest that a start may take before the rig gives up; recovery after a kill is within.
const START: Duration = Duration::from_secs(60);
/// The same where the demo is filled first.
const FILL: Duration = Duration::from_secs(300);
const STOP: Duration = Duration::from_secs(20);

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    pub place: Place,
    /// From the start of the process to its first healthy answer.
    pub started_in: Duration,
}

impl Server {
    /// Starts and waits until `/health` answers 200.
    pub fn start(program: &Program, place: &Place, more: &[&str]) -> Result<Server, String> {
        Server::start_at(free_address()?, program, place, more)
    }

    /// As [`Server::start`], at an address that others were told before.
    pub fn start_at(
        address: SocketAddr,
        program: &Program,
        place: &Place,
        more: &[&str],
    ) -> Result<Server, String> {
        let listen = address.to_string();
        let mut words = vec!["serve", "--listen", &listen];
        words.extend(more);
        let mut command = program.command(&words, place);
        let log = log(place)?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        let begin = Instant::now();
        let child = command.spawn().map_err(|e| format!("{}: {e}", program.path.display()))?;
        let place = place.clone();
        let mut server = Server { child, address, place, started_in: Duration::ZERO };
        let patience = if more.contains(&"--demo") { FILL } else { START };
        server.wait_until_healthy(begin, patience)?;
        server.started_in = begin.elapsed();
        Ok(server)
    }

    fn wait_until_healthy(&mut self, begin: Instant, patience: Duration) -> Result<(), String> {
        while begin.elapsed() < patience {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server ended with {status}\n{}", self.log()));
            }
            if self.is_healthy() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err(format!("the server was not healthy after {} s\n{}", patience.as_secs(), self.log()))
    }

    pub fn is_healthy(&self) -> bool {
        let asked = Connection::open(self.address).and_then(|mut connection| {
            let answer = connection.send(&request("GET", "/health", &[], b""))?;
            Ok(answer.status == 200)
        });
        asked.unwrap_or(false)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub fn memory(&self) -> Memory {
        process::memory(self.id()).unwrap_or_default()
    }

    /// The end of what the server wrote, for a report of a failure.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.place.folder.join(LOG)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Ends the process at once, as a loss of power would, except that the kernel lives on.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks the process to end and waits; an error where it does not, or ends badly.
    pub fn stop(mut self) -> Result<(), String> {
        process::signal(self.id(), "TERM")?;
        let begin = Instant::now();
        while begin.elapsed() < STOP {
            if let Ok(Some(status)) = self.child.try_wait() {
                let fine = status.success();
                return if fine { Ok(()) } else { Err(format!("it ended with {status}")) };
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(format!("the server did not end within {} s", STOP.as_secs()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Beside the records.
pub const LOG: &str = "rig.log";

fn log(place: &Place) -> Result<File, String> {
    std::fs::create_dir_all(&place.folder).map_err(|error| error.to_string())?;
    let path = place.folder.join(LOG);
    let opened = File::options().create(true).append(true).open(&path);
    opened.map_err(|error| format!("{}: {error}", path.display()))
}

/// A port that was free a moment ago.
pub fn free_address() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map_err(|error| error.to_string())
}
