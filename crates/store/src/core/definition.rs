//! `definition(number, at, actor_key, actor, state, note, files)`: the definitions and overlays as
//! numbered versions, their files compressed together. One is active; a candidate becomes active
//! when the tables are in step with it, or never. Which files there are is not looked at here.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Database, Failure, Read, Statement, Unit};
use model::Key;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Path to text.
pub type Files = BTreeMap<String, String>;

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Imported, not in force yet.
    Candidate,
    Active,
    /// Was in force.
    Former,
    /// Was tried and taken back.
    RolledBack,
}

/// A version without its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub number: i64,
    pub at: i64,
    pub actor_key: Option<Key>,
    pub actor: Arc<str>,
    pub state: State,
    pub note: Option<Arc<str>>,
}

/// What [`add`] needs to know.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    pub at: i64,
    pub actor_key: Option<Key>,
    pub actor: &'a str,
    pub note: Option<&'a str>,
    pub files: &'a Files,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            State::Candidate => "candidate",
            State::Active => "active",
            State::Former => "former",
            State::RolledBack => "rolled_back",
        }
    }

    fn read(text: &str) -> Option<State> {
        let all = [State::Candidate, State::Active, State::Former, State::RolledBack];
        all.into_iter().find(|state| state.text() == text)
    }
}

const SELECT: &str =
    "SELECT \"number\", \"at\", \"actor_key\", \"actor\", \"state\", \"note\" FROM \"definition\"";

/// Keeps the files as a candidate with the next number.
///
/// # Errors
/// [`Failure`].
pub fn add(database: &Database, version: &NewVersion) -> Result<i64, Failure> {
    let sql = "INSERT INTO \"definition\" \
               (\"number\", \"at\", \"actor_key\", \"actor\", \"state\", \"note\", \"files\") \
               SELECT coalesce(max(\"number\"), 0) + 1, CAST(?1 AS BIGINT), CAST(?2 AS BIGINT), \
               CAST(?3 AS TEXT), 'candidate', CAST(?4 AS TEXT), ?5 FROM \"definition\" \
               RETURNING \"number\"";
    let cells = vec![
        version.at.into(),
        version.actor_key.map(|key| key.0).into(),
        version.actor.into(),
        version.note.into(),
        pack(version.files)?.into(),
    ];
    // Two at once may reach for one number; the one that is refused takes the next.
    for _ in 0..8 {
        match database.write_rows(Statement::new(sql, cells.clone()).into()) {
            Err(Failure::Duplicate { .. }) => {}
            Err(failure) => return Err(failure),
            Ok(rows) => {
                let number = rows.first().and_then(|row| row.first()?.integer());
                return number.ok_or_else(|| Failure::Fault("a version without number".into()));
            }
        }
    }
    Err(Failure::Unavailable("too many definitions are imported at once".into()))
}

/// The newest versions, newest first.
///
/// # Errors
/// [`Failure`].
pub fn list(read: &dyn Read, most: usize) -> Result<Vec<Version>, Failure> {
    let sql = format!("{SELECT} ORDER BY \"number\" DESC LIMIT {most}");
    read.rows(&sql, &[])?.into_iter().map(version).collect()
}

/// The active version; none before the first.
///
/// # Errors
/// [`Failure`].
pub fn active(read: &dyn Read) -> Result<Option<Version>, Failure> {
    let rows = read.rows(&format!("{SELECT} WHERE \"state\" = 'active'"), &[])?;
    rows.into_iter().next().map(version).transpose()
}

/// The files of a version.
///
/// # Errors
/// [`Failure`].
pub fn files(read: &dyn Read, number: i64) -> Result<Option<Files>, Failure> {
    let sql = "SELECT \"files\" FROM \"definition\" WHERE \"number\" = ?1";
    let rows = read.rows(sql, &[number.into()])?;
    let packed = rows.first().and_then(|row| row.first()?.blob());
    packed.map(unpack).transpose()
}

/// Puts a version in force; the one before becomes former.
pub fn activate(unit: &mut Unit, number: i64) {
    let former = [("state", State::Former.text().into())];
    let active = [("state", Cell::from(State::Active.text()))];
    unit.update_where("definition", &former, &active, None);
    unit.update_where("definition", &active, &[("number", number.into())], Some(1));
}

/// Takes a version back that turned out not to work; another must be activated beside it if it
/// was the active one.
pub fn roll_back(unit: &mut Unit, number: i64) {
    let set = [("state", State::RolledBack.text().into())];
    unit.update_where("definition", &set, &[("number", number.into())], Some(1));
}

fn pack(files: &Files) -> Result<Vec<u8>, Failure> {
    let fault = |error: String| Failure::Fault(format!("definitions cannot be kept: {error}"));
    let text = serde_json::to_vec(files).map_err(|error| fault(error.to_string()))?;
    zstd::encode_all(text.as_slice(), 9).map_err(|error| fault(error.to_string()))
}

fn unpack(packed: &[u8]) -> Result<Files, Failure> {
    let fault = |error: String| Failure::Fault(format!("definitions cannot be read: {error}"));
    let text = zstd::decode_all(packed).map_err(|error| fault(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| fault(error.to_string()))
}

fn version(row: Row) -> Result<Version, Failure> {
    let mut row = Reading::new(row);
    let (number, at) = (row.integer()?, row.integer()?);
    let (actor_key, actor) = (row.some_integer().map(Key), row.text()?);
    let state = State::read(&row.text()?);
    let state = state.ok_or_else(|| Failure::Fault("a definition in no known state".into()))?;
    Ok(Version { number, at, actor_key, actor, state, note: row.some_text() })
}
