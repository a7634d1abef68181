//! `import_run(id, record_type, mapping, input, actor, rows, done, records, entries, started_at,
//! changed_at, finished_at, file, bytes, account_key, state, rules, found, fault, undone_at)`: how
//! far each import has come. `done` is raised in the units that write the records, so that an
//! import that was killed goes on where it stopped and nothing is written twice. The `id` of one
//! that an operator runs follows from the content of the input and of the mapping; that of one
//! that was prepared in the program is made by chance, and `input` names its content in `blob`.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Statement, Unit};
use std::sync::Arc;

/// One import. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    pub id: Arc<str>,
    pub record_type: Arc<str>,
    /// SHA-256 of the mapping and of the input, lower-case hex.
    pub mapping: Arc<str>,
    pub input: Arc<str>,
    pub actor: Arc<str>,
    /// Rows of the input.
    pub rows: i64,
    /// Rows up to which everything is written.
    pub done: i64,
    pub records: i64,
    pub entries: i64,
    pub started_at: i64,
    pub changed_at: i64,
    pub finished_at: Option<i64>,
    /// What the file is called.
    pub file: Option<Arc<str>>,
    pub bytes: Option<i64>,
    /// Whose it is; none for the system's.
    pub account_key: Option<i64>,
    /// How it stands, as the engine calls it; none where an older program has written the row.
    pub state: Option<Arc<str>>,
    /// The mapping as it is written.
    pub rules: Option<Arc<str>>,
    /// What the check found, as JSON.
    pub found: Option<Arc<str>>,
    /// Why it ended early, as JSON.
    pub fault: Option<Arc<str>>,
    pub undone_at: Option<i64>,
}

/// What one unit of an import adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub from: i64,
    pub to: i64,
    pub records: i64,
    pub entries: i64,
    pub at: i64,
}

const COLUMNS: &str = "\"id\", \"record_type\", \"mapping\", \"input\", \"actor\", \"rows\", \
    \"done\", \"records\", \"entries\", \"started_at\", \"changed_at\", \"finished_at\", \
    \"file\", \"bytes\", \"account_key\", \"state\", \"rules\", \"found\", \"fault\", \
    \"undone_at\"";

/// Begins an import; nothing where it was begun before.
pub fn begin(unit: &mut Unit, run: &ImportRun) {
    unit.insert_absent(
        "import_run",
        &[
            ("id", (&*run.id).into()),
            ("record_type", (&*run.record_type).into()),
            ("mapping", (&*run.mapping).into()),
            ("input", (&*run.input).into()),
            ("actor", (&*run.actor).into()),
            ("rows", run.rows.into()),
            ("done", run.done.into()),
            ("records", run.records.into()),
            ("entries", run.entries.into()),
            ("started_at", run.started_at.into()),
            ("changed_at", run.changed_at.into()),
            ("finished_at", run.finished_at.into()),
            ("file", run.file.as_deref().into()),
            ("bytes", run.bytes.into()),
            ("account_key", run.account_key.into()),
            ("state", run.state.as_deref().into()),
            ("rules", run.rules.as_deref().into()),
            ("found", run.found.as_deref().into()),
            ("fault", run.fault.as_deref().into()),
            ("undone_at", run.undone_at.into()),
        ],
    );
}

/// Changes columns of an import that stands in the state `from`; a conflict where it does not.
pub fn change(unit: &mut Unit, id: &str, from: &str, set: &[(&str, Cell)]) {
    unit.update_where("import_run", set, &[("id", id.into()), ("state", from.into())], Some(1));
}

/// Forgets an import that stands in the state `from`; a conflict where it does not.
pub fn remove(unit: &mut Unit, id: &str, from: &str) {
    unit.delete_where("import_run", &[("id", id.into()), ("state", from.into())], Some(1));
}

/// How many imports were made of a content.
///
/// # Errors
/// [`Failure`].
pub fn of_input(read: &dyn Read, input: &str) -> Result<i64, Failure> {
    let sql = "SELECT count(*) FROM \"import_run\" WHERE \"input\" = ?1";
    let rows = read.rows(sql, &[input.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

/// Raises `done`; a conflict where another process has gone on with the same import meanwhile.
pub fn go_on(unit: &mut Unit, id: &str, progress: &Progress) {
    let sql = "UPDATE \"import_run\" SET \"done\" = ?1, \"records\" = \"records\" + ?2, \
               \"entries\" = \"entries\" + ?3, \"changed_at\" = ?4 \
               WHERE \"id\" = ?5 AND \"done\" = ?6 AND \"finished_at\" IS NULL";
    let Progress { from, to, records, entries, at } = *progress;
    let cells: Row =
        vec![to.into(), records.into(), entries.into(), at.into(), id.into(), from.into()];
    unit.push(Statement::new(sql, cells).expecting(1));
}

/// Ends an import.
pub fn finish(unit: &mut Unit, id: &str, state: &str, at: i64) {
    let set = [("finished_at", at.into()), ("changed_at", at.into()), ("state", state.into())];
    unit.update_where("import_run", &set, &[("id", id.into())], Some(1));
}

/// # Errors
/// [`Failure`].
pub fn find(read: &dyn Read, id: &str) -> Result<Option<ImportRun>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM \"import_run\" WHERE \"id\" = ?1");
    read.rows(&sql, &[id.into()])?.into_iter().next().map(run).transpose()
}

/// Imports, the latest first.
///
/// # Errors
/// [`Failure`].
pub fn list(read: &dyn Read, most: usize) -> Result<Vec<ImportRun>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM \"import_run\" ORDER BY \"started_at\" DESC, \"id\" LIMIT {most}"
    );
    read.rows(&sql, &[])?.into_iter().map(run).collect()
}

fn run(row: Row) -> Result<ImportRun, Failure> {
    let mut row = Reading::new(row);
    Ok(ImportRun {
        id: row.text()?,
        record_type: row.text()?,
        mapping: row.text()?,
        input: row.text()?,
        actor: row.text()?,
        rows: row.integer()?,
        done: row.integer()?,
        records: row.integer()?,
        entries: row.integer()?,
        started_at: row.integer()?,
        changed_at: row.integer()?,
        finished_at: row.some_integer(),
        file: row.some_text(),
        bytes: row.some_integer(),
        account_key: row.some_integer(),
        state: row.some_text(),
        rules: row.some_text(),
        found: row.some_text(),
        fault: row.some_text(),
        undone_at: row.some_integer(),
    })
}
