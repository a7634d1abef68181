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
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// After so many kills it may run to its end.
const KILLS: usize = 6;

pub fn run(arguments: &Arguments) -> Result<Tried, String> {
    // A history is written faster, many records at once.
    let forms = [
        ("records", MAPPING, arguments.sized(4_000, 200_000)),
        ("history", HISTORY, arguments.sized(12_000, 200_000)),
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
fn one_import(mapping: &str, lines: usize) -> Result<usize, String> {
    let site = Site::on("import", false)?;
    let server = site.serve()?;
    add_teams(&mut site.admin_api(&server)?)?;
    server.stop()?;
    let (input, file) = (site.folder.path().join("in.jsonl"), site.folder.path().join("m.toml"));
    write_lines(&input, 0, lines).map_err(|error| error.to_string())?;
    std::fs::write(&file, mapping).map_err(|error| error.to_string())?;
    let (input, file) = (input.display().to_string(), file.display().to_string());
    let words = ["import", "--mapping", &file, &input];
    let mut random = Random::new(1);
    let mut kills = 0;
    while kills < KILLS {
        let time = Duration::from_millis(random.between(5, 200) as u64);
        let mut command = site.program.command(&words, &site.place);
        command.env("EVENKEEL_LANGUAGE", "en");
        if !is_killed_writing(&mut command, &site.folder.path().join("progress"), time)? {
            break;
        }
        kills += 1;
    }
    site.program.ask(&words, &site.place)?;
    each_line_is_there_once(&site, lines)?;
    site.program.verify(&site.place)?;
    Ok(kills)
}

/// Whether the program still ran so long after it said that it writes, and was killed. While it
/// only checks its input there is nothing that a kill could break.
fn is_killed_writing(command: &mut Command, said: &Path, time: Duration) -> Result<bool, String> {
    let progress = File::create(said).map_err(|error| error.to_string())?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(progress);
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let mut writes_since: Option<Instant> = None;
    while writes_since.is_none_or(|since| since.elapsed() < time) {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return if status.success() { Ok(false) } else { Err(format!("it ended: {status}")) };
        }
        let text = std::fs::read_to_string(said).unwrap_or_default();
        if writes_since.is_none() && text.contains("Importing") {
            writes_since = Some(Instant::now());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
    Ok(true)
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
