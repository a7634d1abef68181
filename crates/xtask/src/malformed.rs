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
/// Memory may grow by so much, in percent, once the first half has warmed everything up: what is
/// lost with each request shows however small it is, since the second half is as long.
const GROWTH_PERCENT: u64 = 10;
/// Requests that stop in the middle and wait: each takes a connection of the server for a while.
const SLOW: usize = 30;

/// How often each kind of answer came.
type Tally = BTreeMap<String, usize>;

pub fn run(arguments: &Arguments) -> Done {
    let count = arguments.number("--count", arguments.sized(10_000, 100_000))?;
    let seed = arguments.number("--seed", 1)?;
    println!("{count} requests, seed {seed}");
    let site = Site::new("malformed", arguments)?;
    let mut server = site.serve()?;
    add_teams(&mut site.admin_api(&server)?)?;
    let mut random = Random::new(seed);
    let valid = mutate::valid_requests(&site.agent);
    let mut tally = Tally::new();
    let mut resident = Vec::new();
    let mut slow = Vec::new();
    for part in 0..PARTS {
        if part == 1 {
            slow = send::hold_open(server.address, &valid, SLOW)?;
        }
        send_many(&server, &valid, &mut random, count / PARTS, &mut tally)?;
        resident.push(server.memory().resident);
    }
    drop(slow);
    is_well(&site, &mut server)?;
    println!("answers: {tally:?}; resident, in kB: {resident:?}");
    does_not_grow(&resident)?;
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

fn does_not_grow(resident: &[u64]) -> Done {
    let (warm, end) = (resident[PARTS / 2 - 1], resident[PARTS - 1]);
    if end * 100 > warm * (100 + GROWTH_PERCENT) {
        return Err(format!("memory grew from {warm} to {end} kB"));
    }
    Ok(())
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
    use super::does_not_grow;

    #[test]
    fn growth_is_told_from_warming_up() {
        let warmed = [50, 60, 65, 68, 70, 70, 71, 70, 71, 72];
        let leaked = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95];
        assert!(does_not_grow(&warmed).is_ok());
        assert!(does_not_grow(&leaked).is_err());
    }
}
