//! One connection that is kept open: bytes out, an answer in, waiting for each. It reads what
//! servers send today (length or chunks); it is not a general client.

use super::answer::{Answer, answer};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The longest wait for an answer.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Connection {
    stream: TcpStream,
    /// What was read of the last answer.
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Connection { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and waits for its answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.buffer.clear();
        self.stream.write_all(request)?;
        let mut part = [0; 16 * 1024];
        while answer(&self.buffer)?.is_none() {
            let count = self.stream.read(&mut part)?;
            if count == 0 {
                return Err(closed());
            }
            self.buffer.extend_from_slice(&part[..count]);
        }
        answer(&self.buffer)?.ok_or_else(closed)
    }
}

pub fn closed() -> Error {
    Error::new(ErrorKind::UnexpectedEof, "the server closed the connection")
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
        assert_eq!((answer.status, answer.body.as_ref()), (201, b"hello".as_slice()));
        assert_eq!(answer.header("etag"), Some("\"7\""));
        assert_eq!(connection.send(b"x").unwrap().body.as_ref(), b"abcde");
        assert_eq!(connection.send(b"x").unwrap().status, 204);
        assert!(connection.send(b"x").is_err());
    }
}
