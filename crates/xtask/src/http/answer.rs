//! An answer in the bytes that were read so far: whole, or not yet.

use std::borrow::Cow;
use std::io::{Error, ErrorKind, Result};

/// An answer, borrowed from what was read.
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a str,
    pub body: Cow<'a, [u8]>,
}

impl Answer<'_> {
    /// A header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The beginning of the body, for a report.
    pub fn excerpt(&self) -> String {
        let end = self.body.len().min(300);
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body[..end]))
    }
}

/// The answer, where the bytes hold all of it.
pub fn answer(bytes: &[u8]) -> Result<Option<Answer<'_>>> {
    let Some(end) = position(bytes, b"\r\n\r\n") else { return Ok(None) };
    let (head, rest) = bytes.split_at(end + 4);
    let head = std::str::from_utf8(head).map_err(|_| broken("head"))?;
    let status = status(head).ok_or_else(|| broken("status"))?;
    let body = match Shape::of(head, status) {
        Shape::Length(length) => rest.get(..length).map(Cow::Borrowed),
        Shape::Chunks => chunks(rest)?.map(Cow::Owned),
    };
    Ok(body.map(|body| Answer { status, head, body }))
}

/// Joins the chunks (RFC 9112, 7.1); none where the last is not there yet.
fn chunks(mut rest: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut joined = Vec::new();
    loop {
        let Some(line) = position(rest, b"\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(&rest[..line]).map_err(|_| broken("chunk"))?;
        let digits = text.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(digits, 16).map_err(|_| broken("chunk"))?;
        let Some(chunk) = rest.get(line + 2..line + 2 + size) else { return Ok(None) };
        let Some(after) = rest.get(line + 4 + size..) else { return Ok(None) };
        if size == 0 {
            return Ok(Some(joined));
        }
        joined.extend_from_slice(chunk);
        rest = after;
    }
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}

/// How long a body is.
enum Shape {
    Length(usize),
    Chunks,
}

impl Shape {
    fn of(head: &str, status: u16) -> Shape {
        if status == 204 || status == 304 {
            return Shape::Length(0);
        }
        if header(head, "transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            return Shape::Chunks;
        }
        let length = header(head, "content-length").and_then(|value| value.parse().ok());
        Shape::Length(length.unwrap_or(0))
    }
}

fn status(head: &str) -> Option<u16> {
    head.split(' ').nth(1)?.parse().ok()
}

pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn broken(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the {what} of the answer cannot be read"))
}
