//! What the records hold after a restart, read by the API as anybody would: the newest incidents
//! for creations, histories for edits and for the work of timers.

use super::book::{Book, Kind, Seen};
use crate::http::api::{Api, List};
use crate::timers;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// So many incidents in a row that are not of this book end the reading.
const FOREIGN: usize = 400;
/// Histories read for the timers at a time: all would take longer than the rounds.
const SAMPLE: usize = 500;

/// How often each marker of the book is found.
pub fn at_records(api: &mut Api, book: &Book) -> Result<Seen, String> {
    let mut seen = Seen::new();
    let wanted: BTreeSet<&str> = book.writes.iter().map(|write| write.marker.as_str()).collect();
    let list = List::of("incident").sort("-number").columns("number,summary").limit(200);
    let mut foreign = 0;
    api.each(&list, |record| {
        let summary = record["summary"].as_str().unwrap_or_default();
        if wanted.contains(summary) {
            *seen.entry(summary.to_string()).or_default() += 1;
            foreign = 0;
        } else {
            foreign += 1;
        }
        foreign < FOREIGN
    })?;
    for write in &book.writes {
        let Kind::Edit(record) = &write.kind else { continue };
        let history = api.history("incident", record)?;
        let times =
            history.iter().filter(|entry| entry.to_string().contains(&write.marker)).count();
        if times > 0 {
            seen.insert(write.marker.clone(), times);
        }
    }
    Ok(seen)
}

/// Each new incident is cancelled by its timer, once, whatever was killed in between.
pub fn at_timers(api: &mut Api, records: &[String]) -> Result<(), String> {
    wait_for_timers(api)?;
    let step = records.len().div_ceil(SAMPLE).max(1);
    for record in records.iter().step_by(step) {
        let effects = timers::effects(&api.history("incident", record)?);
        if effects != 1 {
            return Err(format!("the timer of incident {record} took effect {effects} times"));
        }
    }
    Ok(())
}

/// What a killed process had claimed is free after 10 s; the others take the rest of it.
const PATIENCE: Duration = Duration::from_secs(40);

/// Waits until no timer is due.
pub fn wait_for_timers(api: &mut Api) -> Result<(), String> {
    let begin = Instant::now();
    loop {
        let waiting = timers::waiting(api)?;
        if waiting == 0 {
            return Ok(());
        }
        if begin.elapsed() > PATIENCE {
            return Err(format!(
                "{waiting} incidents still wait for a timer that was due long ago"
            ));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
