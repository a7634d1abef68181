//! `clock(record_key, name, state, started_at, stopped_at, counted, target, target_days, due_at,
//! warn_at, warned_at, breached_at, calendar, time_zones, computed_at, detail)`: the last computed
//! result of each clock of a record. It can always be made again from movements, the calendar and
//! the agreement; `time_zones` is the version of the zone data it was computed with, `detail` the
//! counted intervals as the engine writes them.

use super::reading::{Reading, places};
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;

/// One clock. Instants and times in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub record_key: Key,
    pub name: Arc<str>,
    /// `running`, `paused`, `stopped`.
    pub state: Arc<str>,
    pub started_at: i64,
    pub stopped_at: Option<i64>,
    /// Counted time up to `computed_at` or the stop.
    pub counted: i64,
    pub target: Option<i64>,
    pub target_days: Option<i64>,
    /// When the target is reached if it goes on running; unset while paused.
    pub due_at: Option<i64>,
    pub warn_at: Option<i64>,
    pub warned_at: Option<i64>,
    pub breached_at: Option<i64>,
    pub calendar: Arc<str>,
    pub time_zones: Arc<str>,
    pub computed_at: i64,
    pub detail: Option<Arc<str>>,
}

const SELECT: &str = "SELECT \"record_key\", \"name\", \"state\", \"started_at\", \
    \"stopped_at\", \"counted\", \"target\", \"target_days\", \"due_at\", \"warn_at\", \
    \"warned_at\", \"breached_at\", \"calendar\", \"time_zones\", \"computed_at\", \"detail\" \
    FROM \"clock\" WHERE ";

/// Writes the result, in the place of the last one, whatever that was.
pub fn put(unit: &mut Unit, clock: &Clock) {
    unit.put("clock", &keys(clock), &values(clock));
}

/// Writes the first result of a clock; a duplicate of `clock_pkey` where there is one already.
pub fn insert(unit: &mut Unit, clock: &Clock) {
    unit.insert("clock", &[&keys(clock)[..], &values(clock)].concat());
}

/// Writes the result in the place of the one that was read; a conflict where another stands there
/// by now.
pub fn replace(unit: &mut Unit, was: &Clock, clock: &Clock) {
    let [record, name] = keys(was);
    let matching = [record, name, ("detail", was.detail.as_deref().into())];
    unit.update_where("clock", &values(clock), &matching, Some(1));
}

fn keys(clock: &Clock) -> [(&'static str, Cell); 2] {
    [("record_key", clock.record_key.0.into()), ("name", (&*clock.name).into())]
}

fn values(clock: &Clock) -> [(&'static str, Cell); 14] {
    [
        ("state", (&*clock.state).into()),
        ("started_at", clock.started_at.into()),
        ("stopped_at", clock.stopped_at.into()),
        ("counted", clock.counted.into()),
        ("target", clock.target.into()),
        ("target_days", clock.target_days.into()),
        ("due_at", clock.due_at.into()),
        ("warn_at", clock.warn_at.into()),
        ("warned_at", clock.warned_at.into()),
        ("breached_at", clock.breached_at.into()),
        ("calendar", (&*clock.calendar).into()),
        ("time_zones", (&*clock.time_zones).into()),
        ("computed_at", clock.computed_at.into()),
        ("detail", clock.detail.as_deref().into()),
    ]
}

/// Forgets a clock that the definitions no longer start.
pub fn remove(unit: &mut Unit, record: Key, name: &str) {
    let matching = [("record_key", record.0.into()), ("name", name.into())];
    unit.delete_where("clock", &matching, None);
}

/// The clocks of these records, by record and name.
///
/// # Errors
/// [`Failure`].
pub fn of(read: &dyn Read, records: &[Key]) -> Result<Vec<Clock>, Failure> {
    let mut found = Vec::new();
    for some in records.chunks(500) {
        let cells: Vec<Cell> = some.iter().map(|key| key.0.into()).collect();
        let among = places(some.len());
        let sql = format!("{SELECT}\"record_key\" IN ({among}) ORDER BY \"record_key\", \"name\"");
        for row in read.rows(&sql, &cells)? {
            found.push(clock(row)?);
        }
    }
    Ok(found)
}

/// Clocks that run, due at or before an instant, the first due first.
///
/// # Errors
/// [`Failure`].
pub fn due(read: &dyn Read, at: i64, most: usize) -> Result<Vec<Clock>, Failure> {
    let sql = format!(
        "{SELECT}\"stopped_at\" IS NULL AND \"due_at\" <= ?1 ORDER BY \"due_at\" LIMIT {most}"
    );
    read.rows(&sql, &[at.into()])?.into_iter().map(clock).collect()
}

/// Clocks that are not stopped, by record and name, from the one after `after` on.
///
/// # Errors
/// [`Failure`].
pub fn open(read: &dyn Read, after: (Key, &str), most: usize) -> Result<Vec<Clock>, Failure> {
    let sql = format!(
        "{SELECT}\"stopped_at\" IS NULL AND (\"record_key\" > ?1 \
         OR (\"record_key\" = ?1 AND \"name\" > ?2)) ORDER BY \"record_key\", \"name\" LIMIT {most}"
    );
    read.rows(&sql, &[after.0.0.into(), after.1.into()])?.into_iter().map(clock).collect()
}

/// Clocks that are not stopped and were computed with other zone data, by record.
///
/// # Errors
/// [`Failure`].
pub fn outdated(read: &dyn Read, time_zones: &str, most: usize) -> Result<Vec<Clock>, Failure> {
    let sql = format!(
        "{SELECT}\"stopped_at\" IS NULL AND \"time_zones\" <> ?1 \
         ORDER BY \"record_key\" LIMIT {most}"
    );
    read.rows(&sql, &[time_zones.into()])?.into_iter().map(clock).collect()
}

fn clock(row: Row) -> Result<Clock, Failure> {
    let mut row = Reading::new(row);
    Ok(Clock {
        record_key: Key(row.integer()?),
        name: row.text()?,
        state: row.text()?,
        started_at: row.integer()?,
        stopped_at: row.some_integer(),
        counted: row.integer()?,
        target: row.some_integer(),
        target_days: row.some_integer(),
        due_at: row.some_integer(),
        warn_at: row.some_integer(),
        warned_at: row.some_integer(),
        breached_at: row.some_integer(),
        calendar: row.text()?,
        time_zones: row.text()?,
        computed_at: row.integer()?,
        detail: row.some_text(),
    })
}
