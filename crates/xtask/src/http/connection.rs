//! One connection that is kept open: bytes out, an answer in. It reads what servers send today
//! (length or chunks); it is not a general client.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Connection {
    stream: TcpStream,
    /// What was read and not yet used up.
    buffer: Vec<u8>,
    /// The last body, where it came in chunks.
    joined: Vec<u8>,
}

/// An answer, borrowed from its connection until the next request.
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a str,
    pub body: &'a [u8],
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

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let (buffer, joined) = (Vec::with_capacity(16 * 1024), Vec::new());
        Ok(Connection { stream, buffer, joined })
    }

    /// Sends a request and waits for its answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.buffer.clear();
        self.stream.write_all(request)?;
        let head = self.head()?;
        let text = std::str::from_utf8(&self.buffer[..head]).map_err(|_| broken("head"))?;
        let status = status(text).ok_or_else(|| broken("status"))?;
        let shape = Shape::of(text, status);
        let length = match shape {
            Shape::Length(length) => {
                self.fill(head + length)?;
                Some(length)
            }
            Shape::Chunks => {
                self.chunks(head)?;
                None
            }
        };
        let head_text = std::str::from_utf8(&self.buffer[..head]).unwrap_or_default();
        let body = match length {
            Some(length) => &self.buffer[head..head + length],
            None => self.joined.as_slice(),
        };
        Ok(Answer { status, head: head_text, body })
    }

    /// Reads until the head is whole; its length with the empty line.
    fn head(&mut self) -> Result<usize> {
        let mut from = 0;
        loop {
            if let Some(at) = self.buffer[from..].windows(4).position(|part| part == b"\r\n\r\n") {
                return Ok(from + at + 4);
            }
            from = self.buffer.len().saturating_sub(3);
            self.read()?;
        }
    }

    /// Reads until the buffer holds so many bytes.
    fn fill(&mut self, length: usize) -> Result<()> {
        while self.buffer.len() < length {
            self.read()?;
        }
        Ok(())
    }

    fn read(&mut self) -> Result<()> {
        let mut part = [0; 16 * 1024];
        let count = self.stream.read(&mut part)?;
        if count == 0 {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        self.buffer.extend_from_slice(&part[..count]);
        Ok(())
    }

    /// Joins the chunks that begin at `at` (RFC 9112, 7.1).
    fn chunks(&mut self, mut at: usize) -> Result<()> {
        self.joined.clear();
        loop {
            let line = self.line_end(at)?;
            let text = std::str::from_utf8(&self.buffer[at..line]).map_err(|_| broken("chunk"))?;
            let digits = text.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16).map_err(|_| broken("chunk"))?;
            let begin = line + 2;
            self.fill(begin + size + 2)?;
            self.joined.extend_from_slice(&self.buffer[begin..begin + size]);
            at = begin + size + 2;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn line_end(&mut self, from: usize) -> Result<usize> {
        loop {
            if let Some(at) = self.buffer[from..].windows(2).position(|part| part == b"\r\n") {
                return Ok(from + at);
            }
            self.read()?;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::Connection;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// A server that answers each read with the next of its answers, in two parts.
    fn server(answers: &'static [&'static str]) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in answers {
                let _ = stream.read(&mut [0; 1024]).unwrap();
                let (first, second) = answer.split_at(answer.len() / 2);
                stream.write_all(first.as_bytes()).unwrap();
                stream.flush().unwrap();
                stream.write_all(second.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn answers_are_read_by_length_and_in_chunks() {
        let address = server(&[
            "HTTP/1.1 201 Created\r\nETag: \"7\"\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
             3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
        ]);
        let mut connection = Connection::open(address).unwrap();
        let answer = connection.send(b"x").unwrap();
        assert_eq!((answer.status, answer.body), (201, b"hello".as_slice()));
        assert_eq!(answer.header("etag"), Some("\"7\""));
        assert_eq!(connection.send(b"x").unwrap().body, b"abcde");
        assert_eq!(connection.send(b"x").unwrap().status, 204);
        assert!(connection.send(b"x").is_err());
    }
}
