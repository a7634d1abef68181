//! Filling a site: a file of incidents, taken in by the product's own import. Nothing is written
//! past it, so the records, their history, search index and ledger are real ones.

use super::incidents::{Incident, SEED};
use crate::random::Random;
use crate::support::site::Site;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// How the fields of [`Incident::line`] become fields of the record.
pub const MAPPING: &str = include_str!("fill.toml");

/// Imports so many incidents; the seconds it took.
pub fn fill(site: &Site, records: usize) -> Result<f64, String> {
    let folder = site.folder.path();
    let (lines, mapping) = (folder.join("incidents.jsonl"), folder.join("mapping.toml"));
    write_lines(&lines, 0, records).map_err(|error| error.to_string())?;
    std::fs::write(&mapping, MAPPING).map_err(|error| error.to_string())?;
    let begin = Instant::now();
    let (mapping, lines) = (mapping.display().to_string(), lines.display().to_string());
    site.program.ask(&["import", "--mapping", &mapping, &lines], &site.place)?;
    Ok(begin.elapsed().as_secs_f64())
}

/// Writes incidents as JSON lines, numbered from `first`.
pub fn write_lines(path: &Path, first: usize, count: usize) -> std::io::Result<()> {
    let mut random = Random::new(SEED);
    let mut file = BufWriter::new(File::create(path)?);
    for number in first..first + count {
        writeln!(file, "{}", Incident::new(&mut random, number).line())?;
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::{MAPPING, write_lines};

    #[test]
    fn lines_are_written_and_the_mapping_is_toml() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        write_lines(&path, 5, 10).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let numbers: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(numbers.len(), 10);
        assert_eq!(numbers[9]["number"], "OLD0000014");
        assert!(MAPPING.parse::<toml::Table>().is_ok());
    }
}
