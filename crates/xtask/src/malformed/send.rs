//! Sends bytes that need not be a request, and reads no more than the status. A server may answer,
//! close, or wait for more; waiting is ended from this side.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// So long an answer is waited for before the writing side is closed: a whole request is answered
/// by then, half of one waits for the rest. Closed at once, the server might stop working on it.
const PAUSE: Duration = Duration::from_millis(5);
/// So long is waited after that.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, PartialEq)]
pub enum Answered {
    Status(u16),
    /// The connection was closed without an answer.
    Closed,
    /// Nothing came in time.
    Silent,
}

impl Answered {
    pub fn name(&self) -> String {
        match self {
            Answered::Status(status) => status.to_string(),
            Answered::Closed => "closed".into(),
            Answered::Silent => "silent".into(),
        }
    }
}

pub struct Sender {
    address: SocketAddr,
}

impl Sender {
    pub fn new(address: SocketAddr) -> Sender {
        Sender { address }
    }

    /// Sends on a connection of its own. An error means that the server takes no connections.
    pub fn send(&mut self, bytes: &[u8]) -> Result<Answered, String> {
        let mut stream = connect(self.address)?;
        // The server may close in the middle of a long request: its answer may still be read.
        let _ = stream.write_all(bytes);
        waited(&stream, PAUSE)?;
        let answered = status(&mut stream);
        if answered != Answered::Silent {
            return Ok(answered);
        }
        let _ = stream.shutdown(Shutdown::Write);
        waited(&stream, PATIENCE)?;
        Ok(status(&mut stream))
    }
}

fn connect(address: SocketAddr) -> Result<TcpStream, String> {
    let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5));
    let stream = stream.map_err(|error| format!("the server takes no connection: {error}"))?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    Ok(stream)
}

fn waited(stream: &TcpStream, time: Duration) -> Result<(), String> {
    stream.set_read_timeout(Some(time)).map_err(|error| error.to_string())
}

fn status(stream: &mut TcpStream) -> Answered {
    let mut start = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return parsed(&start).map_or(Answered::Closed, Answered::Status),
            Ok(count) => start.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                let status = parsed(&start).filter(|status| *status >= 200);
                return status.map_or(Answered::Silent, Answered::Status);
            }
            Err(_) => return parsed(&start).map_or(Answered::Closed, Answered::Status),
        }
        // `100 Continue` is not yet the answer.
        if let Some(status) = parsed(&start).filter(|status| *status >= 200) {
            return Answered::Status(status);
        }
    }
}

/// The last status in what came so far.
fn parsed(bytes: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rfind(|line| line.starts_with("HTTP/1."))?;
    line.split(' ').nth(1)?.get(..3)?.parse().ok()
}

/// Connections that have sent half of a request and wait; others must be served beside them.
pub fn hold_open(
    address: SocketAddr,
    valid: &[Vec<u8>],
    count: usize,
) -> Result<Vec<TcpStream>, String> {
    let mut held = Vec::new();
    for index in 0..count {
        let mut stream = connect(address)?;
        let request = &valid[index % valid.len()];
        let _ = stream.write_all(&request[..request.len() / 2]);
        held.push(stream);
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::{Answered, Sender, parsed};
    use std::io::Write;
    use std::net::TcpListener;

    #[test]
    fn the_status_is_read_and_a_close_is_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad\r\n\r\n").unwrap();
            drop(stream);
            drop(listener.accept().unwrap());
        });
        let mut sender = Sender::new(address);
        assert_eq!(sender.send(b"").unwrap(), Answered::Status(400));
        assert_eq!(sender.send(b"").unwrap(), Answered::Closed);
        server.join().unwrap();
        assert!(sender.send(b"x").is_err());
        assert_eq!(parsed(b"HTTP/1.1 20"), None);
    }
}
