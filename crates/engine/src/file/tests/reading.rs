//! Reading: what stands in a file, and what is said of one that cannot be taken.

use super::{all, slip, text, texts, writing};
use crate::file::{Cell, CellText, Charset, Format, Limits, Reading, Writer, open};
use serde_json::json;

fn row(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
    (number, cells.iter().map(|cell| cell.to_string()).collect())
}

#[test]
fn csv_is_read_with_its_mark_separator_and_quotes() {
    let file = "\u{FEFF}name;note\r\n网络;\"a;b\r\n\"\"c\"\"\"\r\nx;\r\n";
    let (columns, rows) = all(file.as_bytes(), "a.csv");
    assert_eq!(columns, ["name", "note"]);
    assert_eq!(texts(&rows), [row(2, &["网络", "a;b\r\n\"c\""]), row(3, &["x", ""])]);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts() {
    for end in ["\n", "\r\n"] {
        let file = "\n\na,b\n\n1,\"x\ny\"\n\n\n2,\n,\n3,z\n".replace('\n', end);
        let (_, rows) = all(file.as_bytes(), "a.csv");
        let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [5, 8, 10], "{end:?}");
    }
    let (_, rows) = all(b"a\r1\r2\r", "a.csv");
    assert_eq!(texts(&rows), [row(2, &["1"]), row(3, &["2"])]);
}

#[test]
fn the_guard_of_a_text_is_taken_off() {
    let (_, rows) = all(b"a,b\n'=1+1,'quoted'\n", "a.csv");
    assert_eq!(texts(&rows), [row(2, &["=1+1", "'quoted'"])]);
}

#[test]
fn gb18030_is_read_where_it_is_declared() {
    let bytes = [b"a,b\n1,".as_slice(), &[0xCD, 0xF8, 0xC2, 0xE7], b"\n2,x\n"].concat();
    let declared = Reading { charset: Charset::Gb18030, ..Reading::default() };
    let rows: Vec<_> = open(bytes.as_slice(), "a.csv", &declared).unwrap().flatten().collect();
    assert_eq!(texts(&rows)[0], row(2, &["1", "网络"]));

    let said = slip(&bytes, "a.csv", &Reading::default()).to_string();
    let wanted = "Row 2, column \"b\": Byte 1 (0xCD) is not UTF-8; \
                  save the file as UTF-8, or say that it is GB18030.";
    assert_eq!(said, wanted);
    // The other rows still come.
    let rows = open(bytes.as_slice(), "a.csv", &Reading::default()).unwrap();
    assert_eq!(texts(&rows.flatten().collect::<Vec<_>>()), [row(3, &["2", "x"])]);
}

#[test]
fn csv_that_cannot_be_taken_is_refused_with_row_and_column() {
    let cases: [(&[u8], &str); 6] = [
        (b"", "The file is empty; its first row must name the columns."),
        (b"a,,b\n", "Row 1: Column 2 has no name; name it, or delete the column."),
        (
            b"a,a\n",
            "Row 1, column \"a\": Columns 1 and 2 have the same name; delete or rename one.",
        ),
        (b"a,b\n1,2,3\n", "Row 2: There is a cell in column 3, but only 2 columns have a name."),
        (
            b"a,b\n1,\"2\n3,4\n5,6\n",
            "Row 2: A quote is opened in this row and never closed; \
             close it, or write a quote twice.",
        ),
        (b"\xFF\xFEa\0", "The file is written in UTF-16; save it as CSV UTF-8."),
    ];
    for (bytes, wanted) in &cases {
        assert_eq!(slip(bytes, "a.csv", &Reading::default()).to_string(), *wanted);
    }
}

#[test]
fn one_row_cannot_take_all_memory() {
    let limits = Limits { row_bytes: 20_000, ..Limits::default() };
    let reading = Reading { limits, ..Reading::default() };
    let csv = format!("a\n\"{}", "x".repeat(100_000));
    assert!(slip(csv.as_bytes(), "a.csv", &reading).en.starts_with("The row is too long"));
    let jsonl = format!("{{\"a\":\"{}\"}}", "x".repeat(100_000));
    assert!(slip(jsonl.as_bytes(), "a.jsonl", &reading).en.starts_with("The row is too long"));
}

#[test]
fn rows_and_columns_are_limited() {
    let limits = Limits { rows: 2, columns: 3, ..Limits::default() };
    let reading = Reading { limits, ..Reading::default() };
    let said = slip(b"a\n1\n2\n3\n", "a.csv", &reading);
    assert!(said.en.starts_with("The file has more rows"));
    let said = slip(b"{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n", "a.jsonl", &reading);
    assert!(said.en.starts_with("The file has more rows"));
    let said = slip(b"a,b,c,d\n", "a.csv", &reading);
    assert_eq!(said.en, "There are 4 columns; at most 3 are taken.");
}

#[test]
fn json_lines_keep_their_json() {
    let file = "{\"a\": \"x\", \"b\": [1, 2], \"c\": null}\n\n{\"b\": true}\n";
    let (columns, rows) = all(file.as_bytes(), "a.jsonl");
    assert_eq!(columns, ["a", "b", "c"]);
    assert_eq!(rows[0].cells, [text("x"), Some(CellText::Json(json!([1, 2]))), None]);
    assert_eq!((rows[1].number, &rows[1].cells[1]), (3, &Some(CellText::Json(json!(true)))));

    let unknown = slip(b"{\"a\": 1}\n{\"z\": 1}\n", "a.jsonl", &Reading::default()).to_string();
    assert!(unknown.starts_with("Row 2, column \"z\": The first line does not have this name"));
    let broken = slip(b"{\"a\": 1}\n{\"a\": }\n", "a.jsonl", &Reading::default()).to_string();
    assert!(broken.starts_with("Row 2: The line is not JSON from byte 7 on"), "{broken}");
    assert!(slip(b"[1]\n", "a.jsonl", &Reading::default()).en.starts_with("The line is no object"));
    assert!(slip(b"\n", "a.jsonl", &Reading::default()).en.starts_with("The file is empty"));
}

#[test]
fn workbooks_give_numbers_dates_and_texts() {
    let mut writer = Writer::new(Vec::new(), &writing(Format::Xlsx)).unwrap();
    writer.start(&["a", "b", "c", "d", "e"]).unwrap();
    let local = "2026-03-01T09:30:00".parse().unwrap();
    let cells = [
        Cell::Integer(-5),
        Cell::Date(20_513),
        Cell::Local(local),
        Cell::YesNo(true),
        Cell::Text("=1+1".into()),
    ];
    writer.row(&cells).unwrap();
    writer.row(&[]).unwrap();
    writer.row(&[Cell::Text("x".into())]).unwrap();
    let bytes = writer.finish().unwrap();
    let (columns, rows) = all(&bytes, "a.xlsx");
    assert_eq!(columns, ["a", "b", "c", "d", "e"]);
    let first = row(2, &["-5", "2026-03-01", "2026-03-01T09:30:00", "true", "=1+1"]);
    assert_eq!(texts(&rows), [first, row(4, &["x", "", "", "", ""])]);

    let other = Reading { sheet: Some("Other".into()), ..Reading::default() };
    let said = slip(&bytes, "a.xlsx", &other).en;
    assert_eq!(said, "The workbook has no such sheet; it has: Records.");
}

#[test]
fn workbooks_with_errors_or_cells_outside_name_the_cell() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(0, 1, "b").unwrap();
    sheet.write_formula(1, 1, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(2, 0, "fine").unwrap();
    sheet.write_string(3, 16_383, "far").unwrap();
    sheet.write_number(4, 0, 0.1 + 0.2).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let rows: Vec<_> = open(bytes.as_slice(), "a.xlsx", &Reading::default()).unwrap().collect();
    let said: Vec<String> =
        rows.iter().flat_map(|row| row.as_ref().err()).map(|s| s.to_string()).collect();
    assert_eq!(
        said,
        [
            "Row 2, column \"b\": The cell holds the error #DIV/0!; put a value there.",
            "Row 4: There is a cell in column 16384, but only 2 columns have a name.",
        ]
    );
    let fine: Vec<_> = rows.into_iter().flatten().collect();
    assert_eq!(texts(&fine), [row(3, &["fine", ""]), row(5, &["0.3", ""])]);
}
