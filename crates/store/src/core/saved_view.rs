//! `saved_view(id, record_type, name, body, owner_key, audience, team_key, changed_at)`: lists that
//! people have kept, each of one record type. `body` says what is shown and is the engine's; of the
//! owner, an account, it is for `owner` alone, for their `team`, or for `everybody`.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Unit};
use model::{Key, Name};
use std::sync::Arc;

/// One kept list. The instant is in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: [u8; 16],
    pub record_type: Name,
    pub name: Arc<str>,
    pub body: Arc<str>,
    pub owner_key: Key,
    pub audience: Arc<str>,
    pub team_key: Option<Key>,
    pub changed_at: i64,
}

const SELECT: &str = "SELECT \"id\", \"record_type\", \"name\", \"body\", \"owner_key\", \
    \"audience\", \"team_key\", \"changed_at\" FROM \"saved_view\" WHERE ";

pub fn insert(unit: &mut Unit, view: &SavedView) {
    let mut all = vec![
        ("id", view.id.to_vec().into()),
        ("record_type", view.record_type.as_str().into()),
        ("owner_key", view.owner_key.0.into()),
    ];
    all.extend(changing(view));
    unit.insert("saved_view", &all);
}

/// Writes what may change of a view that is there.
pub fn update(unit: &mut Unit, view: &SavedView) {
    let matching = [("id", view.id.to_vec().into())];
    unit.update_where("saved_view", &changing(view), &matching, Some(1));
}

fn changing(view: &SavedView) -> [(&'static str, Cell); 5] {
    [
        ("name", (&*view.name).into()),
        ("body", (&*view.body).into()),
        ("audience", (&*view.audience).into()),
        ("team_key", view.team_key.map(|key| key.0).into()),
        ("changed_at", view.changed_at.into()),
    ]
}

pub fn delete(unit: &mut Unit, id: &[u8; 16]) {
    unit.delete_where("saved_view", &[("id", id.to_vec().into())], None);
}

/// The view with this id.
///
/// # Errors
/// [`Failure`].
pub fn by_id(read: &dyn Read, id: &[u8; 16]) -> Result<Option<SavedView>, Failure> {
    let rows = read.rows(&format!("{SELECT}\"id\" = ?1"), &[id.to_vec().into()])?;
    rows.into_iter().next().map(saved_view).transpose()
}

/// The views of a record type that this account keeps, by name.
///
/// # Errors
/// [`Failure`].
pub fn kept_by(read: &dyn Read, record_type: &str, owner: Key) -> Result<Vec<SavedView>, Failure> {
    let sql = format!("{SELECT}\"owner_key\" = ?1 AND \"record_type\" = ?2 ORDER BY \"name\"");
    read.rows(&sql, &[owner.0.into(), record_type.into()])?.into_iter().map(saved_view).collect()
}

/// The views of a record type that accounts other than this one share with everybody or with one
/// of these teams, by name, at most so many.
///
/// # Errors
/// [`Failure`].
pub fn shared_with(
    read: &dyn Read,
    record_type: &str,
    but: Key,
    teams: &[Key],
    most: usize,
) -> Result<Vec<SavedView>, Failure> {
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
        "{SELECT}\"record_type\" = ?1 AND \"owner_key\" <> ?2 AND \
         (\"audience\" = 'everybody'{of_teams}) ORDER BY \"name\", \"id\" LIMIT ?3"
    );
    read.rows(&sql, &cells)?.into_iter().map(saved_view).collect()
}

/// How many views an account keeps.
///
/// # Errors
/// [`Failure`].
pub fn count_of(read: &dyn Read, owner: Key) -> Result<i64, Failure> {
    let sql = "SELECT count(*) FROM \"saved_view\" WHERE \"owner_key\" = ?1";
    let rows = read.rows(sql, &[owner.0.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

fn saved_view(row: Row) -> Result<SavedView, Failure> {
    let mut row = Reading::new(row);
    Ok(SavedView {
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
