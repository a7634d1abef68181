//! The server's end of the local socket: a thread that waits, and one for each command.

use super::frame::{Answer, Ask, Asked, PROTOCOL, decode, part, read, write};
use crate::command;
use crate::console::{Console, Progress};
use crate::failure::{CLOSED, Failure, Result, Text};
use crate::folder;
use crate::host::Host;
use crate::lock::Place;
use model::Language;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Commands at the same time.
const MOST: usize = 16;
/// The longest path that a socket can be bound to on every platform.
const LONGEST: usize = 100;

/// Waits for commands until dropped.
pub struct Listening {
    socket: PathBuf,
    over: Arc<AtomicBool>,
}

/// Opens the socket and serves commands on threads of their own.
///
/// # Errors
/// A fault where the socket cannot be opened.
pub fn listen(place: &Place, host: &Arc<Host>) -> Result<Listening> {
    let failed = |error: io::Error| Failure::outside("the local socket", error);
    // Left by a process that was killed; the lock says that nobody listens on it.
    folder::remove(&place.socket)?;
    let listener = short(&place.socket).and_then(|short| UnixListener::bind(short.path()));
    let listener = listener.map_err(failed)?;
    folder::keep_private(&place.socket)?;
    let over = Arc::new(AtomicBool::new(false));
    let listening = Listening { socket: place.socket.clone(), over: over.clone() };
    let host = host.clone();
    let wait = move || wait(&listener, &host, &over);
    std::thread::Builder::new().name("socket".into()).spawn(wait).map_err(failed)?;
    Ok(listening)
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the thread that waits.
        let _ = short(&self.socket).and_then(|short| UnixStream::connect(short.path()));
        let _ = folder::remove(&self.socket);
    }
}

fn wait(listener: &UnixListener, host: &Arc<Host>, over: &AtomicBool) {
    let running = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if running.fetch_add(1, Ordering::Relaxed) >= MOST {
            running.fetch_sub(1, Ordering::Relaxed);
            refuse(stream);
            continue;
        }
        let (host, running) = (host.clone(), running.clone());
        let serve = move || {
            serve(stream, &host);
            running.fetch_sub(1, Ordering::Relaxed);
        };
        if let Err(error) = std::thread::Builder::new().name("command".into()).spawn(serve) {
            tracing::error!(%error, "no thread for a command");
        }
    }
}

fn refuse(mut stream: UnixStream) {
    let (en, zh) =
        ("Too many commands run at once; try again.", "同时执行的命令过多，请稍后重试。");
    let _ = write(&mut stream, &Answer::Failed(Failure::refused("too-many", en, zh)));
}

fn serve(stream: UnixStream, host: &Host) {
    let Ok(out) = stream.try_clone() else { return };
    let mut from = BufReader::new(stream);
    let ask = match read(&mut from) {
        Ok(Some(Asked::Command(ask))) => *ask,
        // Closed without asking: the socket being given up, or somebody who looks whether it is.
        _ => return,
    };
    let (language, json) = (ask.language(), ask.json);
    let mut caller = Caller { out, from, language, json };
    let answer = match answer(ask, host, &mut caller) {
        Ok(()) => Answer::Done,
        Err(failure) => Answer::Failed(failure),
    };
    if let Answer::Failed(Failure::Fault(fault)) = &answer {
        tracing::error!(fault, "a command through the local socket ended with a fault");
    }
    let _ = write(&mut caller.out, &answer);
}

fn answer(ask: Ask, host: &Host, caller: &mut Caller) -> Result<()> {
    if ask.protocol != PROTOCOL {
        let (en, zh) = (
            "The server is another version of the program; use its own.",
            "服务器为另一版本，请使用与其相同版本的程序。",
        );
        return Err(Failure::refused("other-version", en, zh));
    }
    let ours = host.settings.location_shown();
    if ask.database != ours {
        return Err(Failure::refused(
            "other-database",
            format!("The server in this data folder has another database ({ours})."),
            format!("此数据目录中的服务器使用另一数据库（{ours}）。"),
        ));
    }
    command::perform(host, ask.request, caller)
}

/// The person at the other end.
struct Caller {
    out: UnixStream,
    from: BufReader<UnixStream>,
    language: Language,
    json: bool,
}

impl Caller {
    fn send(&mut self, answer: &Answer) -> Result<()> {
        write(&mut self.out, answer).map_err(left)
    }
}

/// The command ended before its result did: it was stopped, or has what it wanted. No fault of
/// ours.
fn left(error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => {
            Failure::refused(CLOSED, "Nobody reads the result.", "结果无人读取。")
        }
        _ => lost(error),
    }
}

fn lost(error: impl std::fmt::Display) -> Failure {
    Failure::outside("the command went away", error)
}

impl Console for Caller {
    fn language(&self) -> Language {
        self.language
    }

    fn json(&self) -> bool {
        self.json
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.send(&part(bytes))
    }

    fn say(&mut self, line: &str) -> Result<()> {
        self.send(&Answer::Say(line.to_string()))
    }

    fn progress(&mut self, progress: &Progress) {
        let _ = self.send(&Answer::Progress(progress.clone()));
    }

    fn note(&mut self, text: &Text) {
        let _ = self.send(&Answer::Note(text.clone()));
    }

    fn input(&mut self) -> Result<Vec<u8>> {
        self.send(&Answer::Want)?;
        match read(&mut self.from).map_err(lost)? {
            Some(Asked::Input(part)) => decode(&part).map_err(lost),
            Some(Asked::NoInput(failure)) => Err(failure),
            _ => Err(lost("no input")),
        }
    }
}

/// A path to the socket that is short enough to be bound: the folder is opened and named by its
/// number where the path itself is too long.
pub fn short(socket: &Path) -> io::Result<Short> {
    if socket.as_os_str().len() <= LONGEST {
        return Ok(Short { path: socket.to_path_buf(), _folder: None });
    }
    let parent = socket.parent().unwrap_or(Path::new("/"));
    let folder = folder::open_folder(parent)?;
    let name = socket.file_name().unwrap_or_default();
    let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
    Ok(Short { path, _folder: Some(folder) })
}

/// Good for as long as it is kept.
pub struct Short {
    path: PathBuf,
    _folder: Option<File>,
}

impl Short {
    pub fn path(&self) -> &Path {
        &self.path
    }
}
