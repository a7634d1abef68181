//! PostgreSQL is stopped and started under load: requests are refused clearly and soon, nothing
//! acknowledged is lost, and the program finds its database again by itself.

use super::Tried;
use crate::arguments::Arguments;
use crate::crash::{judge_all, writer};
use crate::http::api::{Api, List};
use crate::support::postgres::no_postgres;
use crate::support::server::Server;
use crate::support::site::Site;
use std::time::{Duration, Instant};

const CLIENTS: usize = 4;
/// The longest that a request may take while there is no database.
const SOON: Duration = Duration::from_secs(10);

pub fn run(arguments: &Arguments) -> Result<Tried, String> {
    if let Some(why) = no_postgres() {
        return Ok(Tried::Skipped(why));
    }
    let site = Site::on("stopped", true)?;
    let mut server = site.serve()?;
    for round in 0..arguments.sized(2, 20) {
        let how = if round % 2 == 0 { "immediate" } else { "fast" };
        let (mut book, result) =
            writer::load_during(server.address, &site.agent, round, CLIENTS, || {
                one_stop(&site, &server, how)
            });
        result.map_err(|problem| format!("round {round} ({how}): {problem}"))?;
        judge_all(&site, &server, &book)?;
        writer::repeat_unknown(&mut site.api(&server)?, &mut book)?;
        judge_all(&site, &server, &book)?;
        let (yes, no) = (book.acknowledged(), book.refused());
        println!("  {how}: {yes} acknowledged, {no} refused, 0 lost");
    }
    site.program.verify(&site.place)?;
    if !server.is_running() {
        return Err(format!("the server ended\n{}", server.log()));
    }
    server.stop()?;
    Ok(Tried::Yes)
}

/// Load, stop, a look, start, load. The clients write all the while.
fn one_stop(site: &Site, server: &Server, how: &str) -> Result<(), String> {
    let cluster = site.cluster.as_ref().ok_or("this site has no cluster")?;
    let mut api = site.api(server)?;
    std::thread::sleep(Duration::from_millis(500));
    cluster.stop(how)?;
    let refused = is_refused_soon(&mut api);
    cluster.resume()?;
    refused?;
    is_found_again(&mut api)?;
    std::thread::sleep(Duration::from_millis(500));
    Ok(())
}

fn is_refused_soon(api: &mut Api) -> Result<(), String> {
    let begin = Instant::now();
    let reply = api.send("GET", &List::of("incident").path(), &[], None)?;
    let seconds = begin.elapsed().as_secs_f64();
    if reply.status != 503 {
        return Err(format!("without a database the answer is {}, not 503", reply.status));
    }
    if begin.elapsed() > SOON {
        return Err(format!("the refusal took {seconds:.1} s"));
    }
    Ok(())
}

fn is_found_again(api: &mut Api) -> Result<(), String> {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(30) {
        let reply = api.send("GET", &List::of("incident").path(), &[], None);
        if reply.is_ok_and(|reply| reply.status == 200) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err("30 s after its start the database was not found again".into())
}
