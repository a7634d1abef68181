//! Random and damaged bytes against everything that reads bytes: nothing may panic, and what is
//! read must be written again as it was.
#![allow(clippy::unwrap_used)]

mod world;

use ledger::line::{Line, salvage};
use ledger::{Body, Checkpoint, ExportVerifier, Frontier, Id, Note, Trust, VerifyingKey};
use world::*;

/// A small generator (xorshift64*).
fn next(state: &mut u64) -> usize {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize
}

/// Bytes that are random, or `sample` with a few places changed, taken out or doubled.
fn damaged(sample: &[u8], state: &mut u64) -> Vec<u8> {
    if next(state).is_multiple_of(4) {
        return (0..next(state) % 80).map(|_| next(state) as u8).collect();
    }
    let mut bytes = sample.to_vec();
    for _ in 0..1 + next(state) % 3 {
        let at = next(state) % bytes.len().max(1);
        match next(state) % 4 {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), next(state) as u8),
            _ if at < bytes.len() => bytes[at] = next(state) as u8,
            _ => (),
        }
    }
    bytes
}

#[test]
fn a_body_that_is_read_is_written_as_it_was() {
    let (sample, mut state) = (body(5).to_bytes(), 1);
    let (mut read, mut refused) = (0, 0);
    for round in 0..50_000 {
        let bytes = damaged(&sample, &mut state);
        match Body::from_bytes(&bytes) {
            Ok(body) => {
                read += 1;
                assert_eq!(body.to_bytes(), bytes, "round {round}");
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 1000 && refused > 1000, "{read} read, {refused} refused");
}

#[test]
fn a_line_that_is_read_is_written_as_it_was() {
    let lines = lines(&entries());
    let (mut state, mut read, mut refused) = (2, 0, 0);
    for round in 0..20_000 {
        let bytes = damaged(lines[round % lines.len()].as_bytes(), &mut state);
        let text = String::from_utf8_lossy(&bytes);
        salvage(&text);
        match Line::read(&text) {
            Ok(line) => {
                read += 1;
                assert_eq!(line.write().unwrap(), text, "round {round}");
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 100 && refused > 1000, "{read} read, {refused} refused");
}

#[test]
fn a_frontier_or_note_that_is_read_is_written_as_it_was() {
    let mut frontier = Frontier::new();
    frontier.append_all(&leaves(&entries()));
    let note = note(&entries(), 4, &signer());
    let (mut state, mut frontiers, mut notes) = (3, 0, 0);
    for round in 0..20_000 {
        let bytes = damaged(&frontier.to_bytes(), &mut state);
        if let Ok(found) = Frontier::from_bytes(&bytes) {
            frontiers += 1;
            assert_eq!(found.to_bytes(), bytes, "round {round}");
        }
        let text = String::from_utf8_lossy(&damaged(note.as_bytes(), &mut state)).into_owned();
        if let Ok(found) = Note::parse(&text) {
            notes += 1;
            assert_eq!(found.to_string(), text, "round {round}");
        }
        if let Ok(found) = Checkpoint::from_text(&text) {
            assert_eq!(found.text(), text, "round {round}");
        }
        if let Some(id) = Id::parse(&text) {
            assert_eq!(id.to_string(), text, "round {round}");
        }
    }
    assert!(frontiers > 100 && notes > 100, "{frontiers} frontiers, {notes} notes");
}

#[test]
fn a_key_or_an_export_of_any_bytes_is_answered() {
    let key = signer().verifying_key().to_string();
    let lines = lines(&entries());
    let mut state = 4;
    for round in 0..2000 {
        let text = damaged(key.as_bytes(), &mut state);
        if let Ok(found) = VerifyingKey::parse(&String::from_utf8_lossy(&text)) {
            assert_eq!(found.to_string(), key, "round {round}");
        }
        let mut verifier = ExportVerifier::new(&Trust::default()).unwrap();
        for line in &lines {
            verifier.line(&damaged(line.as_bytes(), &mut state));
        }
        assert!(!verifier.finish().is_sound(), "round {round}");
    }
}
