//! Two processes on one PostgreSQL: each timer takes effect once, though both look for it and one
//! of them is killed or sleeps in the middle of its work.

use super::Tried;
use crate::arguments::Arguments;
use crate::crash::book::Book;
use crate::crash::look::at_timers;
use crate::crash::writer;
use crate::http::api::Api;
use crate::support::postgres::no_postgres;
use crate::support::process::signal;
use crate::support::server::Server;
use crate::support::site::Site;
use crate::timers;
use std::time::Duration;

/// Longer than a process holds the sealing or a job without renewing it, which is 10 s.
const SLEEP: Duration = Duration::from_secs(12);

pub fn run(arguments: &Arguments) -> Result<Tried, String> {
    if let Some(why) = no_postgres() {
        return Ok(Tried::Skipped(why));
    }
    let site = Site::on("two", true)?;
    let overlay = site.folder.path().join("expire.toml");
    std::fs::write(&overlay, timers::OVERLAY).map_err(|error| error.to_string())?;
    site.program.apply(&site.place, &overlay)?;
    let mut first = site.serve()?;
    for round in 0..arguments.sized(3, 30) {
        let second = Server::start(&site.program, &site.beside()?, &[])?;
        let time = Duration::from_secs(2);
        let (book, slept) = writer::load_during(first.address, &site.agent, round, 2, || {
            std::thread::sleep(time);
            // The first sleeps while its leases run out, and wakes up believing that it holds them.
            signal(first.id(), "STOP")?;
            std::thread::sleep(SLEEP);
            signal(first.id(), "CONT")
        });
        slept?;
        if round % 2 == 0 {
            second.kill()
        } else {
            second.stop()?
        }
        each_timer_took_effect_once(&mut site.api(&first)?, &book)?;
    }
    if !first.is_running() {
        return Err(format!("the server ended\n{}", first.log()));
    }
    first.stop()?;
    site.program.verify(&site.place)?;
    Ok(Tried::Yes)
}

fn each_timer_took_effect_once(api: &mut Api, book: &Book) -> Result<(), String> {
    let records: Vec<String> = book.records().collect();
    at_timers(api, &records)?;
    println!("  {} timers, each once", records.len());
    Ok(())
}
