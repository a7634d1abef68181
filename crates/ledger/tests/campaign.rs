//! Random tampering with an export, from fixed seeds: every one must be found. What exactly is
//! found is in `tamper.rs`; here it is that nothing slips through.
#![allow(clippy::unwrap_used)]

mod world;

use ledger::entry::entry_leaf;
use ledger::line::Line;
use world::*;

/// Rounds of each kind.
const ROUNDS: u64 = 150;

/// A small generator (xorshift64*), so that a seed printed by a failure repeats it.
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number from 0 to below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}

/// Applies `tamper` with many seeds to the file of the export; each changed file must fail.
fn campaign(tamper: fn(&mut Chance, Vec<String>) -> Vec<u8>) {
    let lines = lines(&entries());
    let (truth, trust) = (lines.join("\n").into_bytes(), trust());
    assert!(verify_bytes(&trust, &truth).is_sound(), "the control must pass");
    let mut changed = 0;
    for seed in 0..ROUNDS {
        let file = tamper(&mut Chance::new(seed), lines.clone());
        if file != truth {
            changed += 1;
            let report = verify_bytes(&trust, &file);
            assert!(!report.is_sound(), "seed {seed}:\n{}", String::from_utf8_lossy(&file));
        }
    }
    assert!(changed > ROUNDS * 3 / 4, "only {changed} files were changed at all");
}

fn file(lines: Vec<String>) -> Vec<u8> {
    lines.join("\n").into_bytes()
}

#[test]
fn a_flipped_bit() {
    campaign(|chance, lines| {
        let mut file = file(lines);
        let at = chance.below(file.len());
        file[at] ^= 1 << chance.below(8);
        file
    });
}

#[test]
fn a_flipped_bit_in_each_kind_of_line() {
    campaign(|chance, mut lines| {
        let kinds = [0, 1, 5, 11, lines.len() - 1];
        let at = kinds[chance.below(kinds.len())];
        let mut bytes = std::mem::take(&mut lines[at]).into_bytes();
        let place = chance.below(bytes.len());
        bytes[place] ^= 1 << chance.below(8);
        let mark = "MARK";
        lines[at] = mark.into();
        let file = file(lines);
        let start = file.windows(4).position(|part| part == mark.as_bytes()).unwrap();
        [&file[..start], &bytes, &file[start + 4..]].concat()
    });
}

#[test]
fn a_line_dropped_repeated_or_moved() {
    campaign(|chance, mut lines| {
        let (from, to) = (chance.below(lines.len()), chance.below(lines.len()));
        match chance.below(3) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from].clone()),
            _ => lines.swap(from, to),
        }
        file(lines)
    });
}

#[test]
fn an_end_cut_off() {
    campaign(|chance, lines| {
        let file = file(lines);
        file[..chance.below(file.len())].to_vec()
    });
}

#[test]
fn parts_of_two_lines_exchanged() {
    campaign(|chance, mut lines| {
        // Cuts at commas, so that many results are still whole lines.
        let (one, other) = (1 + chance.below(4), 6 + chance.below(3));
        let cut = |line: &str, nth: usize| line.match_indices(',').nth(nth).unwrap().0;
        let nth = chance.below(20);
        let (left, right) = (cut(&lines[one], nth), cut(&lines[other], nth));
        let tail = lines[one].split_off(left);
        let other_tail = lines[other].split_off(right);
        lines[one].push_str(&other_tail);
        lines[other].push_str(&tail);
        file(lines)
    });
}

#[test]
fn a_patient_forger_without_the_key() {
    campaign(|chance, _| {
        let mut entries = entries();
        let (at, other) = (chance.below(SIZE), chance.below(SIZE));
        match chance.below(4) {
            0 => entries[at].0.at += 1 + other as i64,
            1 => entries[at].0.actor_label = format!("person {other}"),
            2 => entries.swap(at, other),
            _ => {
                let moved = entries.remove(at);
                entries.insert(other, moved);
            }
        }
        // Every sealed hash is made to fit again.
        for entry in &mut entries {
            entry.2 = entry_leaf(&entry.0, &entry.1);
        }
        file(lines(&entries))
    });
}

#[test]
fn a_forger_with_the_key() {
    campaign(|chance, _| {
        let mut entries = entries();
        let at = chance.below(SIZE);
        entries[at].0.definition_version += 1 + chance.below(9) as i64;
        entries[at].2 = entry_leaf(&entries[at].0, &entries[at].1);
        let mut lines = lines(&entries);
        for (line, size) in [(5, 4), (10, 8)] {
            let note = note(&entries, size, &signer());
            lines[line] = Line::Checkpoint { note }.write().unwrap();
        }
        file(lines)
    });
}
