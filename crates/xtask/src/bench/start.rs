//! Start, memory, size, and the import of a real event log with its whole history.

use super::Bench;
use super::figures::Figure;
use crate::Done;
use crate::http::api::List;
use crate::support::folder;
use crate::support::process::{Memory, memory};
use crate::support::server::Server;
use crate::support::site::Site;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// From the start of the process to the first answer of a list, and what it takes when idle.
pub fn measure(bench: &mut Bench, site: &Site) -> Done {
    let mut times = Vec::new();
    for _ in 0..3 {
        let begin = Instant::now();
        let server = Server::start(&site.program, &site.place, &[])?;
        site.api(&server)?.get(&List::of("incident").sort("-number").path())?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
        server.stop()?;
    }
    times.sort_by(f64::total_cmp);
    let what = "start to the first answered list";
    let measured =
        format!("{:.0} ms ({:.0}, {:.0}, {:.0})", times[1], times[0], times[1], times[2]);
    let sqlite = site.cluster.is_none();
    bench.add(Figure::new(what, "≤ 500 ms", measured, sqlite.then_some(times[1] <= 500.0)));
    idle(bench, site)
}

fn idle(bench: &mut Bench, site: &Site) -> Done {
    let server = site.serve()?;
    // Idle is what is left when the work of starting is over.
    std::thread::sleep(Duration::from_secs(bench.arguments.sized(1, 10)));
    let Memory { resident, proportional, .. } = server.memory();
    server.stop()?;
    let megabytes = |kilobytes: u64| kilobytes as f64 / 1024.0;
    let (rss, pss) = (megabytes(resident), megabytes(proportional));
    let measured = format!("{rss:.0} MB resident, {pss:.0} MB proportional");
    bench.add(Figure::new("idle memory", "≤ 60 MB", measured, Some(rss <= 60.0)));
    Ok(())
}

pub fn binary(bench: &mut Bench) -> Done {
    let program = crate::support::program::Program::built()?;
    let bytes = std::fs::metadata(&program.path).map_err(|error| error.to_string())?.len();
    let megabytes = bytes as f64 / (1024.0 * 1024.0);
    let measured = format!("{megabytes:.1} MB");
    bench.add(Figure::new("size of the binary", "≤ 60 MB", measured, Some(megabytes <= 60.0)));
    Ok(())
}

/// The event log of a real service desk, where the shared folder has it.
pub fn history_import(bench: &mut Bench) -> Done {
    let log = folder::shared("data/uci-incident/incident_event_log.csv.xz");
    let Some(log) = log.filter(|_| !bench.arguments.flag("--small")) else { return Ok(()) };
    let mapping = folder::root().join("docs/how-to/uci-incident-log.toml");
    if !mapping.exists() {
        return Err("docs/how-to/uci-incident-log.toml, the mapping, is not there".into());
    }
    let site = Site::new("import", bench.arguments)?;
    let (mapping, log) = (mapping.display().to_string(), log.display().to_string());
    let words = ["import", "--mapping", &mapping, &log];
    let mut command = site.program.command(&words, &site.place);
    let begin = Instant::now();
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let peak = watched(started.map_err(|error| error.to_string())?)?;
    let seconds = begin.elapsed().as_secs_f64();
    let megabytes = peak as f64 / 1024.0;
    let measured = format!("{seconds:.1} s, {megabytes:.0} MB at most");
    let reached = seconds <= 60.0 && megabytes <= 300.0;
    let what = "141,712 events imported with full history";
    let goal = "≤ 60 s, ≤ 300 MB";
    bench.add(Figure::new(what, goal, measured, site.cluster.is_none().then_some(reached)));
    let server = site.serve()?;
    let total = site.api(&server)?.total(&List::of("incident"))?;
    server.stop()?;
    if total == 24_918 { Ok(()) } else { Err(format!("{total} incidents, not 24,918")) }
}

/// Waits for the end of a process; the most memory that it had, in kilobytes.
fn watched(mut child: Child) -> Result<u64, String> {
    let mut peak = 0;
    loop {
        peak = memory(child.id()).map_or(peak, |memory| peak.max(memory.peak));
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Ok(Some(status)) if status.success() => return Ok(peak),
            Ok(Some(status)) => return Err(format!("the import ended with {status}")),
            Err(error) => return Err(error.to_string()),
        }
    }
}
