//! An import is killed at any moment and started again: in the end each line is there once.

use super::Tried;
use crate::arguments::Arguments;
use crate::bench::fill::{HISTORY, MAPPING, write_lines};
use crate::http::api::List;
use crate::people::add_teams;
use crate::random::Random;
use crate::support::site::Site;
use std::collections::BTreeMap;
use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// After so many kills it may run to its end.
const KILLS: u32 = 6;

pub fn run(arguments: &Arguments) -> Result<Tried, String> {
    // A history is written faster, many records at once.
    let forms = [
        ("records", MAPPING, arguments.sized(8_000, 200_000)),
        ("history", HISTORY, arguments.sized(40_000, 400_000)),
    ];
    for (kind, mapping, lines) in forms {
        let kills = one_import(mapping, lines).map_err(|problem| format!("{kind}: {problem}"))?;
        println!("  {kind}: {lines} lines, {kills} kills, each there once");
        if kills == 0 {
            return Err("the import ended before the first kill".into());
        }
    }
    Ok(Tried::Yes)
}

/// How often the import was killed before it came to its end.
fn one_import(mapping: &str, lines: usize) -> Result<u32, String> {
    // How long a fast machine writes is not known beforehand: one import runs to its end first.
    let whole = match Import::new(mapping, lines)?.run_for(Duration::MAX)? {
        Ended::ByItself { wrote } => wrote,
        Ended::Killed => return Err("nobody killed it".into()),
    };
    let import = Import::new(mapping, lines)?;
    let mut random = Random::new(1);
    let mut kills = 0;
    while kills < KILLS {
        // All kills together leave the import about half of its time.
        let share = f64::from(random.between(1, 100) as u32) / 100.0 / f64::from(KILLS);
        if !matches!(import.run_for(whole.mul_f64(share))?, Ended::Killed) {
            break;
        }
        kills += 1;
    }
    let site = &import.site;
    site.program.ask(&import.words(), &site.place)?;
    each_line_is_there_once(site, lines)?;
    site.program.verify(&site.place)?;
    Ok(kills)
}

enum Ended {
    Killed,
    /// So long after it had said that it writes.
    ByItself {
        wrote: Duration,
    },
}

/// Lines, and a folder of records that they go into.
struct Import {
    site: Site,
    mapping: String,
    input: String,
}

impl Import {
    fn new(mapping: &str, lines: usize) -> Result<Import, String> {
        let site = Site::on("import", false)?;
        let server = site.serve()?;
        add_teams(&mut site.admin_api(&server)?)?;
        server.stop()?;
        let at = |name: &str| site.folder.path().join(name);
        write_lines(&at("in.jsonl"), 0, lines).map_err(|error| error.to_string())?;
        std::fs::write(at("m.toml"), mapping).map_err(|error| error.to_string())?;
        let said = |name: &str| at(name).display().to_string();
        Ok(Import { mapping: said("m.toml"), input: said("in.jsonl"), site })
    }

    fn words(&self) -> [&str; 4] {
        ["import", "--mapping", &self.mapping, &self.input]
    }

    /// Runs it and kills it so long after it said that it writes: while it only checks its input
    /// there is nothing that a kill could break.
    fn run_for(&self, time: Duration) -> Result<Ended, String> {
        let said = self.site.folder.path().join("progress");
        let progress = File::create(&said).map_err(|error| error.to_string())?;
        let mut command = self.site.program.command(&self.words(), &self.site.place);
        command.env("EVENKEEL_LANGUAGE", "en");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(progress);
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut writes_since: Option<Instant> = None;
        let wrote = |since: Option<Instant>| since.map_or(Duration::ZERO, |since| since.elapsed());
        while writes_since.is_none() || wrote(writes_since) < time {
            match child.try_wait().map_err(|error| error.to_string())? {
                Some(status) if status.success() => {
                    return Ok(Ended::ByItself { wrote: wrote(writes_since) });
                }
                Some(status) => return Err(format!("it ended: {status}")),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            if writes_since.is_none() && text.contains("Importing") {
                writes_since = Some(Instant::now());
            }
        }
        child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
        Ok(Ended::Killed)
    }
}

fn each_line_is_there_once(site: &Site, lines: usize) -> Result<(), String> {
    let server = site.serve()?;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let list = List::of("incident").sort("number").columns("number,source_number").limit(200);
    site.api(&server)?.each(&list, |record| {
        let number = record["source_number"].as_str().unwrap_or_default();
        *found.entry(number.to_string()).or_default() += 1;
        true
    })?;
    server.stop()?;
    let doubled = found.iter().find(|(_, times)| **times > 1);
    if let Some((number, times)) = doubled {
        return Err(format!("line {number} is there {times} times"));
    }
    if found.len() == lines { Ok(()) } else { Err(format!("{} of {lines} lines", found.len())) }
}
