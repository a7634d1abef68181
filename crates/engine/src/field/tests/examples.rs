//! The examples of docs/json.md: each row of its last table is read and shown here.

use super::{World, kinds};
use crate::field::{Style, read, read_text, show, text};
use model::{Language, Value};
use serde_json::Value as Json;

const PAGE: &str = include_str!("../../../../../docs/json.md");

/// The cells of the rows under a heading, without its header and rule.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let (_, after) = PAGE.split_once(&format!("## {heading}\n")).unwrap();
    let section = after.split("\n## ").next().unwrap();
    let table = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let cell = |cell: &str| cell.trim().trim_matches('`').replace("&#124;", "|");
    table.map(|line| line.trim_matches('|').split('|').map(cell).collect()).collect()
}

fn kind(name: &str) -> model::definition::FieldKind {
    let found = kinds().into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no kind {name}")).1
}

#[test]
fn examples_of_json_hold() {
    let rows = rows("Examples");
    for (name, _) in kinds() {
        assert!(rows.iter().any(|row| row[0] == name), "no example of {name}");
    }
    for row in rows {
        let [name, given, wanted] = row.as_slice() else { panic!("three cells: {row:?}") };
        let kind = kind(name);
        let json: Json = serde_json::from_str(given).unwrap_or_else(|e| panic!("{given}: {e}"));
        match (read(&kind, &json, &World), wanted.strip_prefix("refused: ")) {
            (Ok(value), None) => {
                let wanted: Json = serde_json::from_str(wanted).unwrap();
                assert_eq!(show(&kind, &value, &World), wanted, "{name} {given}");
            }
            (Err(slip), Some(wanted)) => assert_eq!(slip.en, wanted, "{name} {given}"),
            (answer, _) => panic!("{name} {given}: {answer:?}"),
        }
    }
}

#[test]
fn examples_of_cells_hold() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    for row in rows("Text of cells") {
        let [name, given, english, chinese] = row.as_slice() else { panic!("four cells: {row:?}") };
        let kind = kind(name);
        let value =
            read_text(&kind, given, &World).unwrap_or_else(|slip| panic!("{given}: {slip:?}"));
        assert_ne!(value, Value::Unset, "{given}");
        for (language, wanted) in [(Language::EN, english), (Language::ZH, chinese)] {
            let style = Style { language, zone: &zone, names: &World };
            assert_eq!(&text(&kind, &value, &style), wanted, "{name} {given}");
        }
    }
}

#[test]
fn what_may_not_be_seen_is_null() {
    let kind = kind("reference");
    let value = Value::Reference(model::Key(99));
    assert_eq!(show(&kind, &value, &World), Json::Null);
    let zone = jiff::tz::TimeZone::UTC;
    let style = Style { language: Language::EN, zone: &zone, names: &World };
    assert_eq!(text(&kind, &value, &style), "");
}

#[test]
fn local_times_of_sheets_become_instants_of_a_zone() {
    let zone = jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    let cases = [
        ("2026-03-01T09:00:00", Some("2026-03-01T08:00:00Z")),
        ("2026-03-01", Some("2026-02-28T23:00:00Z")),
        // Skipped in spring, repeated in autumn.
        ("2026-03-29 02:30", Some("2026-03-29T01:30:00Z")),
        ("2026-10-25 02:30", Some("2026-10-25T00:30:00Z")),
        ("2026-03-01T09:00:00Z", None),
        ("2026-03-01T09:00:00+08:00", None),
        ("soon", None),
    ];
    for (text, wanted) in cases {
        assert_eq!(crate::field::in_zone(text, &zone).as_deref(), wanted, "{text}");
    }
}
