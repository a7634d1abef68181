//! The frames of the local socket, and reading and writing them.

use crate::command::Request;
use crate::console::Progress;
use crate::failure::{Failure, Text};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Language;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read, Write};

/// Changes where a frame is no longer understood by the program before. A command and a server of
/// different programs do not talk.
pub const PROTOCOL: u32 = 1;

/// Bytes of the longest frame.
const MOST: u64 = 64 * 1024 * 1024;

/// From the command.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    Command(Box<Ask>),
    /// A part of the input as base64; empty at its end.
    Input(String),
    /// The input cannot be read.
    NoInput(Failure),
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Ask {
    pub protocol: u32,
    pub chinese: bool,
    pub json: bool,
    /// The database the command means, without password.
    pub database: String,
    pub request: Request,
}

/// From the server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A line of the answer.
    Say(String),
    /// A part of a result as text.
    Text(String),
    /// A part of a result that is no text, as base64.
    Bytes(String),
    Note(Text),
    Progress(Progress),
    /// The next part of the input is wanted.
    Want,
    Done,
    Failed(Failure),
}

impl Ask {
    pub fn language(&self) -> Language {
        if self.chinese { Language::ZH } else { Language::EN }
    }
}

/// A part of a result as the frame that is shorter.
pub fn part(bytes: &[u8]) -> Answer {
    match std::str::from_utf8(bytes) {
        Ok(text) => Answer::Text(text.to_string()),
        Err(_) => Answer::Bytes(STANDARD.encode(bytes)),
    }
}

pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// # Errors
/// `InvalidData` where it is not base64.
pub fn decode(text: &str) -> io::Result<Vec<u8>> {
    STANDARD.decode(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// # Errors
/// What the system says.
pub fn write(out: &mut impl Write, frame: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(frame)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// The next frame; none at the end.
///
/// # Errors
/// `InvalidData` for what is no frame; what the system says.
pub fn read<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    from.take(MOST).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a frame without its end"));
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_return_as_they_were() {
        let mut bytes = Vec::new();
        write(&mut bytes, &part("值\n".as_bytes())).unwrap();
        write(&mut bytes, &part(&[0xff, 0])).unwrap();
        write(&mut bytes, &Answer::Done).unwrap();
        let mut from = bytes.as_slice();
        let text: Answer = read(&mut from).unwrap().unwrap();
        assert!(matches!(text, Answer::Text(text) if text == "值\n"));
        let other: Answer = read(&mut from).unwrap().unwrap();
        assert!(matches!(other, Answer::Bytes(text) if decode(&text).unwrap() == [0xff, 0]));
        assert!(matches!(read::<Answer>(&mut from), Ok(Some(Answer::Done))));
        assert!(matches!(read::<Answer>(&mut from), Ok(None)));
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        assert!(read::<Answer>(&mut &b"{}\n"[..]).is_err());
        assert!(read::<Answer>(&mut &b"\"done\""[..]).is_err());
    }
}
