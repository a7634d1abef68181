//! Load: so many connections, each of which sends its next request when it has its answer. What is
//! counted as done is what the server answered as wanted; everything else is named.

use super::answer::{Answer, answer};
use super::connection::{PATIENCE, closed};
use super::histogram::Histogram;
use futures_util::future::join_all;
use std::io::{self, Error, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How much load, and for how long.
#[derive(Clone, Copy)]
pub struct Load {
    pub address: SocketAddr,
    pub clients: usize,
    pub warm_up: Duration,
    pub time: Duration,
}

/// What came of it.
#[derive(Clone, Default)]
pub struct Measured {
    pub latencies: Histogram,
    pub seconds: f64,
    pub failures: u64,
    /// The first answer that was not as wanted.
    pub first_failure: Option<String>,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.latencies.count() as f64 / self.seconds } else { 0.0 }
    }

    fn add(&mut self, other: Measured) {
        self.latencies.add(&other.latencies);
        self.seconds = self.seconds.max(other.seconds);
        self.failures += other.failures;
        self.first_failure = self.first_failure.take().or(other.first_failure);
    }

    /// An error where anything was not as wanted: a figure with failures in it is none.
    pub fn clean(self) -> Result<Measured, String> {
        match &self.first_failure {
            Some(failure) => Err(format!("{} requests failed, first: {failure}", self.failures)),
            None if self.latencies.count() == 0 => Err("not one request was answered".into()),
            None => Ok(self),
        }
    }
}

impl Load {
    /// Runs the load, all clients on one thread: a thread for each would take the processor from
    /// the server that is measured. `make` gives the request of a client and its number; `wanted`
    /// judges answers.
    pub fn run(
        &self,
        make: impl Fn(usize, u64) -> Vec<u8>,
        wanted: impl Fn(&Answer) -> bool,
    ) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return failed(error.to_string()),
        };
        let clients = (0..self.clients).map(|client| self.client(client, &make, &wanted));
        let mut all = Measured::default();
        runtime.block_on(join_all(clients)).into_iter().for_each(|one| all.add(one));
        all
    }

    async fn client(
        &self,
        client: usize,
        make: &impl Fn(usize, u64) -> Vec<u8>,
        wanted: &impl Fn(&Answer) -> bool,
    ) -> Measured {
        let mut line = match Line::open(self.address).await {
            Ok(line) => line,
            Err(error) => return failed(error.to_string()),
        };
        let mut measured = Measured::default();
        let begin = Instant::now();
        let mut counted_from = None;
        for number in 0.. {
            let request = make(client, number);
            let sent = Instant::now();
            if sent - begin >= self.warm_up + self.time {
                break;
            }
            let failure = match line.send(&request).await {
                Ok(answer) if wanted(&answer) => None,
                Ok(answer) => Some(answer.excerpt()),
                Err(error) => Some(error.to_string()),
            };
            if let Some(failure) = failure {
                measured.failures += 1;
                measured.first_failure.get_or_insert(failure);
                break;
            }
            if sent - begin >= self.warm_up {
                counted_from.get_or_insert(sent);
                measured.latencies.record(sent.elapsed());
            }
        }
        measured.seconds = counted_from.map_or(0.0, |from| from.elapsed().as_secs_f64());
        measured
    }
}

/// A connection beside others on the same thread.
struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    async fn open(address: SocketAddr) -> io::Result<Line> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Line { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    async fn send(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        while answer(&self.buffer)?.is_none() {
            let read = timeout(PATIENCE, self.stream.read_buf(&mut self.buffer)).await;
            if read.map_err(|_| Error::from(ErrorKind::TimedOut))?? == 0 {
                return Err(closed());
            }
        }
        answer(&self.buffer)?.ok_or_else(closed)
    }
}

fn failed(why: String) -> Measured {
    Measured { failures: 1, first_failure: Some(why), ..Measured::default() }
}
