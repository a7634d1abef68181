//! The command's end of the local socket: asks, shows what comes, gives the input where asked.

use super::frame::{Answer, Ask, Asked, PROTOCOL, decode, encode, read, write};
use crate::command::Request;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::lock::Place;
use crate::world;
use model::Language;
use std::io::{BufReader, ErrorKind};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long a server is waited for that has the lock and does not answer yet: it is starting.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(20);

/// Has the server do it.
///
/// # Errors
/// As the command fails there; a fault where the server goes away.
pub fn ask(
    place: &Place,
    database: String,
    request: Request,
    console: &mut dyn Console,
) -> Result<()> {
    let stream = connect(place)?;
    let mut out = stream.try_clone().map_err(|error| Failure::outside("the socket", error))?;
    let mut from = BufReader::new(stream);
    let chinese = console.language() == Language::ZH;
    let json = console.json();
    let ask = Ask { protocol: PROTOCOL, chinese, json, database, request };
    write(&mut out, &Asked::Command(Box::new(ask))).map_err(gone)?;
    loop {
        match read(&mut from).map_err(gone)?.ok_or_else(|| gone("it closed the connection"))? {
            Answer::Say(line) => console.say(&line)?,
            Answer::Text(text) => console.bytes(text.as_bytes())?,
            Answer::Bytes(bytes) => console.bytes(&decode(&bytes).map_err(gone)?)?,
            Answer::Note(text) => console.note(&text),
            Answer::Progress(progress) => console.progress(&progress),
            Answer::Want => {
                let input = match console.input() {
                    Ok(part) => Asked::Input(encode(&part)),
                    Err(failure) => Asked::NoInput(failure),
                };
                write(&mut out, &input).map_err(gone)?;
            }
            Answer::Done => return Ok(()),
            Answer::Failed(failure) => return Err(failure),
        }
    }
}

fn connect(place: &Place) -> Result<UnixStream> {
    let mut waited = Duration::ZERO;
    loop {
        let reached =
            super::server::short(&place.socket).and_then(|short| UnixStream::connect(short.path()));
        match reached {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                return Err(Failure::refused(
                    "not-the-owner",
                    "Only the account that runs the server may give it commands; run this as that \
                     account.",
                    "只有运行服务器的账户可以向其发送命令，请以该账户执行。",
                ));
            }
            Err(error) if waited >= PATIENCE => return Err(gone(error)),
            Err(_) => {
                world::pause(STEP);
                waited += STEP;
            }
        }
    }
}

fn gone(error: impl std::fmt::Display) -> Failure {
    Failure::outside("the server beside cannot be reached through its local socket", error)
}
