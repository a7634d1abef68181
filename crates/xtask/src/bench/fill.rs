//! Filling a site: a file of incidents, taken in by the product's own import. Nothing is written
//! past it, so the records, their history, search index and ledger are real ones.

use super::incidents::{Incident, SEED};
use crate::http::api::{Api, List};
use crate::people::team_name;
use crate::random::Random;
use crate::support::site::Site;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// How the fields of [`Incident::line`] become fields of the record; all begin in the first state.
pub const MAPPING: &str = include_str!("fill.toml");
/// The same with states, as the history of another system.
pub const HISTORY: &str = concat!(include_str!("fill.toml"), include_str!("fill_history.toml"));

/// How many lines there are of each state, and of the first team.
#[derive(Debug, Default, PartialEq)]
pub struct Shares {
    pub states: BTreeMap<&'static str, u64>,
    pub first_team: u64,
}

/// Imports so many incidents; the seconds it took. What is there afterwards is counted by REST: a
/// figure of reads means nothing over other records than those it is promised for.
pub fn fill(site: &Site, records: usize) -> Result<f64, String> {
    let folder = site.folder.path();
    let (lines, mapping) = (folder.join("incidents.jsonl"), folder.join("mapping.toml"));
    let wanted = write_lines(&lines, 0, records).map_err(|error| error.to_string())?;
    std::fs::write(&mapping, HISTORY).map_err(|error| error.to_string())?;
    let begin = Instant::now();
    let (mapping, lines) = (mapping.display().to_string(), lines.display().to_string());
    site.program.ask(&["import", "--mapping", &mapping, &lines], &site.place)?;
    let seconds = begin.elapsed().as_secs_f64();
    let server = site.serve()?;
    let found = shares(&mut site.api(&server)?, &wanted)?;
    server.stop()?;
    if found == wanted { Ok(seconds) } else { Err(format!("filled {found:?}, not {wanted:?}")) }
}

/// The shares as the records have them.
fn shares(api: &mut Api, wanted: &Shares) -> Result<Shares, String> {
    let mut count = |condition: &str| api.total(&List::of("incident").when(condition));
    let mut found = Shares::default();
    for state in wanted.states.keys() {
        found.states.insert(state, count(&format!("state == '{state}'"))?);
    }
    found.first_team = count(&format!("assigned_team.name == '{}'", team_name(0)))?;
    Ok(found)
}

/// Writes incidents as JSON lines, numbered from `first`.
pub fn write_lines(path: &Path, first: usize, count: usize) -> std::io::Result<Shares> {
    let mut random = Random::new(SEED);
    let mut file = BufWriter::new(File::create(path)?);
    let mut shares = Shares::default();
    for number in first..first + count {
        let incident = Incident::new(&mut random, number);
        *shares.states.entry(incident.state).or_default() += 1;
        shares.first_team += u64::from(incident.team == 0);
        writeln!(file, "{}", incident.line())?;
    }
    file.flush()?;
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::{HISTORY, MAPPING, write_lines};

    #[test]
    fn lines_are_written_and_the_mapping_is_toml() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        let shares = write_lines(&path, 5, 10).unwrap();
        assert_eq!(shares.states.values().sum::<u64>(), 10);
        let text = std::fs::read_to_string(path).unwrap();
        let numbers: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(numbers.len(), 10);
        assert_eq!(numbers[9]["number"], "OLD0000014");
        assert!(MAPPING.parse::<toml::Table>().is_ok());
        assert!(HISTORY.parse::<toml::Table>().is_ok());
    }
}
