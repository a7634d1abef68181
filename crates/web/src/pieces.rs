//! An answer written piece by piece by the thread that makes it, while the runtime sends it. The
//! head leaves with the first piece: until then, a problem is still answered as such.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::poll_fn;
use std::io::{self, Write};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

/// Where a handler writes to.
pub struct Pieces {
    runtime: Handle,
    head: Option<Head>,
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
    patience: Duration,
}

/// What has not been sent yet.
struct Head {
    reply: oneshot::Sender<Response>,
    response: Response,
    pieces: mpsc::Receiver<io::Result<Bytes>>,
}

const PIECE: usize = 64 * 1024;

impl Pieces {
    /// To be made on a blocking thread of the runtime. A client that takes nothing for as long as
    /// `patience` is given up.
    pub fn new(reply: oneshot::Sender<Response>, response: Response, patience: Duration) -> Pieces {
        let (sender, pieces) = mpsc::channel(2);
        let head = Some(Head { reply, response, pieces });
        let buffer = Vec::with_capacity(PIECE);
        Pieces { runtime: Handle::current(), head, sender, buffer, patience }
    }

    /// Sends what is left. Where making the answer failed before anything was sent, gives back the
    /// place for another answer; after it, breaks the connection off.
    pub fn end(mut self, whole: bool) -> Option<oneshot::Sender<Response>> {
        if whole {
            // A client that has left does not hear the end either.
            let _ = self.send();
            return None;
        }
        match self.head.take() {
            Some(head) => Some(head.reply),
            None => {
                let broken = Err(io::Error::other("the answer was broken off"));
                let _ = self.runtime.block_on(self.sender.send(broken));
                None
            }
        }
    }

    fn send(&mut self) -> io::Result<()> {
        if let Some(head) = self.head.take() {
            let Head { reply, response, mut pieces } = head;
            let body = Body::from_stream(poll_fn(move |context| pieces.poll_recv(context)));
            let (parts, _) = response.into_parts();
            let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
            reply.send(Response::from_parts(parts, body)).map_err(gone)?;
        }
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE)));
        let sent = self.sender.send_timeout(Ok(piece), self.patience);
        self.runtime.block_on(sent).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Pieces leave when they are full; a flush would only make them small.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
