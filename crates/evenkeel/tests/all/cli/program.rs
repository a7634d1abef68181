//! Running the program: a folder for each test, no settings of whoever runs the tests, a server
//! on a port of its own that ends with the test.

use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Good enough for the rules; nobody uses it.
pub const PASSWORD: &str = "correct horse battery staple 42";

/// A folder with the program's data in it.
pub struct Place {
    folder: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Done {
    /// The last line of the output as JSON.
    pub fn json(&self) -> Json {
        let line = self.out.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error as `--json` tells it.
    pub fn error(&self) -> Json {
        let line = self.err.lines().last().unwrap_or_default();
        let json: Json = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {self:?}"));
        json["error"].clone()
    }
}

impl Place {
    pub fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// With an administrator and somebody at the service desk.
    pub fn with_people() -> Place {
        let place = Place::new();
        for (login, role) in [("root", "administrator"), ("desk", "service_desk_agent")] {
            place.good_with(&["user", "add", login, "--role", role, "--password-stdin"], PASSWORD);
        }
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file beside the data.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evenkeel"));
        command.args(words).current_dir(self.folder.path()).env("LANG", "C").env_remove("LC_ALL");
        if !words.contains(&"--data") {
            command.arg("--data").arg(self.data());
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("EVENKEEL_") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Done {
        done(&self.command(words).stdin(Stdio::null()).output().unwrap())
    }

    pub fn run_with(&self, words: &[&str], input: &str) -> Done {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        done(&child.wait_with_output().unwrap())
    }

    /// Runs a command that must succeed; its output without the last line's end.
    pub fn good(&self, words: &[&str]) -> String {
        let done = self.run(words);
        assert_eq!(done.code, 0, "{words:?}: {done:?}");
        done.out.trim_end().to_string()
    }

    pub fn good_with(&self, words: &[&str], input: &str) -> String {
        let done = self.run_with(words, input);
        assert_eq!(done.code, 0, "{words:?}: {done:?}");
        done.out.trim_end().to_string()
    }

    pub fn token(&self, login: &str) -> String {
        self.good(&["token", "create", login, "--name", "test"])
    }

    /// Starts a server and waits until it answers.
    pub fn serve(&self, more: &[&str]) -> Server {
        self.serve_by(more, |command| command)
    }

    /// The same by another command that runs the one given.
    pub fn serve_by(&self, more: &[&str], by: impl FnOnce(Command) -> Command) -> Server {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = free.to_string();
        let words = [&["serve", "--listen", &address], more].concat();
        let mut command = by(self.command(&words));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (said, lines) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            out.lines().map_while(Result::ok).for_each(|line| drop(said.send(line)));
        });
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let (keep, log) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            let _ = keep.send(text);
        });
        let mut server = Server { child, address, lines, said: String::new(), log };
        server.wait();
        server
    }
}

fn done(output: &Output) -> Done {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    Done { code, out: text(&output.stdout), err: text(&output.stderr) }
}

/// A running server.
pub struct Server {
    child: Child,
    pub address: String,
    lines: mpsc::Receiver<String>,
    /// The line with its address.
    pub said: String,
    log: mpsc::Receiver<String>,
}

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub json: Json,
}

impl Server {
    /// Until it says its address.
    fn wait(&mut self) {
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(&self.address) => return self.said = line,
                Ok(_) => {}
                Err(_) => panic!("the server did not start: {:?}", self.log.try_recv()),
            }
        }
    }

    pub fn get(&self, token: &str, path: &str) -> Answer {
        self.ask("GET", token, path, "")
    }

    pub fn post(&self, token: &str, path: &str, body: &Json) -> Answer {
        self.ask("POST", token, path, &body.to_string())
    }

    fn ask(&self, method: &str, token: &str, path: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \
             {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        Answer { status, json: serde_json::from_str(body).unwrap_or(Json::Null) }
    }

    /// Ends it at once, as a loss of power would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends it a signal: `-HUP`.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Asks it to end; its exit code and log.
    pub fn stop(mut self) -> (Option<i32>, String) {
        self.signal("-TERM");
        let status = self.child.wait().unwrap();
        (status.code(), self.log.recv().unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
