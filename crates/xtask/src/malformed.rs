//! `cargo xtask malformed`: requests that are wrong in every way a byte can be wrong. The answer
//! may be any refusal or a closed connection; never a fault, a crash, or memory that does not come
//! back.

mod grammar;
mod mutate;
mod send;

use crate::Done;
use crate::arguments::Arguments;
use crate::http::api::List;
use crate::people::add_teams;
use crate::random::Random;
use crate::support::server::Server;
use crate::support::site::Site;
use send::{Answered, Sender};
use std::collections::BTreeMap;

/// The requests come in so many parts, after each of which the memory is looked at.
const PARTS: usize = 10;
/// The first of them fill caches that have a bound: statements, pages of the database, actors.
const WARM: usize = PARTS / 5;
/// A rig looks at so many parts at a time. Where memory grew within them the requests go on, for so
/// many further times as many: what is being filled becomes full and what is lost never does.
const WINDOW: usize = PARTS - WARM;
const FURTHER: usize = 4;
/// Memory may grow by so much from the first half of a window to the second, in percent of what it
/// was at first, so that what is lost shows as well when much has been lost before. Of each half
/// the least counts: what is held for a while, such as thirty slow connections or a large answer,
/// goes up and comes down again; what is lost never comes down.
const GROWTH_PERCENT: u64 = 10;
/// The allocator keeps pages that are free for a second where nothing else is said, more of them
/// the busier the machine is: between 71 and 95 MB by turns over 300,000 requests, without a
/// trend. Told to give them back at once, resident is what is held.
const NO_DELAY: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "0");
/// Requests that stop in the middle and wait: each takes a connection of the server for a while.
const SLOW: usize = 30;

/// How often each kind of answer came.
type Tally = BTreeMap<String, usize>;

pub fn run(arguments: &Arguments) -> Done {
    let count = arguments.number("--count", arguments.sized(10_000, 100_000))?;
    let seed = arguments.number("--seed", 1)?;
    println!("{count} requests, seed {seed}");
    let mut site = Site::new("malformed", arguments)?;
    let (name, value) = NO_DELAY;
    site.program.environment.push((name, value.into()));
    let mut server = site.serve()?;
    add_teams(&mut site.admin_api(&server)?)?;
    let mut random = Random::new(seed);
    let valid = mutate::valid_requests(&site.agent);
    let mut tally = Tally::new();
    let mut resident = Vec::new();
    let mut slow = Vec::new();
    for part in 0..PARTS + FURTHER * WINDOW {
        if part == 1 {
            slow = send::hold_open(server.address, &valid, SLOW)?;
        }
        if looked_at(part) && growth(&resident).is_none() {
            break;
        }
        send_many(&server, &valid, &mut random, count / PARTS, &mut tally)?;
        resident.push(server.memory().resident);
    }
    drop(slow);
    is_well(&site, &mut server)?;
    println!("answers: {tally:?}; resident, in kB: {resident:?}");
    if let Some((first, second)) = growth(&resident) {
        return Err(format!("memory grew from {first} to {second} kB, and went on growing"));
    }
    server.stop()
}

fn send_many(
    server: &Server,
    valid: &[Vec<u8>],
    random: &mut Random,
    count: usize,
    tally: &mut Tally,
) -> Done {
    let mut sender = Sender::new(server.address);
    for _ in 0..count {
        let request = match random.below(3) {
            0 => grammar::request(random),
            _ => mutate::mutated(valid, random),
        };
        let answered = sender.send(&request)?;
        if let Answered::Status(status) = answered
            && status >= 500
            && status != 503
            && status != 507
        {
            let text = String::from_utf8_lossy(&request).into_owned();
            return Err(format!("answered {status}:\n{}\n{}", excerpt(&text), server.log()));
        }
        *tally.entry(answered.name()).or_default() += 1;
    }
    Ok(())
}

/// Whether a window is complete when so many parts were sent.
fn looked_at(parts: usize) -> bool {
    parts > WARM && (parts - WARM).is_multiple_of(WINDOW)
}

/// The least of each half of the last window, in kB, where the second is too much.
fn growth(resident: &[u64]) -> Option<(u64, u64)> {
    let least = |half: &[u64]| half.iter().copied().min().unwrap_or_default();
    let at_first = least(&resident[WARM..][..WINDOW / 2]);
    let (first, second) = resident[resident.len() - WINDOW..].split_at(WINDOW / 2);
    let (first, second) = (least(first), least(second));
    (second > first + at_first * GROWTH_PERCENT / 100).then_some((first, second))
}

fn excerpt(text: &str) -> String {
    text.chars().take(2_000).collect()
}

/// The server still works, as the same process, and nothing panicked.
fn is_well(site: &Site, server: &mut Server) -> Done {
    if !server.is_running() {
        return Err(format!("the server ended\n{}", server.log()));
    }
    if server.log().contains("panicked") {
        return Err(format!("something panicked\n{}", server.log()));
    }
    site.api(server)?.get(&List::of("incident").sort("-number").path())?;
    site.program.verify(&site.place)
}

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn growth_is_told_from_warming_up() {
        let warmed = [50, 60, 65, 68, 70, 70, 71, 70, 71, 72];
        let by_turns = [50, 70, 64, 80, 66, 79, 65, 92, 70, 88];
        let leaked = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95];
        let leaked_slowly = [60, 65, 66, 67, 69, 71, 73, 75, 77, 79];
        assert!(growth(&warmed).is_none() && growth(&by_turns).is_none());
        assert!(growth(&leaked).is_some() && growth(&leaked_slowly).is_some());
    }

    #[test]
    fn what_goes_on_growing_shows_after_any_time_and_what_was_filled_does_not() {
        let leaked: Vec<u64> = (0..34).map(|part| 60 + 2 * part).collect();
        let filled: Vec<u64> = (0..34).map(|part| 60 + 2 * part.min(12)).collect();
        for parts in [10, 18, 26, 34] {
            assert!(growth(&leaked[..parts]).is_some());
        }
        assert!(growth(&filled[..10]).is_some() && growth(&filled[..26]).is_none());
    }
}
