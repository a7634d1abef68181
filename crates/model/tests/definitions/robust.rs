//! Nothing panics: the loader is given definitions with bytes changed, lines moved, and noise.
//!
//! A fixed number of rounds from a fixed seed, so that a failure can be played again; `ROUNDS` asks
//! for more, `SEED` for others.

use crate::examples::sources;
use model::{Options, Sources};

/// A small generator of chance: xorshift64*.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Pieces that mean something to the loader.
const PIECES: [&str; 28] = [
    "[page]",
    "[block.x]",
    "[query]",
    "kind = \"calendar\"",
    "[record]",
    "[field.x]",
    "extend = \"change\"",
    "[add.field.y]",
    "[remove]",
    "= ",
    "\"",
    "'''",
    "[[",
    "{",
    "}",
    "]",
    "\n",
    "name",
    "state",
    "transition",
    "变更",
    "\u{feff}",
    "\0",
    "\t",
    "-",
    ".",
    "9223372036854775808",
    "1979-05-27",
];

/// One change of a text: bytes, lines or pieces.
fn mutate(text: &str, chance: &mut Chance) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return PIECES[chance.below(PIECES.len())].to_string();
    }
    let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
    match chance.below(5) {
        0 => {
            lines.remove(a);
        }
        1 => lines.swap(a, b),
        2 => lines.insert(a, lines[b]),
        3 => {
            let piece = PIECES[chance.below(PIECES.len())];
            let mut at = chance.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            return format!("{}{piece}{}", &text[..at], &text[at..]);
        }
        _ => {
            let mut bytes = text.as_bytes().to_vec();
            let at = chance.below(bytes.len());
            bytes[at] = chance.next() as u8;
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    lines.join("\n")
}

#[test]
fn a_wide_definition_does_no_harm() {
    let mut text =
        String::from("[record]\nname = \"wide\"\ntitle = \"f1\"\n[section.all]\nfields = [");
    (0..300).for_each(|at| text.push_str(&format!("\"g{at}\", ")));
    text.push_str("]\n");
    for at in 0..1500 {
        text.push_str(&format!("[field.f{at}]\ntype = \"integer\"\ncomputed = \"f{}\"\n", at + 1));
    }
    let mut wide = Sources::new();
    wide.add("a/wide.toml", text.clone()).add("a/wide2.toml", text.replace("wide", "wide2"));
    survives(&wide);
}

/// Loads and shows: neither may panic, and problems are never an empty list.
fn survives(sources: &Sources) {
    if let Err(problems) = model::load(sources, &Options::default()) {
        assert!(!problems.list.is_empty());
        let _ = (problems.to_string(), problems.to_json());
    }
}

#[test]
fn mutated_examples_do_no_harm() {
    let original = sources(&["overlays/acme.change.toml"], "");
    let mut chance = Chance(from_environment("SEED", 7) | 1);
    for _ in 0..from_environment("ROUNDS", 60) {
        let changed = chance.below(original.len());
        let mut candidate = Sources::new();
        for (at, (path, text)) in original.iter().enumerate() {
            let mut text = text.to_string();
            if at == changed || chance.below(8) == 0 {
                for _ in 0..=chance.below(4) {
                    text = mutate(&text, &mut chance);
                }
            }
            candidate.add(path, text);
        }
        survives(&candidate);
    }
}

#[test]
fn noise_does_no_harm() {
    let mut chance = Chance(from_environment("SEED", 7) | 1);
    for _ in 0..from_environment("ROUNDS", 60) * 10 {
        let length = chance.below(400);
        let bytes: Vec<u8> = (0..length).map(|_| chance.next() as u8).collect();
        let pieces: String =
            (0..chance.below(40)).map(|_| PIECES[chance.below(PIECES.len())]).collect();
        let mut noise = Sources::new();
        noise.add("a/change.toml", String::from_utf8_lossy(&bytes));
        noise.add("roles.toml", pieces.clone()).add("a/b.toml", pieces);
        survives(&noise);
    }
}

#[test]
fn depth_and_size_do_no_harm() {
    let deep = [
        "a.".repeat(60_000) + "a = 1",
        format!("[{}]", "a.".repeat(60_000) + "a"),
        "a = ".to_string() + &"[".repeat(60_000),
        "a = ".to_string() + &"{a=".repeat(60_000),
        "x".repeat(1 << 21),
        "[record]\nname = \"".to_string() + &"变".repeat(100_000) + "\"",
    ];
    for text in deep {
        let mut sources = Sources::new();
        sources.add("a/a.toml", text);
        survives(&sources);
    }
}
