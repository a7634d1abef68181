//! Reads at a full database, one client, warm: the list of a queue, its ten-thousandth page, the
//! search of two words, one record.

use super::Bench;
use super::figures::Figure;
use super::words::{COMMON, RARE};
use crate::Done;
use crate::arguments::Arguments;
use crate::http::api::List;
use crate::http::histogram::Histogram;
use crate::http::load::Load;
use crate::http::request::authorized;
use crate::people::{TEAMS, team_name};
use crate::random::Random;
use crate::support::server::Server;
use crate::support::site::Site;
use std::time::Duration;

/// The page that is asked for by cursor, in pages of 50.
const PAGE: usize = 10_000;
const COLUMNS: &str = "number,summary,priority,state,assigned_team,opened_at";

/// The open incidents of a team.
pub fn queue_condition(team: usize) -> String {
    in_states(team, "'new', 'active', 'awaiting_user'")
}

/// That list without regard to the state, of the team that has half of all: it alone has as many
/// pages.
fn whole_team() -> List {
    urgent(&in_states(0, "'new', 'active', 'awaiting_user', 'resolved', 'closed', 'cancelled'"))
}

fn in_states(team: usize, states: &str) -> String {
    format!("assigned_team == '{}' and state in [{states}]", team_name(team))
}

/// The most urgent first.
fn urgent(condition: &str) -> List {
    List::of("incident").when(condition).sort("priority").columns(COLUMNS)
}

pub fn measure(bench: &mut Bench, site: &Site, server: &Server, tenth: f64) -> Done {
    let lists = list(site, server, bench.arguments)?;
    let (p50, p99) = (lists.percentile(50.0), lists.percentile(99.0));
    let what = "list of 50, team and state, by priority";
    let reached = p50 <= 3.0 && p99 <= 10.0;
    bench.add(Figure::new(what, "p50 ≤ 3 ms, p99 ≤ 10 ms", both(&lists), sqlite(site, reached)));
    let ratio = p50 / tenth.max(0.001);
    let measured = format!("{ratio:.2} times ({tenth:.2} ms)");
    let what = "the same against a tenth of the records";
    bench.add(Figure::new(what, "≤ 1.3 times", measured, sqlite(site, ratio <= 1.3)));
    far_page(bench, site, server)?;
    search(bench, site, server)?;
    one_record(bench, site, server)
}

/// A goal that is SQLite's; PostgreSQL is reported.
pub fn sqlite(site: &Site, reached: bool) -> Option<bool> {
    site.cluster.is_none().then_some(reached)
}

fn both(latencies: &Histogram) -> String {
    let (p50, p99) = (latencies.percentile(50.0), latencies.percentile(99.0));
    format!("p50 {p50:.2} ms, p99 {p99:.2} ms")
}

/// The queues of all teams in turn.
pub fn list(site: &Site, server: &Server, arguments: &Arguments) -> Result<Histogram, String> {
    let paths: Vec<String> = (0..TEAMS).map(|team| urgent(&queue_condition(team)).path()).collect();
    latencies(site, server, arguments, &paths)
}

/// One client asks for the paths in turn.
fn latencies(
    site: &Site,
    server: &Server,
    arguments: &Arguments,
    paths: &[String],
) -> Result<Histogram, String> {
    let load = Load {
        address: server.address,
        clients: 1,
        warm_up: Duration::from_secs(1),
        time: Duration::from_secs(arguments.sized(1, 10)),
    };
    let make = |_: usize, number: u64| {
        let path = &paths[number as usize % paths.len()];
        authorized("GET", path, &site.agent, &[], b"")
    };
    Ok(load.run(make, |answer| answer.status == 200).clean()?.latencies)
}

/// Goes to the page by its cursors, in the largest steps, then measures it and the first.
fn far_page(bench: &mut Bench, site: &Site, server: &Server) -> Done {
    const STEP: usize = 200;
    let mut api = site.api(server)?;
    let mut page = whole_team().limit(STEP);
    let mut passed = 0;
    while passed < (PAGE - 1) * 50 {
        let answer = api.get(&page.path())?;
        passed += answer["records"].as_array().map_or(0, Vec::len);
        match answer["next"].as_str() {
            Some(cursor) => page.cursor = Some(cursor.to_string()),
            None => break,
        }
    }
    let arguments = bench.arguments;
    let first = latencies(site, server, arguments, &[whole_team().path()])?;
    let far = latencies(site, server, arguments, &[page.limit(50).path()])?;
    let ratio = far.percentile(50.0) / first.percentile(50.0).max(0.001);
    let what = format!("page {} of a list by cursor", passed / 50 + 1);
    let measured = format!("{}; page 1: {}", both(&far), both(&first));
    bench.add(Figure::new(&what, "as page 1", measured, sqlite(site, ratio <= 1.3)));
    Ok(())
}

/// Two words, newest first; what is found is held against the known shares of the generator.
fn search(bench: &mut Bench, site: &Site, server: &Server) -> Done {
    let condition = format!("search('{COMMON} {RARE}')");
    let list = List::of("incident").when(&condition).sort("-number").columns(COLUMNS);
    let found = site.api(server)?.get(&list.path())?;
    let found = found["records"].as_array().map_or(0, Vec::len);
    if found == 0 && !bench.arguments.flag("--small") {
        return Err("the search found nothing".into());
    }
    let latencies = latencies(site, server, bench.arguments, &[list.path()])?;
    let reached = latencies.percentile(50.0) <= 10.0;
    let what = format!("search of two words, newest first ({found} found on page 1)");
    bench.add(Figure::new(&what, "p50 ≤ 10 ms", both(&latencies), sqlite(site, reached)));
    Ok(())
}

/// Records all over the database.
fn one_record(bench: &mut Bench, site: &Site, server: &Server) -> Done {
    let mut api = site.api(server)?;
    let newest = api.get(&List::of("incident").sort("-number").limit(1).path())?;
    let newest = newest["records"][0]["number"].as_str().unwrap_or_default().to_string();
    let (prefix, digits) = newest.split_once('-').ok_or("the newest incident has no number")?;
    let last: usize = digits.parse().map_err(|_| format!("{newest}: no number"))?;
    let mut random = Random::new(1);
    let width = digits.len();
    let path = |number| format!("/api/v1/incident/{prefix}-{number:0width$}");
    let paths: Vec<String> = (0..1000).map(|_| path(random.between(1, last))).collect();
    let latencies = latencies(site, server, bench.arguments, &paths)?;
    let reached = latencies.percentile(50.0) <= 1.0;
    let what = "read one record";
    bench.add(Figure::new(what, "p50 ≤ 1 ms", both(&latencies), sqlite(site, reached)));
    Ok(())
}
