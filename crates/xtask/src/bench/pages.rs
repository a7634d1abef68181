//! Pages at a full database as a browser fetches them, one client, warm: how long the server takes
//! to answer, and what it costs the server's processor.

use super::Bench;
use super::figures::Figure;
use super::reads::{queue_condition, sqlite};
use super::words::{COMMON, RARE};
use crate::Done;
use crate::http::answer::Answer;
use crate::http::api::List;
use crate::http::connection::Connection;
use crate::http::load::Load;
use crate::http::request::{quoted, request};
use crate::people::{AGENT, PASSWORD, TEAMS};
use crate::support::process;
use crate::support::server::Server;
use crate::support::site::Site;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;

/// The history of the record that is measured.
const ENTRIES: usize = 50;

/// A page, the goals of its time and of its cost in milliseconds, and where it is found.
struct Page {
    what: &'static str,
    time: f64,
    processor: f64,
    paths: Vec<String>,
}

pub fn measure(bench: &mut Bench, site: &Site, server: &Server) -> Done {
    join_a_team(site, server)?;
    let record = record(site, server)?;
    let lists = (0..TEAMS)
        .map(|team| format!("/incident?where={}&sort=priority", quoted(&queue_condition(team))));
    let search = format!("/search?q={}", quoted(&format!("{COMMON} {RARE}")));
    let pages = [
        Page { what: "list", time: 5.0, processor: 2.0, paths: lists.collect() },
        Page {
            what: "record with 50 entries",
            time: 4.0,
            processor: 1.5,
            paths: vec![format!("/incident/{record}")],
        },
        Page { what: "home", time: 5.0, processor: 2.0, paths: vec!["/".into()] },
        Page { what: "search", time: 12.0, processor: 3.0, paths: vec![search] },
    ];
    let session = session(server.address)?;
    for page in pages {
        one(bench, site, server, &session, &page)?;
    }
    Ok(())
}

fn one(bench: &mut Bench, site: &Site, server: &Server, session: &str, page: &Page) -> Done {
    let make = |_: usize, number: u64| {
        let path = &page.paths[number as usize % page.paths.len()];
        request("GET", path, &[("Cookie", session)], b"")
    };
    let is_page = |answer: &Answer| answer.status == 200 && answer.body.len() > 5_000;
    let time = Duration::from_secs(bench.arguments.sized(1, 10));
    let load = Load { address: server.address, clients: 1, warm_up: Duration::ZERO, time };
    load.run(make, is_page).clean()?;
    let before = process::processor(server.id()).ok_or("the server's times are not told")?;
    let measured = load.run(make, is_page).clean()?;
    let after = process::processor(server.id()).ok_or("the server's times are not told")?;
    let answers = measured.latencies.count() as f64;
    let cost = (after - before).as_secs_f64() * 1000.0 / answers;
    let (p50, p99) = (measured.latencies.percentile(50.0), measured.latencies.percentile(99.0));
    let what = format!("page: {}", page.what);
    let goal = format!("p50 ≤ {} ms, processor ≤ {} ms", page.time, page.processor);
    let said = format!("p50 {p50:.2} ms, p99 {p99:.2} ms, processor {cost:.2} ms");
    let reached = p50 <= page.time && cost <= page.processor;
    bench.add(Figure::new(&what, &goal, said, sqlite(site, reached)));
    Ok(())
}

/// Who measures belongs to the team that has half of all: its home has something to tell.
fn join_a_team(site: &Site, server: &Server) -> Done {
    let mut api = site.admin_api(server)?;
    let mut first = |kind: &str, condition: &str| {
        let found = api.get(&List::of(kind).when(condition).limit(1).path())?;
        let id = found["records"][0]["id"].as_str().map(str::to_string);
        id.ok_or_else(|| format!("no {kind} where {condition}"))
    };
    let person = first("person", &format!("name == '{AGENT}'"))?;
    let team = first("team", &format!("name == '{}'", crate::people::team_name(0)))?;
    let path = format!("/api/v1/person/{person}/link/teams");
    let reply = api.send("POST", &path, &[], Some(&json!({ "to": team })))?;
    match reply.status {
        200 | 201 => Ok(()),
        status => Err(format!("{path}: {status} {}", reply.body)),
    }
}

/// The number of a new incident with so many entries.
fn record(site: &Site, server: &Server) -> Result<String, String> {
    let mut api = site.api(server)?;
    let made = api.create("incident", &json!({ "summary": "The network of floor 3 is slow" }))?;
    let number = made["number"].as_str().ok_or("a new incident has no number")?.to_string();
    let path = format!("/api/v1/incident/{number}/comments");
    for told in 1..ENTRIES {
        let text = format!("Looked at it again, the **{told}**th time.");
        let reply = api.send("POST", &path, &[], Some(&json!({ "text": text })))?;
        if reply.status != 201 {
            return Err(format!("{path}: {} {}", reply.status, reply.body));
        }
    }
    Ok(number)
}

/// The cookie of a browser that is signed in.
fn session(address: SocketAddr) -> Result<String, String> {
    let form = format!("login={}&password={}", quoted(AGENT), quoted(PASSWORD));
    let headers =
        [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let sent = request("POST", "/login", &headers, form.as_bytes());
    let mut connection = Connection::open(address).map_err(|error| error.to_string())?;
    let answer = connection.send(&sent).map_err(|error| error.to_string())?;
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let mut cookies = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let session = cookies.find_map(|(_, cookie)| {
        cookie.split(';').next().filter(|pair| pair.starts_with("evenkeel="))
    });
    let session = session.map(str::to_string);
    session.ok_or_else(|| format!("nobody is signed in: {}", answer.excerpt()))
}
