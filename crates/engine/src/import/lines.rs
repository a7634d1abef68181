//! What an import notes of each thing it does: the lines by which it is told, and by which it can
//! be taken back.

use super::refused::Refused;
use crate::perform::Written;
use model::Key;
use serde_json::{Value as Json, json};
use store::Unit;
use store::core::import_line::{self, ImportLine};

/// A row became a new record, changed one, or linked one to another.
pub const CREATED: &str = "create";
pub const EDITED: &str = "edit";
pub const LINKED: &str = "link";
/// A record that a row names was not there and was made.
pub const MADE: &str = "made";
/// A row that was refused: when the file was imported, and when it was checked.
pub const REFUSED: &str = "refused";
pub const FOUND: &str = "found";

/// What taking an entry back came to.
pub const WITHDRAWN: &str = "withdrawn";
pub const RESTORED: &str = "restored";
pub const LEFT: &str = "left";
/// Left alone with another entry of the same record, which tells why.
pub const KEPT: &str = "kept";

/// Refusals of one row that are kept apart.
const PER_ROW: usize = 64;

/// Notes an entry; nothing where nothing had to change.
pub fn told(unit: &mut Unit, import: &str, row: usize, written: &Written, kind: &str) {
    if let Some(line) = line(import, row, written, kind) {
        import_line::insert(unit, &line);
    }
}

/// Notes that a record was linked to another.
pub fn linked(
    unit: &mut Unit,
    import: &str,
    row: usize,
    written: &Written,
    (link, far): (&str, Key),
) {
    if let Some(line) = line(import, row, written, LINKED) {
        import_line::insert(
            unit,
            &ImportLine { link: Some(link.into()), far_key: Some(far), ..line },
        );
    }
}

fn line(import: &str, row: usize, written: &Written, kind: &str) -> Option<ImportLine> {
    Some(ImportLine {
        import_id: import.into(),
        entry_key: written.entry?,
        row: number(row),
        record_type: written.record_type.as_str().into(),
        record_key: written.key,
        version: written.version,
        kind: kind.into(),
        link: None,
        far_key: None,
        outcome: None,
        why: None,
    })
}

/// A refusal as a line; `which` tells those of one row apart.
pub fn refused(import: &str, kind: &str, refused: &Refused, which: usize) -> ImportLine {
    let place = number(refused.row) * number(PER_ROW) + number(which.min(PER_ROW - 1));
    ImportLine {
        import_id: import.into(),
        entry_key: -1 - place,
        row: number(refused.row),
        record_type: "".into(),
        record_key: Key(0),
        version: 0,
        kind: kind.into(),
        link: None,
        far_key: None,
        outcome: None,
        why: Some(refused.to_json().to_string().into()),
    }
}

/// The refusal that a line tells of.
pub fn refusal(line: &ImportLine) -> Refused {
    let json: Json =
        line.why.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or(json!({}));
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_string();
    let row = usize::try_from(line.row).unwrap_or(0);
    Refused { row, column: text("column"), en: text("en"), zh: text("zh") }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
