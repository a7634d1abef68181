//! Files in and out by the command line: what is exported in each format is imported elsewhere and
//! is the same again; everything at once; a reader who leaves.

use super::program::Place;
use serde_json::{Value as Json, json};
use std::io::Read;
use std::process::Stdio;

const MAPPING: &str = r#"[import]
record = "location"
key    = ["code"]

[field.code]
column = "code"

[field.name]
column = "name"

[field.kind]
column = "kind"
"#;

/// A comma, a quote, a line of its own, Chinese, what a spreadsheet would take for a formula.
const LOCATIONS: &str = "code,name,kind\n\
    SH,Shanghai 上海,city\n\
    SH-1,\"Tower \"\"One\"\", north\",building\n\
    SH-2,\"Two\nlines\",building\n\
    SH-3,=1+1,room\n\
    007,Leading zeros,\n";

fn with_locations(place: &Place) {
    let mapping = place.write("locations.toml", MAPPING);
    let input = place.write("locations.csv", LOCATIONS);
    let dry = place.run(&["import", "--mapping", &mapping, "--dry-run", &input, "--json"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert_eq!(place.good(&["export", "location", "--columns", "code"]).lines().count(), 1);
    place.good(&["import", "--mapping", &mapping, &input]);
}

/// Code, name and kind of each location, in the order of codes.
fn locations(place: &Place) -> Vec<[Json; 3]> {
    let columns = ["--columns", "code,name,kind", "--sort", "code", "--format", "jsonl"];
    let lines = place.good(&[&["export", "location"], &columns[..]].concat());
    let value = |line: &str| serde_json::from_str::<Json>(line).unwrap();
    let row = |json: Json| ["code", "name", "kind"].map(|name| json[name].clone());
    lines.lines().map(value).map(row).collect()
}

#[test]
fn what_is_exported_is_imported_elsewhere_and_is_the_same() {
    let place = Place::new();
    with_locations(&place);
    let before = locations(&place);
    assert_eq!(before.len(), 5);
    assert_eq!(before[0], [json!("007"), json!("Leading zeros"), Json::Null]);
    assert!(before.iter().any(|row| row[1] == "Two\nlines"), "{before:?}");
    for format in ["csv", "xlsx", "jsonl"] {
        let file = place.path(&format!("out.{format}")).display().to_string();
        place.good(&["export", "location", "--format", format, "--output", &file]);
        let other = Place::new();
        let mapping = other.write("locations.toml", MAPPING);
        let imported = other.run(&["import", "--mapping", &mapping, &file, "--json"]);
        assert_eq!(imported.code, 0, "{format}: {imported:?}");
        assert_eq!(locations(&other), before, "{format}");
    }
}

#[test]
fn postgresql_takes_the_same_files() {
    let Some(empty) = store::testing::empty_postgres() else { return };
    let store::Location::Postgres(url) = &empty.location else { panic!("another database") };
    let place = Place::new();
    with_locations(&place);
    let before = locations(&place);
    let file = place.path("out.xlsx").display().to_string();
    place.good(&["export", "location", "--format", "xlsx", "--output", &file]);
    let other = Place::new();
    let mapping = other.write("locations.toml", MAPPING);
    other.good(&["import", "--mapping", &mapping, &file, "--database", url]);
    let columns = ["--columns", "code,name,kind", "--sort", "code", "--format", "csv"];
    let csv = |place: &Place, more: &[&str]| {
        let text = place.good(&[&["export", "location"], &columns[..], more].concat());
        // The id, the type and the version stand first; the id is each database's own.
        text.lines().map(|line| line.split(',').skip(1).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(csv(&other, &["--database", url]), csv(&place, &[]));
    assert_eq!(locations(&place), before);
}

#[test]
fn a_row_that_is_refused_is_named_and_nothing_is_written() {
    let place = Place::new();
    let mapping = place.write("locations.toml", MAPPING);
    let wrong = place.write("wrong.csv", "code,name,kind\nA,Good,city\nB,Bad,palace\n");
    let refused = place.run(&["import", "--mapping", &mapping, &wrong]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.out.contains('3') || refused.err.contains('3'), "row 3: {refused:?}");
    assert_eq!(locations(&place).len(), 0);
    place.good(&["import", "--mapping", &mapping, "--leave-out", &wrong]);
    assert_eq!(locations(&place).len(), 1);
}

#[test]
fn everything_goes_into_a_folder_alone_and_beside_a_server() {
    let place = Place::new();
    with_locations(&place);
    let alone = place.path("alone").display().to_string();
    let done = place.run(&["export", "--everything", &alone, "--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.json()["files"]["location.jsonl"], 5, "{done:?}");
    let text = std::fs::read_to_string(place.path("alone/location.jsonl")).unwrap();
    assert!(text.lines().count() == 5 && text.contains("Shanghai 上海"), "{text}");
    let history = std::fs::read_to_string(place.path("alone/history.jsonl")).unwrap();
    assert_eq!(Json::from(history.lines().count()), done.json()["entries"]);

    let server = place.serve(&[]);
    let beside = place.path("beside").display().to_string();
    place.good(&["export", "--everything", &beside]);
    let same = std::fs::read_to_string(place.path("beside/location.jsonl")).unwrap();
    assert_eq!(same, text);
    assert_eq!(server.stop().0, Some(0));

    let refused = place.run(&["export", "--everything", &alone, "--json"]);
    assert_eq!(refused.error()["code"], "not-empty", "{refused:?}");
    let both = place.run(&["export", "location", "--everything", &alone]);
    assert_eq!(both.code, 2, "{both:?}");
}

#[test]
fn a_reader_who_leaves_is_no_fault() {
    let place = Place::new();
    with_locations(&place);
    let leave = || {
        let mut command = place.command(&["export", "location", "--format", "jsonl"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // As `head` does that has seen enough.
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (child.wait().unwrap().code(), said)
    };
    assert_eq!(leave(), (Some(0), String::new()));
    let server = place.serve(&[]);
    assert_eq!(leave(), (Some(0), String::new()));
    let (code, log) = server.stop();
    assert!(code == Some(0) && !log.contains("fault"), "{log}");
}

#[test]
fn an_import_is_taken_back_alone_and_beside_a_server() {
    let place = Place::new();
    let last = || {
        let listed = place.run(&["imports", "--most", "1", "--json"]);
        assert_eq!(listed.code, 0, "{listed:?}");
        listed.json()
    };
    with_locations(&place);
    let first = last();
    assert_eq!((&first["stage"], &first["rows"]), (&json!("done"), &json!(5)));
    let id = first["id"].as_str().unwrap();
    let undone = place.run(&["imports", "--undo", id, "--json"]);
    assert_eq!(undone.json()["undone"]["withdrawn"], 5, "{undone:?}");
    assert_eq!(locations(&place).len(), 0);
    let again = place.run(&["imports", "--undo", id]);
    assert_eq!(again.code, 1, "once only: {again:?}");

    let more = place.write("more.csv", "code,name,kind\nHZ,Hangzhou,city\n");
    let mapping = place.path("locations.toml").display().to_string();
    place.good(&["import", "--mapping", &mapping, &more]);
    let server = place.serve(&[]);
    let id = last()["id"].as_str().unwrap().to_string();
    place.good(&["imports", "--undo", &id]);
    assert_eq!(locations(&place).len(), 0);
    assert_eq!(server.stop().0, Some(0));
}
