//! The published incident log of UCI, imported by the mapping that ships with the product, against
//! figures that were computed from the file by other means. All of them come out of the product's
//! own lists, measures and ways.
//!
//! The first thousand incidents in each run; the whole log where `EVENKEEL_FULL=1` is set (in
//! release, it takes a minute). Where the log is absent a line says so.

mod expected;
mod figures;

use crate::world::World;
use engine::file::{Cell, CellText, Format, Limits, Reading, Writer, Writing};
use engine::import::{Imported, Importer, Input, Mapping, load};
use engine::{Error, Session};
use expected::{Expected, SLICE, WHOLE};
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

const MAPPING: &str = include_str!("../../../../docs/how-to/uci-incident-log.toml");

/// What an import on the server may cost.
const LIMITS: Limits = Limits {
    unpacked_bytes: 1 << 32,
    ratio: 1000,
    rows: 50_000_000,
    columns: 1000,
    row_bytes: 16 << 20,
};

fn log() -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/uci-incident/incident_event_log.csv.xz");
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(_) => {
            println!("skipped: {} is not there", path.display());
            None
        }
    }
}

fn mapping(session: &Session) -> Mapping {
    let model = &session.engine().catalogue();
    match load(&model.model, "uci-incident-log.toml", MAPPING) {
        Ok(mapping) => mapping,
        Err(problems) => panic!("{problems}"),
    }
}

/// The rows of the first incidents, as a CSV file.
fn slice(log: &[u8], incidents: usize) -> Vec<u8> {
    let reading = Reading { limits: LIMITS, ..Reading::default() };
    let rows = engine::file::open(Cursor::new(log), "log.csv.xz", &reading).unwrap();
    let writing = Writing { format: Format::Csv, mark: false, sheet: String::new(), created: 0 };
    let mut out = Writer::new(Vec::new(), &writing).unwrap();
    let columns: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
    out.start(&columns).unwrap();
    let (mut seen, mut last) = (0, None);
    for row in rows {
        let cells = row.unwrap().cells;
        if cells.first() != last.as_ref() {
            seen += 1;
            last = cells.first().cloned();
        }
        if seen > incidents {
            break;
        }
        let text = |cell: &CellText| Cell::Text(cell.text().into_owned());
        let cells: Vec<_> = cells.iter().map(|c| c.as_ref().map_or(Cell::Empty, text)).collect();
        out.row(&cells).unwrap();
    }
    out.finish().unwrap()
}

/// Imports the bytes; stops once so many rows have been written, if it is said.
fn import(
    session: &Session,
    mapping: &Mapping,
    bytes: &[u8],
    stop_at: Option<usize>,
) -> Result<Imported, Error> {
    let open = || -> io::Result<Box<dyn Read + Send>> { Ok(Box::new(Cursor::new(bytes.to_vec()))) };
    let input = Input { name: "log.csv", bytes: bytes.len() as u64, open: &open, limits: LIMITS };
    let input = match bytes.starts_with(b"\xfd7zXZ") {
        true => Input { name: "log.csv.xz", ..input },
        false => input,
    };
    let importer = Importer::new(session, mapping, input)?;
    importer.run(false, &mut |progress| {
        let writing = progress.phase == engine::import::Phase::Writing;
        match stop_at {
            Some(stop) if writing && progress.rows >= stop => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    })
}

fn check(bytes: &[u8], expected: &Expected) {
    let world = World::sqlite();
    let session = world.system();
    let mapping = mapping(&session);
    let stopped = import(&session, &mapping, bytes, Some(expected.entries / 2)).unwrap();
    assert!(!stopped.finished);
    let rest = import(&session, &mapping, bytes, None).unwrap();
    assert!(rest.finished);
    assert_eq!(stopped.records + rest.records, expected.records);
    assert_eq!(stopped.entries + rest.entries, expected.entries);
    assert_eq!(rest.refusals.count, 0, "{:?}", rest.refusals.list);
    figures::check(&session, expected);
    let again = import(&session, &mapping, bytes, None).unwrap();
    assert!(again.repeated && again.records == 0);
}

#[test]
fn the_first_thousand_incidents() {
    let Some(log) = log() else { return };
    check(&slice(&log, 1000), &SLICE);
}

#[test]
fn the_whole_log() {
    if std::env::var("EVENKEEL_FULL").is_err() {
        println!("skipped: set EVENKEEL_FULL=1 to import all 141,712 events");
        return;
    }
    let Some(log) = log() else { return };
    check(&log, &WHOLE);
}

#[test]
fn a_dry_run_says_what_would_come_and_writes_nothing() {
    let Some(log) = log() else { return };
    let bytes = slice(&log, 20);
    let world = World::sqlite();
    let session = world.system();
    let mapping = mapping(&session);
    let text = String::from_utf8(bytes).unwrap();
    let broken = text.replacen("29/2/2016 01:23,Phone", "29/2/2016 25:23,Telex", 1);
    let open = || -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(broken.clone().into_bytes())))
    };
    let bytes = broken.len() as u64;
    let input = Input { name: "log.csv", bytes, open: &open, limits: LIMITS };
    let importer = Importer::new(&session, &mapping, input).unwrap();
    let survey = importer.survey(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(survey.refusals.count, 2);
    let told: Vec<String> =
        survey.refusals.list.iter().map(|r| r.text(model::Language::EN)).collect();
    assert!(told[0].starts_with("Row 2, column \"contact_type\": \"Telex\""), "{told:?}");
    assert!(told[1].contains("column \"sys_updated_at\""), "{told:?}");
    assert_eq!(survey.created, 19, "the incident with the broken row is not counted");
    assert!(importer.run(false, &mut |_| ControlFlow::Continue(())).is_err());
    let left = importer.run(true, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((left.records, left.refusals.count), (19, 2));
}
