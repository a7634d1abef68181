//! `setting(name, value)`: single facts that the program keeps about itself (the state of the
//! ledger, the version of the search index), by dotted name. Settings of people are records.

use crate::cell::Cell;
use crate::database::{Failure, Read, Statement, Unit};
use std::sync::Arc;

/// # Errors
/// [`Failure`].
pub fn get(read: &dyn Read, name: &str) -> Result<Option<Arc<str>>, Failure> {
    let rows =
        read.rows("SELECT \"value\" FROM \"setting\" WHERE \"name\" = ?1", &[name.into()])?;
    Ok(rows.into_iter().next().and_then(|row| match row.into_iter().next() {
        Some(Cell::Text(value)) => Some(value),
        _ => None,
    }))
}

/// Sets it, whatever it was.
pub fn put(unit: &mut Unit, name: &str, value: &str) {
    unit.put("setting", &[("name", name.into())], &[("value", value.into())]);
}

/// Sets it where it is not set yet; the unit is a [`Failure::Duplicate`] where it is.
pub fn claim(unit: &mut Unit, name: &str, value: &str) {
    unit.insert("setting", &[("name", name.into()), ("value", value.into())]);
}

/// Sets it, or forgets it where there is no new value, provided that it is `old`; else the unit is
/// a conflict: of several who go on from the same place one does.
pub fn advance(unit: &mut Unit, name: &str, old: &str, new: Option<&str>) {
    let matching = [("name", name.into()), ("value", old.into())];
    match new {
        Some(new) => unit.update_where("setting", &[("value", new.into())], &matching, Some(1)),
        None => unit.delete_where("setting", &matching, Some(1)),
    }
}

/// Raises a number by one, from 0 where there was none. What is read again whenever it has moved
/// may be kept until then, in however many processes.
pub fn raise(unit: &mut Unit, name: &str) {
    let sql = "INSERT INTO \"setting\" (\"name\", \"value\") VALUES (?1, '1') \
               ON CONFLICT (\"name\") DO UPDATE SET \
               \"value\" = CAST(CAST(\"setting\".\"value\" AS BIGINT) + 1 AS TEXT)";
    unit.push(Statement::new(sql, [name.into()]));
}

/// The number that [`raise`] raises.
///
/// # Errors
/// [`Failure`].
pub fn number(read: &dyn Read, name: &str) -> Result<i64, Failure> {
    Ok(get(read, name)?.and_then(|value| value.parse().ok()).unwrap_or(0))
}

/// Forgets it.
pub fn remove(unit: &mut Unit, name: &str) {
    unit.delete_where("setting", &[("name", name.into())], None);
}
