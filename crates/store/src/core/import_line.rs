//! `import_line(import_id, entry_key, row, record_type, record_key, version, kind, link, far_key,
//! outcome, why)`: what became of the rows of an import: each entry of history that one wrote, in
//! the unit of that entry, so that the import can be taken back; and each row that was refused,
//! which has no entry: there `entry_key` is below zero and falls from row to row.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;

/// One entry that an import wrote, or one refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLine {
    pub import_id: Arc<str>,
    pub entry_key: i64,
    /// As a spreadsheet counts; 0 where the file as a whole is meant.
    pub row: i64,
    pub record_type: Arc<str>,
    /// 0 where there is none.
    pub record_key: Key,
    /// The record's version after the entry.
    pub version: i64,
    /// What was done, as the engine calls it.
    pub kind: Arc<str>,
    /// Of a link: its name and the record at its far end.
    pub link: Option<Arc<str>>,
    pub far_key: Option<Key>,
    /// What taking it back came to; none as long as nobody has tried.
    pub outcome: Option<Arc<str>>,
    /// Why it was refused or left alone, as JSON.
    pub why: Option<Arc<str>>,
}

/// How many lines there are of a kind and outcome, of how many records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub kind: Arc<str>,
    pub outcome: Option<Arc<str>>,
    pub lines: i64,
    pub records: i64,
}

/// Which lines of an import are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Which<'w> {
    Kind(&'w str),
    Outcome(&'w str),
    /// Entries that nobody has tried to take back.
    Open,
}

const SELECT: &str = "SELECT \"import_id\", \"entry_key\", \"row\", \"record_type\", \
    \"record_key\", \"version\", \"kind\", \"link\", \"far_key\", \"outcome\", \"why\" \
    FROM \"import_line\" WHERE \"import_id\" = ?1";

/// Adds a line; nothing where it is there already.
pub fn insert(unit: &mut Unit, line: &ImportLine) {
    unit.insert_absent(
        "import_line",
        &[
            ("import_id", (&*line.import_id).into()),
            ("entry_key", line.entry_key.into()),
            ("row", line.row.into()),
            ("record_type", (&*line.record_type).into()),
            ("record_key", line.record_key.0.into()),
            ("version", line.version.into()),
            ("kind", (&*line.kind).into()),
            ("link", line.link.as_deref().into()),
            ("far_key", line.far_key.map(|key| key.0).into()),
            ("outcome", line.outcome.as_deref().into()),
            ("why", line.why.as_deref().into()),
        ],
    );
}

/// Says what taking the entry back came to; a conflict where that was said before.
pub fn settle(unit: &mut Unit, line: &ImportLine, outcome: &str, why: Option<&str>) {
    let set = [("outcome", outcome.into()), ("why", why.into())];
    let matching = [
        ("import_id", (&*line.import_id).into()),
        ("entry_key", line.entry_key.into()),
        ("outcome", Cell::Null),
    ];
    unit.update_where("import_line", &set, &matching, Some(1));
}

/// Makes the unit a conflict: what it rests on is not so any more. No entry has the key 0.
pub fn refuse(unit: &mut Unit, import_id: &str) {
    let matching = [("import_id", import_id.into()), ("entry_key", Cell::Integer(0))];
    unit.update_where("import_line", &[("row", Cell::Integer(0))], &matching, Some(1));
}

/// Takes out all lines of one kind.
pub fn clear(unit: &mut Unit, import_id: &str, kind: &str) {
    let matching = [("import_id", import_id.into()), ("kind", kind.into())];
    unit.delete_where("import_line", &matching, None);
}

/// A page of lines, the latest entry first, and refusals in the order of their rows; those below
/// the key `before`.
///
/// # Errors
/// [`Failure`].
pub fn page(
    read: &dyn Read,
    import_id: &str,
    which: Which,
    before: i64,
    most: usize,
) -> Result<Vec<ImportLine>, Failure> {
    let mut cells: Row = vec![import_id.into(), before.into()];
    let condition = match which {
        Which::Kind(kind) => {
            cells.push(kind.into());
            "\"kind\" = ?3"
        }
        Which::Outcome(outcome) => {
            cells.push(outcome.into());
            "\"outcome\" = ?3"
        }
        Which::Open => "\"outcome\" IS NULL AND \"entry_key\" > 0",
    };
    let sql = format!(
        "{SELECT} AND \"entry_key\" < ?2 AND {condition} ORDER BY \"entry_key\" DESC LIMIT {most}"
    );
    read.rows(&sql, &cells)?.into_iter().map(line).collect()
}

/// What an import has done to one record, in the order in which it was done.
///
/// # Errors
/// [`Failure`].
pub fn of_record(
    read: &dyn Read,
    import_id: &str,
    record: Key,
) -> Result<Vec<ImportLine>, Failure> {
    let sql = format!("{SELECT} AND \"record_key\" = ?2 ORDER BY \"version\", \"entry_key\"");
    read.rows(&sql, &[import_id.into(), record.0.into()])?.into_iter().map(line).collect()
}

/// Lines by kind and outcome.
///
/// # Errors
/// [`Failure`].
pub fn counts(read: &dyn Read, import_id: &str) -> Result<Vec<Counted>, Failure> {
    let sql = "SELECT \"kind\", \"outcome\", count(*), count(DISTINCT \"record_key\") \
               FROM \"import_line\" WHERE \"import_id\" = ?1 GROUP BY \"kind\", \"outcome\"";
    let counted = read.rows(sql, &[import_id.into()])?.into_iter().map(|row| {
        let mut row = Reading::new(row);
        Ok(Counted {
            kind: row.text()?,
            outcome: row.some_text(),
            lines: row.integer()?,
            records: row.integer()?,
        })
    });
    counted.collect()
}

/// How many records of an import have entries of history that came after its own.
///
/// # Errors
/// [`Failure`].
pub fn changed_since(read: &dyn Read, import_id: &str) -> Result<i64, Failure> {
    let sql = "SELECT count(*) FROM (SELECT \"record_key\", max(\"version\") AS \"version\" \
               FROM \"import_line\" WHERE \"import_id\" = ?1 AND \"entry_key\" > 0 \
               GROUP BY \"record_key\") l WHERE EXISTS (SELECT 1 FROM \"history\" h \
               WHERE h.\"record_key\" = l.\"record_key\" AND h.\"version\" > l.\"version\")";
    let rows = read.rows(sql, &[import_id.into()])?;
    Ok(rows.first().and_then(|row| row.first()?.integer()).unwrap_or(0))
}

fn line(row: Row) -> Result<ImportLine, Failure> {
    let mut row = Reading::new(row);
    Ok(ImportLine {
        import_id: row.text()?,
        entry_key: row.integer()?,
        row: row.integer()?,
        record_type: row.text()?,
        record_key: Key(row.integer()?),
        version: row.integer()?,
        kind: row.text()?,
        link: row.some_text(),
        far_key: row.some_integer().map(Key),
        outcome: row.some_text(),
        why: row.some_text(),
    })
}
