//! `attachment(key, record_key, field, entry_key, sha256, name, media_type, bytes, internal, at,
//! removed_at)`: which files a record holds, in a field or with an entry of its history (a comment,
//! a mail). The content is a `blob`, shared by all that hold the same. A file that is taken away
//! keeps its row.

use super::reading::Reading;
use crate::cell::{Cell, Row};
use crate::database::{Failure, Read, Unit};
use model::Key;
use std::sync::Arc;

/// One file of one record. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub key: i64,
    pub record_key: Key,
    pub field: Option<Arc<str>>,
    pub entry_key: Option<i64>,
    /// Of the content, lower-case hex.
    pub sha256: Arc<str>,
    pub name: Arc<str>,
    pub media_type: Arc<str>,
    pub bytes: i64,
    pub internal: bool,
    pub at: i64,
    pub removed_at: Option<i64>,
}

const SELECT: &str = "SELECT \"key\", \"record_key\", \"field\", \"entry_key\", \"sha256\", \
    \"name\", \"media_type\", \"bytes\", \"internal\", \"at\", \"removed_at\" \
    FROM \"attachment\" WHERE ";

/// Adds a file to a record. Its content must be in `blob` before.
pub fn insert(unit: &mut Unit, attachment: &Attachment) {
    unit.insert(
        "attachment",
        &[
            ("key", attachment.key.into()),
            ("record_key", attachment.record_key.0.into()),
            ("field", attachment.field.as_deref().into()),
            ("entry_key", attachment.entry_key.into()),
            ("sha256", (&*attachment.sha256).into()),
            ("name", (&*attachment.name).into()),
            ("media_type", (&*attachment.media_type).into()),
            ("bytes", attachment.bytes.into()),
            ("internal", attachment.internal.into()),
            ("at", attachment.at.into()),
            ("removed_at", attachment.removed_at.into()),
        ],
    );
}

/// Takes a file away; a conflict where it is gone already.
pub fn remove(unit: &mut Unit, key: i64, at: i64) {
    let matching = [("key", key.into()), ("removed_at", Cell::Null)];
    unit.update_where("attachment", &[("removed_at", at.into())], &matching, Some(1));
}

/// The files of a record that were not taken away, oldest first.
///
/// # Errors
/// [`Failure`].
pub fn of_record(read: &dyn Read, record: Key) -> Result<Vec<Attachment>, Failure> {
    let sql = format!("{SELECT}\"record_key\" = ?1 AND \"removed_at\" IS NULL ORDER BY \"key\"");
    read.rows(&sql, &[record.0.into()])?.into_iter().map(attachment).collect()
}

/// The files that a record held at an instant, in microseconds, oldest first; some may have been
/// taken away since.
///
/// # Errors
/// [`Failure`].
pub fn of_record_at(read: &dyn Read, record: Key, at: i64) -> Result<Vec<Attachment>, Failure> {
    let sql = format!(
        "{SELECT}\"record_key\" = ?1 AND \"at\" <= ?2 \
         AND (\"removed_at\" IS NULL OR \"removed_at\" > ?2) ORDER BY \"key\""
    );
    read.rows(&sql, &[record.0.into(), at.into()])?.into_iter().map(attachment).collect()
}

/// Every row that refers to the content, taken away or not: who may read it is decided over the
/// records; none means that the content can go.
///
/// # Errors
/// [`Failure`].
pub fn of_content(read: &dyn Read, sha256: &str) -> Result<Vec<Attachment>, Failure> {
    let sql = format!("{SELECT}\"sha256\" = ?1 ORDER BY \"key\"");
    read.rows(&sql, &[sha256.into()])?.into_iter().map(attachment).collect()
}

/// # Errors
/// [`Failure`].
pub fn by_key(read: &dyn Read, key: i64) -> Result<Option<Attachment>, Failure> {
    let rows = read.rows(&format!("{SELECT}\"key\" = ?1"), &[key.into()])?;
    rows.into_iter().next().map(attachment).transpose()
}

fn attachment(row: Row) -> Result<Attachment, Failure> {
    let mut row = Reading::new(row);
    Ok(Attachment {
        key: row.integer()?,
        record_key: Key(row.integer()?),
        field: row.some_text(),
        entry_key: row.some_integer(),
        sha256: row.text()?,
        name: row.text()?,
        media_type: row.text()?,
        bytes: row.integer()?,
        internal: row.boolean(),
        at: row.integer()?,
        removed_at: row.some_integer(),
    })
}
