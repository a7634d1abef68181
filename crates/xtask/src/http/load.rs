//! Load: so many connections, each of which sends its next request when it has its answer. What is
//! counted as done is what the server answered as wanted; everything else is named.

use super::connection::{Answer, Connection};
use super::histogram::Histogram;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

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
    /// Runs the load. `make` gives the request of a client and its number; `wanted` judges answers.
    pub fn run(
        &self,
        make: impl Fn(usize, u64) -> Vec<u8> + Sync,
        wanted: impl Fn(&Answer) -> bool + Sync,
    ) -> Measured {
        let (make, wanted) = (&make, &wanted);
        std::thread::scope(|scope| {
            let work = |client| move || self.client(client, make, wanted);
            let threads: Vec<_> =
                (0..self.clients).map(|client| scope.spawn(work(client))).collect();
            let mut all = Measured::default();
            for thread in threads {
                all.add(thread.join().unwrap_or_else(|_| failed("a client panicked".into())));
            }
            all
        })
    }

    fn client(
        &self,
        client: usize,
        make: &(impl Fn(usize, u64) -> Vec<u8> + Sync),
        wanted: &(impl Fn(&Answer) -> bool + Sync),
    ) -> Measured {
        let mut connection = match Connection::open(self.address) {
            Ok(connection) => connection,
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
            let failure = match connection.send(&request) {
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

fn failed(why: String) -> Measured {
    Measured { failures: 1, first_failure: Some(why), ..Measured::default() }
}
