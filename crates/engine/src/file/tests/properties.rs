//! What holds for any file: nothing panics, and what is written is read as the same texts.

use super::{texts, writing};
use crate::file::{Cell, Charset, Format, Reading, Writer, open};
use proptest::prelude::*;

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    // Without CR, which field types take out, and without texts that are only a line's end.
    let cell = "([=+@'-]?[a-z中,;\"\t\n 0-9é_]{0,10}[a-z中])?";
    prop::collection::vec(prop::collection::vec(cell, 3), 0..6)
}

fn written(format: Format, table: &[Vec<String>]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &writing(format)).unwrap();
    writer.start(&["a", "b", "c"]).unwrap();
    for row in table {
        let cells: Vec<Cell> = row.iter().map(|text| Cell::Text(text.clone())).collect();
        writer.row(&cells).unwrap();
    }
    writer.finish().unwrap()
}

/// Reads all there is and says nothing of it.
fn read(bytes: &[u8], name: &str, charset: Charset) {
    let reading = Reading { charset, ..Reading::default() };
    if let Ok(rows) = open(bytes, name, &reading) {
        let width = rows.columns.len();
        for row in rows.flatten() {
            assert_eq!(row.cells.len(), width);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_read(table in table()) {
        let wanted: Vec<(usize, Vec<String>)> = table
            .iter()
            .enumerate()
            .filter(|(_, row)| row.iter().any(|text| !text.is_empty()))
            .map(|(at, row)| (at + 2, row.clone()))
            .collect();
        let formats =
            [(Format::Csv, "a.csv"), (Format::Jsonl, "a.jsonl"), (Format::Xlsx, "a.xlsx")];
        for (format, name) in formats {
            let bytes = written(format, &table);
            if format == Format::Jsonl && table.is_empty() {
                continue;
            }
            let (columns, rows) = super::all(&bytes, name);
            prop_assert_eq!(columns, ["a", "b", "c"]);
            // JSON lines have no header.
            let before = usize::from(format == Format::Jsonl);
            let read: Vec<_> =
                texts(&rows).into_iter().map(|(number, row)| (number + before, row)).collect();
            prop_assert_eq!(&read, &wanted, "{}", name);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            "[a-z,;\"\r\n\t{}:\\[\\]\u{FEFF}中]{0,200}".prop_map(String::into_bytes),
        ],
    ) {
        for name in ["a.csv", "a.jsonl", "a.xlsx", "-"] {
            read(&bytes, name, Charset::Utf8);
            read(&bytes, name, Charset::Gb18030);
        }
    }

    /// A workbook with bytes of its parts changed: packed anew, so that the change is seen.
    #[test]
    fn a_damaged_workbook_is_read_or_refused(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        raw in any::<bool>(),
    ) {
        let whole = written(Format::Xlsx, &[vec!["x".into(), "=1".into(), "中".into()]]);
        let mut bytes = if raw { whole.clone() } else { stored(&whole) };
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read(&bytes, "a.xlsx", Charset::Utf8);
    }
}

/// The archive with its parts not compressed.
fn stored(whole: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut copy = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let method = zip::CompressionMethod::Stored;
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        copy.start_file(part.name().unwrap().to_string(), options).unwrap();
        std::io::copy(&mut part, &mut copy).unwrap();
    }
    copy.finish().unwrap().into_inner()
}
