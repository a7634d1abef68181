//! What the tests of files share. The tables of single rules are tested in their own files.

mod packing;
mod properties;
mod reading;
mod writing;

use super::{CellText, FileRow, FileSlip, Format, Reading, Writing, open};

/// The columns and all rows of a file that can be read.
pub fn all(bytes: &[u8], name: &str) -> (Vec<String>, Vec<FileRow>) {
    let rows = open(bytes, name, &Reading::default()).unwrap();
    let columns = rows.columns.clone();
    (columns, rows.collect::<Result<_, _>>().unwrap())
}

/// The first slip of a file.
pub fn slip(bytes: &[u8], name: &str, reading: &Reading) -> FileSlip {
    match open(bytes, name, reading) {
        Ok(mut rows) => rows.find_map(Result::err).unwrap(),
        Err(slip) => slip,
    }
}

pub fn text(text: &str) -> Option<CellText> {
    (!text.is_empty()).then(|| CellText::Text(text.into()))
}

/// Rows as number and texts.
pub fn texts(rows: &[FileRow]) -> Vec<(usize, Vec<String>)> {
    let cell = |cell: &Option<CellText>| cell.as_ref().map_or(String::new(), |c| c.text().into());
    rows.iter().map(|row| (row.number, row.cells.iter().map(cell).collect())).collect()
}

pub fn writing(format: Format) -> Writing {
    Writing { format, mark: true, sheet: "Records".into(), created: 1_772_355_600_000_000 }
}
