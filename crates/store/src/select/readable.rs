//! Which of some records a reader may read.

use super::Unread;
use crate::database::Snapshot;
use crate::sql::{self, Context, Fragment, Ground};
use model::Key;
use model::definition::RecordType;
use std::collections::HashSet;

/// Of the records with these keys (of the type or its family), those the reader may read.
///
/// # Errors
/// [`Unread`].
pub fn readable(
    snapshot: &Snapshot,
    context: &Context,
    record_type: &RecordType,
    keys: &[Key],
) -> Result<HashSet<Key>, Unread> {
    let ground = Ground::new(*context, record_type, None);
    let right = sql::readable(&ground)?;
    if right.is_raw("TRUE") {
        return Ok(keys.iter().copied().collect());
    }
    let mut found = HashSet::new();
    for some in keys.chunks(500) {
        let bound: Vec<Fragment> = some.iter().map(|key| ground.bind(key.0)).collect();
        let list = Fragment::join(&bound, ", ");
        let template = "SELECT r0.\"key\" FROM {} WHERE r0.\"key\" IN ({}) AND {}";
        let statement = Fragment::of(template, &[&sql::source(&ground), &list, &right]);
        let (text, cells) = statement.finish();
        let rows = snapshot.rows(&text, &cells)?;
        found.extend(rows.iter().filter_map(|row| row.first()?.integer().map(Key)));
    }
    Ok(found)
}
