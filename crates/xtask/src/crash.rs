//! `cargo xtask crash`: the server is killed under write load, again and again. Each client keeps
//! its own book of what was acknowledged; after each restart the book is held against the records.
//! Finally a fault is planted, and the rig must find it: a rig that never failed proves nothing.
//!
//! A killed process keeps what the kernel has in its cache, so this shows that nothing is
//! acknowledged before it is written, not that it has reached the disk.

pub mod book;
mod control;
pub mod look;
pub mod writer;

use crate::Done;
use crate::arguments::Arguments;
use crate::random::Random;
use crate::support::server::Server;
use crate::support::site::Site;
use crate::timers;
use book::Book;
use std::time::Duration;

const CLIENTS: usize = 8;
/// The whole ledger is verified in each of the first rounds, then in each tenth: it grows.
const VERIFIED_ROUNDS: usize = 20;
/// Timers are looked at after so many rounds: nobody waits for them in between, so that kills meet
/// them at work, and what a killed process had claimed is waited for seldom.
const TIMED_EACH: usize = 50;

pub fn run(arguments: &Arguments) -> Done {
    let rounds = arguments.number("--rounds", arguments.sized(100, 1_000))?;
    let seed = arguments.number("--seed", 1)?;
    println!("{rounds} rounds, seed {seed}");
    let site = Site::new("crash", arguments)?;
    let overlay = site.folder.path().join("expire.toml");
    std::fs::write(&overlay, timers::OVERLAY).map_err(|error| error.to_string())?;
    site.program.apply(&site.place, &overlay)?;
    let mut random = Random::new(seed);
    let mut totals = Totals::default();
    for round in 0..rounds {
        let last = round + 1 == rounds;
        let outcome = one_round(&site, round, last, &mut random, &mut totals);
        outcome.map_err(|problem| format!("round {round}, seed {seed}: {problem}"))?;
    }
    site.program.verify(&site.place)?;
    println!("{}", totals.line(rounds));
    control::a_planted_loss_is_found(&site)
}

#[derive(Default)]
struct Totals {
    acknowledged: usize,
    refused: usize,
    unknown: usize,
    kept: usize,
    slowest_start: Duration,
    /// Records whose timers have not been looked at yet.
    timed: Vec<String>,
}

impl Totals {
    fn line(&self, rounds: usize) -> String {
        format!(
            "{rounds} kills: {} acknowledged, 0 lost, 0 doubled; {} refused; {} unknown, of which \
             {} were kept; slowest restart {:.2} s",
            self.acknowledged,
            self.refused,
            self.unknown,
            self.kept,
            self.slowest_start.as_secs_f64()
        )
    }
}

/// Load, kill, restart, look, repeat what is unknown, look again.
fn one_round(
    site: &Site,
    round: usize,
    last: bool,
    random: &mut Random,
    totals: &mut Totals,
) -> Done {
    let server = site.serve()?;
    let time = Duration::from_millis(random.between(50, 500) as u64);
    let mut book = writer::load_and_kill(server, &site.agent, round, CLIENTS, time);
    let server = site.serve()?;
    totals.slowest_start = totals.slowest_start.max(server.started_in);
    let seen = look::at_records(&mut site.api(&server)?, &book)?;
    book.judge(&seen)?;
    totals.kept += book.unknown_kept(&seen);
    totals.unknown += book.unknown();
    writer::repeat_unknown(&mut site.api(&server)?, &mut book)?;
    book.judge(&look::at_records(&mut site.api(&server)?, &book)?)?;
    totals.acknowledged += book.acknowledged();
    totals.refused += book.refused();
    totals.timed.extend(book.records());
    if round < VERIFIED_ROUNDS || round % 10 == 9 {
        site.program.verify(&site.place)?;
    }
    if round % TIMED_EACH == TIMED_EACH - 1 || last {
        look::at_timers(&mut site.api(&server)?, &totals.timed)?;
        totals.timed.clear();
    }
    end(server, random)
}

/// Half of the servers end politely, half are killed while idle.
fn end(server: Server, random: &mut Random) -> Done {
    if random.chance(1, 2) {
        return server.stop();
    }
    server.kill();
    Ok(())
}

/// How a book of this round names its writes.
pub fn marker(round: usize, client: usize, number: usize) -> String {
    format!("crash-r{round}-c{client}-n{number}-")
}

/// For other rigs: judges what a load left behind.
pub fn judge_all(site: &Site, server: &Server, book: &Book) -> Done {
    book.judge(&look::at_records(&mut site.api(server)?, book)?)
}
