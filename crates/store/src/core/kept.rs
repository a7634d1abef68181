//! `saved_view` and `form_template`, both `(id, record_type, name, body, owner_key, audience,
//! team_key, changed_at)`: lists and filled forms that people have kept, each of one record type.
//! `body` says what is shown or filled and is the engine's; of the owner, an account, it is for
//! `owner` alone, for their `team`, or for `everybody`.

use super::reading::{Reading, count};
use crate::cell::{Cell, Row};
use crate::database::{Database, Failure, Read, Unit};
use model::{Key, Name};
use std::collections::HashSet;
use std::sync::Arc;

/// What is kept: each kind in a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    Views,
    Templates,
}

impl Shelf {
    fn table(self) -> &'static str {
        match self {
            Shelf::Views => "saved_view",
            Shelf::Templates => "form_template",
        }
    }
}

/// One kept list or form. The instant is in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: [u8; 16],
    pub record_type: Name,
    pub name: Arc<str>,
    pub body: Arc<str>,
    pub owner_key: Key,
    pub audience: Arc<str>,
    pub team_key: Option<Key>,
    pub changed_at: i64,
}

const COLUMNS: &str = "\"id\", \"record_type\", \"name\", \"body\", \"owner_key\", \
    \"audience\", \"team_key\", \"changed_at\"";

pub fn insert(unit: &mut Unit, shelf: Shelf, view: &Kept) {
    let mut all = vec![
        ("id", view.id.to_vec().into()),
        ("record_type", view.record_type.as_str().into()),
        ("owner_key", view.owner_key.0.into()),
    ];
    all.extend(changing(view));
    unit.insert(shelf.table(), &all);
}

/// Writes what may change of one that is there.
pub fn update(unit: &mut Unit, shelf: Shelf, view: &Kept) {
    let matching = [("id", view.id.to_vec().into())];
    unit.update_where(shelf.table(), &changing(view), &matching, Some(1));
}

fn changing(view: &Kept) -> [(&'static str, Cell); 5] {
    [
        ("name", (&*view.name).into()),
        ("body", (&*view.body).into()),
        ("audience", (&*view.audience).into()),
        ("team_key", view.team_key.map(|key| key.0).into()),
        ("changed_at", view.changed_at.into()),
    ]
}

pub fn delete(unit: &mut Unit, shelf: Shelf, id: &[u8; 16]) {
    unit.delete_where(shelf.table(), &[("id", id.to_vec().into())], None);
}

/// Gives those of one owner and record type that are called alike a name each, the later ones with
/// a number behind it; answers how many got another. Reads all there are.
///
/// # Errors
/// [`Failure`].
pub fn name_apart(database: &Database) -> Result<usize, Failure> {
    let mut unit = Unit::new();
    let mut renamed = 0;
    for shelf in [Shelf::Views, Shelf::Templates] {
        let table = shelf.table();
        let sql = format!("SELECT {COLUMNS} FROM \"{table}\" ORDER BY \"changed_at\", \"id\"");
        let all: Result<Vec<Kept>, Failure> =
            database.rows(&sql, &[])?.into_iter().map(kept).collect();
        let all = all?;
        let place = |one: &Kept, name: &str| (one.owner_key, one.record_type.clone(), name.into());
        let mut taken: HashSet<(Key, Name, String)> =
            all.iter().map(|one| place(one, &one.name)).collect();
        let mut seen = HashSet::new();
        for mut one in all {
            if seen.insert(place(&one, &one.name)) {
                continue;
            }
            let other = (2..).map(|n| format!("{} ({n})", one.name));
            let Some(name) = other.into_iter().find(|name| taken.insert(place(&one, name))) else {
                continue;
            };
            one.name = name.into();
            update(&mut unit, shelf, &one);
            renamed += 1;
        }
    }
    database.write(unit)?;
    Ok(renamed)
}

/// The one with this id.
///
/// # Errors
/// [`Failure`].
pub fn by_id(read: &dyn Read, shelf: Shelf, id: &[u8; 16]) -> Result<Option<Kept>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM \"{}\" WHERE \"id\" = ?1", shelf.table());
    read.rows(&sql, &[id.to_vec().into()])?.into_iter().next().map(kept).transpose()
}

/// Those of a record type that this account keeps, by name.
///
/// # Errors
/// [`Failure`].
pub fn kept_by(
    read: &dyn Read,
    shelf: Shelf,
    record_type: &str,
    owner: Key,
) -> Result<Vec<Kept>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM \"{}\" WHERE \"owner_key\" = ?1 AND \"record_type\" = ?2 \
         ORDER BY \"name\"",
        shelf.table()
    );
    read.rows(&sql, &[owner.0.into(), record_type.into()])?.into_iter().map(kept).collect()
}

/// Those of a record type that accounts other than this one share with everybody or with one of
/// these teams, by name, at most so many.
///
/// # Errors
/// [`Failure`].
pub fn shared_with(
    read: &dyn Read,
    shelf: Shelf,
    record_type: &str,
    but: Key,
    teams: &[Key],
    most: usize,
) -> Result<Vec<Kept>, Failure> {
    let mut cells: Vec<Cell> = vec![record_type.into(), but.0.into()];
    cells.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    let mut places = Vec::new();
    for team in teams {
        cells.push(team.0.into());
        places.push(format!("?{}", cells.len()));
    }
    let of_teams = match places.is_empty() {
        true => String::new(),
        false => format!(" OR (\"audience\" = 'team' AND \"team_key\" IN ({}))", places.join(", ")),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM \"{}\" WHERE \"record_type\" = ?1 AND \"owner_key\" <> ?2 \
         AND (\"audience\" = 'everybody'{of_teams}) ORDER BY \"name\", \"id\" LIMIT ?3",
        shelf.table()
    );
    read.rows(&sql, &cells)?.into_iter().map(kept).collect()
}

/// How many an account keeps.
///
/// # Errors
/// [`Failure`].
pub fn count_of(read: &dyn Read, shelf: Shelf, owner: Key) -> Result<i64, Failure> {
    let table = shelf.table();
    let sql = format!("SELECT count(*) FROM \"{table}\" WHERE \"owner_key\" = ?1");
    count(read, &sql, &[owner.0.into()])
}

fn kept(row: Row) -> Result<Kept, Failure> {
    let mut row = Reading::new(row);
    Ok(Kept {
        id: row.array()?,
        record_type: row.name()?,
        name: row.text()?,
        body: row.text()?,
        owner_key: Key(row.integer()?),
        audience: row.text()?,
        team_key: row.some_integer().map(Key),
        changed_at: row.integer()?,
    })
}
