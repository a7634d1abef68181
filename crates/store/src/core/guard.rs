//! `guard(name, version)`: a row for each promise that spans records ("no two approved changes on
//! one item at a time"). Who decides reads the version, and the unit that rests on the decision
//! raises it: of two decisions on one state, one is a conflict and is made again.
//!
//! A row is made the first time; until then the version is 0.

use crate::cell::Cell;
use crate::core::reading::places;
use crate::database::{Failure, Read, Statement, Unit};
use std::collections::HashMap;

/// The versions of the guards, in the order of the names.
///
/// # Errors
/// [`Failure`].
pub fn versions(read: &dyn Read, names: &[&str]) -> Result<Vec<i64>, Failure> {
    let mut found: HashMap<String, i64> = HashMap::new();
    for some in names.chunks(500) {
        let cells: Vec<Cell> = some.iter().map(|name| Cell::from(*name)).collect();
        let sql = format!(
            "SELECT \"name\", \"version\" FROM \"guard\" WHERE \"name\" IN ({})",
            places(some.len())
        );
        for row in read.rows(&sql, &cells)? {
            if let [Cell::Text(name), Cell::Integer(version)] = row.as_slice() {
                found.insert(name.to_string(), *version);
            }
        }
    }
    Ok(names.iter().map(|name| found.get(*name).copied().unwrap_or(0)).collect())
}

/// Raises the guard from the version that was read; a conflict where it is another by now.
pub fn raise(unit: &mut Unit, name: &str, version: i64) {
    let name = Cell::from(name);
    let statement = if version == 0 {
        let sql = "INSERT INTO \"guard\" (\"name\", \"version\") VALUES (?1, 1) \
                   ON CONFLICT (\"name\") DO NOTHING";
        Statement::new(sql, [name])
    } else {
        let sql = "UPDATE \"guard\" SET \"version\" = \"version\" + 1 \
                   WHERE \"name\" = ?1 AND \"version\" = ?2";
        Statement::new(sql, [name, version.into()])
    };
    unit.push(statement.expecting(1));
}
