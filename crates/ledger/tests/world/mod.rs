//! A small ledger for the tests: twelve entries with checkpoints inside at 4 and 8, and the
//! trusted one at 12, written as an export. Not a test itself.
#![allow(dead_code, clippy::unwrap_used)]

use ledger::entry::entry_leaf;
use ledger::hash::root_of;
use ledger::line::Line;
use ledger::{
    Body, Checkpoint, ExportVerifier, Field, Hash, Header, Id, Problem, Report, Signer, Trust,
};

pub const SIZE: usize = 12;
pub const ORIGIN: &str = "example.com/ledger";

/// The signer of the world.
pub fn signer() -> Signer {
    Signer::new(ORIGIN, &[42; 32]).unwrap()
}

/// The id of the entry that is written first at `position`.
pub fn entry_id(position: usize) -> Id {
    Id([position as u8 + 1; 16])
}

/// The header of entry `position`.
pub fn header(position: usize) -> Header {
    Header {
        entry: entry_id(position),
        record: Id([0x80; 16]),
        record_type: "incident".into(),
        record_number: (!position.is_multiple_of(3)).then_some(position as i64),
        record_version: position as i64 + 1,
        kind: if position == 0 { "create" } else { "transition" }.into(),
        transition: (position > 0).then(|| "resolve".into()),
        at: 1_760_000_000_000_000 + position as i64,
        recorded_at: 1_760_000_000_500_000 + position as i64,
        actor: (!position.is_multiple_of(2)).then_some(Id([0x90; 16])),
        actor_label: "王 Zoë".into(),
        definition_version: 3,
    }
}

/// The body of entry `position`: three fields, at every fifth entry one of them erased.
pub fn body(position: usize) -> Body {
    let field = |name: &str, old: Option<&str>, new: Option<String>| Field::Open {
        name: name.into(),
        salt: [position as u8 ^ name.as_bytes()[0]; 16],
        old: old.map(|text| text.as_bytes().to_vec()),
        new: new.map(String::into_bytes),
    };
    let fields = vec![
        field("title", Some("old"), Some(format!("title {position}"))),
        field("state", None, Some("resolved".into())),
        field("caller", Some("Ann"), None),
    ];
    let mut body = Body::new(fields).unwrap();
    if position.is_multiple_of(5) {
        assert!(body.erase("caller"));
    }
    body
}

/// Header, body and sealed leaf hash, by position.
pub type Entries = Vec<(Header, Body, Hash)>;

/// The entries as they were written.
pub fn entries() -> Entries {
    (0..SIZE).map(|at| (header(at), body(at), entry_leaf(&header(at), &body(at)))).collect()
}

/// The leaf hashes of entries.
pub fn leaves(entries: &Entries) -> Vec<Hash> {
    entries.iter().map(|entry| entry.2).collect()
}

/// A checkpoint over the first `size` entries, signed.
pub fn note(entries: &Entries, size: usize, signer: &Signer) -> String {
    let root = root_of(&leaves(entries)[..size]);
    let extensions = vec!["branch 1".into()];
    let origin = ORIGIN.to_string();
    Checkpoint { origin, size: size as u64, root, extensions }.sign(signer).unwrap()
}

/// The line of the entry at `position`.
pub fn entry_line(position: usize, (header, body, leaf): &(Header, Body, Hash)) -> String {
    ledger::line::write_entry(position as u64, leaf, header, body).unwrap()
}

/// The lines of an export of `entries`, numbered from 0, with the checkpoints of the true
/// entries at 4 and 8. Line 1 + position is an entry's, later by one for each checkpoint passed.
pub fn lines(entries: &Entries) -> Vec<String> {
    let truth = self::entries();
    let mut lines = vec![Line::Head { origin: ORIGIN.into() }.write().unwrap()];
    for (position, entry) in entries.iter().enumerate() {
        if position == 4 || position == 8 {
            let note = note(&truth, position, &signer());
            lines.push(Line::Checkpoint { note }.write().unwrap());
        }
        lines.push(entry_line(position, entry));
    }
    let end = Line::End { entries: entries.len() as u64, checkpoints: 2 };
    lines.push(end.write().unwrap());
    lines
}

/// What the auditor holds: the key, and the checkpoint at 12.
pub fn trust() -> Trust {
    let notes = vec![note(&entries(), SIZE, &signer())];
    Trust { keys: vec![signer().verifying_key().clone()], notes }
}

/// Verifies an export given as the bytes of a file.
pub fn verify_bytes(trust: &Trust, bytes: &[u8]) -> Report {
    let mut verifier = ExportVerifier::new(trust).unwrap();
    for line in bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n') {
        verifier.line(line);
    }
    verifier.finish()
}

/// Verifies an export given as lines.
pub fn verify(lines: &[String]) -> Report {
    verify_bytes(&trust(), lines.join("\n").as_bytes())
}

/// Verifies with an outside copy of the true leaf hashes as well.
pub fn verify_with_copy(lines: &[String]) -> Report {
    let copy = leaves(&entries());
    let verifier = ExportVerifier::new(&trust()).unwrap();
    let mut verifier = verifier.with_copy(move |at| copy.get(at as usize).copied());
    for line in lines {
        verifier.line(line.as_bytes());
    }
    verifier.finish()
}

/// The problems in words.
pub fn shown(report: &Report) -> Vec<String> {
    report.problems.iter().map(Problem::to_string).collect()
}
