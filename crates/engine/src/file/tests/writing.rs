//! Writing: the bytes of each format, and what spreadsheets must not run.

use super::writing;
use crate::file::{Cell, Format, Writer, Writing};
use model::value::Decimal;
use proptest::prelude::*;
use serde_json::json;
use std::io::Read;

fn written(writing: &Writing, columns: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), writing).unwrap();
    writer.start(columns).unwrap();
    rows.iter().for_each(|row| writer.row(row).unwrap());
    writer.finish().unwrap()
}

fn cells() -> Vec<Cell> {
    vec![
        Cell::Text("- a, \"b\"".into()),
        Cell::Integer(-5),
        Cell::Decimal(Decimal { units: -1250, places: 2 }),
        Cell::Date(20_513),
        Cell::Local("2026-03-01T09:00:00".parse().unwrap()),
        Cell::YesNo(false),
        Cell::Json(json!({ "en": "Network" })),
    ]
}

const COLUMNS: [&str; 8] = ["text", "=integer", "decimal", "date", "local", "yes", "json", "empty"];

#[test]
fn csv_has_a_mark_and_rows_of_rfc_4180() {
    let bytes = written(&writing(Format::Csv), &COLUMNS, &[cells()]);
    let wanted = "\u{FEFF}text,'=integer,decimal,date,local,yes,json,empty\r\n\
        \"'- a, \"\"b\"\"\",-5,-12.50,2026-03-01,2026-03-01 09:00,false,\
        \"{\"\"en\"\":\"\"Network\"\"}\",\r\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), wanted);
    let plain = Writing { mark: false, ..writing(Format::Csv) };
    assert_eq!(written(&plain, &["a"], &[]), b"a\r\n");
}

#[test]
fn json_lines_have_every_column() {
    let bytes = written(&writing(Format::Jsonl), &COLUMNS, &[cells()]);
    let wanted = "{\"text\":\"- a, \\\"b\\\"\",\"=integer\":-5,\"decimal\":\"-12.50\",\
        \"date\":\"2026-03-01\",\"local\":\"2026-03-01T09:00:00\",\"yes\":false,\
        \"json\":{\"en\":\"Network\"},\"empty\":null}\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), wanted);
}

#[test]
fn the_same_workbook_is_the_same_bytes() {
    let one = written(&writing(Format::Xlsx), &COLUMNS, &[cells()]);
    assert_eq!(one, written(&writing(Format::Xlsx), &COLUMNS, &[cells()]));
}

#[test]
fn workbooks_take_what_sheets_cannot_hold() {
    let strange = Writing { sheet: "a/b:c [d] 'e'".into(), ..writing(Format::Xlsx) };
    let row = vec![
        Cell::Text("变".repeat(40_000)),
        Cell::Integer(i64::MAX),
        Cell::Decimal(Decimal { units: i64::MAX, places: 2 }),
        Cell::Date(-1),
        Cell::Date(i32::MAX),
    ];
    let bytes = written(&strange, &COLUMNS, &[row]);
    let (_, rows) = super::all(&bytes, "a.xlsx");
    let (_, texts) = &super::texts(&rows)[0];
    assert!(texts[0].ends_with("变…") && texts[0].chars().count() == 32_767);
    assert_eq!(texts[1..5], ["9223372036854775807", "92233720368547758.07", "1969-12-31", ""]);
}

#[test]
fn a_row_wider_than_the_header_is_a_fault() {
    for format in [Format::Csv, Format::Jsonl, Format::Xlsx] {
        let mut writer = Writer::new(Vec::new(), &writing(format)).unwrap();
        writer.start(&["a"]).unwrap();
        assert!(writer.row(&[Cell::Empty, Cell::Empty]).is_err());
    }
}

fn sheet_xml(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    xml
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a text starts with: in CSV no cell starts as a formula does, in a workbook no
    /// cell is one, and both give the text again.
    #[test]
    fn no_text_becomes_a_formula(
        texts in prop::collection::vec("[=+@\t\r＝'-]{0,3}\\PC{0,12}", 1..6),
    ) {
        let row: Vec<Cell> = texts.iter().map(|text| Cell::Text(text.clone())).collect();
        let columns = &COLUMNS[..texts.len()];
        let plain = Writing { mark: false, ..writing(Format::Csv) };
        let csv = written(&plain, columns, std::slice::from_ref(&row));
        let mut reader = ::csv::Reader::from_reader(csv.as_slice());
        for cell in reader.records().next().unwrap().unwrap().iter() {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
        let xml = sheet_xml(&written(&writing(Format::Xlsx), columns, &[row]));
        prop_assert!(!xml.contains("<f>") && !xml.contains("<f "), "{xml}");
    }
}
