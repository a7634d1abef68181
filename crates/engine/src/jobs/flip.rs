//! A clock whose conditions ask for the time starts, pauses or stops although nobody writes its
//! record.

use super::{Body, Outcome, finish, subject};
use crate::perform::{Job, state_of};
use crate::reader::Reader;
use crate::refusal::Result;
use crate::session::Session;
use model::{Key, Name};
use std::collections::HashMap;
use store::core::clock;
use store::core::job;
use store::{Unit, record};

pub fn run(session: &Session, job: &job::Job, body: &Body) -> Result<Outcome> {
    // As it was to be at that instant, however late the job comes.
    let mut then = session.clone();
    then.now = body.at;
    finish(session, job, |reader| flip(&then, reader, body))
}

fn flip(session: &Session, reader: &Reader, body: &Body) -> Result<Unit> {
    let key = Key(body.record);
    let mut unit = Unit::new();
    let Some((definition, found)) = subject(reader, key)? else { return Ok(unit) };
    let declared = Name::new(&body.clock).and_then(|name| definition.clocks.get(&name));
    let Some(declared) = declared else { return Ok(unit) };
    let rows = clock::of(reader.snapshot, &[key])?;
    let row = rows.iter().find(|row| *row.name == *body.clock);
    let before = row.map(|row| state_of(row).map(|state| (row, state))).transpose()?;
    let job = Job::new(session, reader, &definition);
    let known = job.known(&found, &[], &HashMap::new())?;
    if let Some(table) = reader.catalogue.table(&definition) {
        record::hold(&mut unit, table, key, found.version);
    }
    let at = body.at.max(found.valid_from);
    job.advance_one(&mut unit, (declared, before), &found, &known, at)?;
    Ok(unit)
}
