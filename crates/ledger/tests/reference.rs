//! The reference vectors of RFC 6962 and C2SP tlog-tiles in `reference/merkle.json` of the shared
//! folder: `EVENKEEL_SHARED`, or `shared` beside the checkout. Without the folder each test says
//! so and passes; the same roots are tested in `hash.rs` and `proof.rs` in any case.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::path::PathBuf;

use ledger::check::{verify_consistency, verify_inclusion};
use ledger::hash::{leaf_hash, root_of};
use ledger::proof::{consistency_proof, inclusion_proof, root_at};
use ledger::tile::{TILE_WIDTH, tile_nodes};
use ledger::{Frontier, Hash, TileReader};
use serde_json::Value;

/// The vectors; `None`, with a printed line, if the folder is absent.
fn vectors() -> Option<Value> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("EVENKEEL_SHARED").map_or(beside, PathBuf::from);
    let path = shared.join("reference/merkle.json");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn hash(value: &Value) -> Hash {
    Hash::from_hex(value.as_str().unwrap()).unwrap()
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hash).collect()
}

fn leaves(vectors: &Value) -> Vec<Hash> {
    let contents = vectors["leaves_hex"].as_array().unwrap().iter();
    contents.map(|text| leaf_hash(&hex::decode(text.as_str().unwrap()).unwrap())).collect()
}

fn roots(vectors: &Value) -> Vec<Hash> {
    hashes(&vectors["roots"])
}

/// The nodes of the tree of the vectors, through tiles.
fn reader(leaves: &[Hash]) -> TileReader<'_> {
    TileReader::new(leaves.len() as u64, |tile| {
        let first = tile.first_node() as usize;
        leaves.get(first..first + tile.width as usize).map(<[Hash]>::to_vec)
    })
}

#[test]
fn roots_of_all_sizes() {
    let Some(vectors) = vectors() else { return };
    let (leaves, roots) = (leaves(&vectors), roots(&vectors));
    assert_eq!((leaves.len(), roots.len()), (8, 9));
    let mut frontier = Frontier::new();
    for (size, wanted) in roots.iter().enumerate() {
        assert_eq!(hash(&vectors["published_roots"][size.to_string()]), *wanted);
        assert_eq!(frontier.root(), *wanted, "frontier of {size}");
        assert_eq!(root_of(&leaves[..size]), *wanted, "definition for {size}");
        let mut tiles = reader(&leaves);
        let found = root_at(size as u64, &mut |level, index| tiles.node(level, index));
        assert_eq!(found, Ok(*wanted), "stored nodes for {size}");
        if let Some(leaf) = leaves.get(size) {
            frontier.append(*leaf, &mut Vec::new());
        }
    }
}

#[test]
fn inclusion_proofs() {
    let Some(vectors) = vectors() else { return };
    let (leaves, roots) = (leaves(&vectors), roots(&vectors));
    let cases = vectors["inclusion"].as_array().unwrap();
    assert_eq!(cases.len(), 36);
    for case in cases {
        let (index, size) = (case["index"].as_u64().unwrap(), case["size"].as_u64().unwrap());
        let wanted = hashes(&case["path"]);
        let mut tiles = reader(&leaves);
        let made = inclusion_proof(index, size, &mut |level, index| tiles.node(level, index));
        assert_eq!(made, Ok(wanted.clone()), "{case}");
        let (leaf, root) = (&leaves[index as usize], &roots[size as usize]);
        assert_eq!(verify_inclusion(index, size, leaf, &wanted, root), Ok(()), "{case}");
        let other = &roots[size as usize - 1];
        assert!(verify_inclusion(index, size, leaf, &wanted, other).is_err(), "{case}");
    }
}

#[test]
fn consistency_proofs() {
    let Some(vectors) = vectors() else { return };
    let (leaves, roots) = (leaves(&vectors), roots(&vectors));
    let cases = vectors["consistency"].as_array().unwrap();
    assert_eq!(cases.len(), 36);
    for case in cases {
        let (first, second) = (case["first"].as_u64().unwrap(), case["second"].as_u64().unwrap());
        let wanted = hashes(&case["proof"]);
        let mut tiles = reader(&leaves);
        let made = consistency_proof(first, second, &mut |level, index| tiles.node(level, index));
        assert_eq!(made, Ok(wanted.clone()), "{case}");
        let (earlier, later) = (&roots[first as usize], &roots[second as usize]);
        assert_eq!(verify_consistency(first, second, &wanted, earlier, later), Ok(()), "{case}");
        let other = &roots[first as usize - 1];
        assert!(verify_consistency(first, second, &wanted, other, later).is_err(), "{case}");
    }
}

#[test]
fn widths_of_tiles() {
    let Some(vectors) = vectors() else { return };
    let example = &vectors["tiles_example"];
    let size = example["size"].as_u64().unwrap();
    let published = example["published"].as_object().unwrap();
    assert_eq!(published.len(), 5);
    for (name, wanted) in published {
        let (part, level) = name.split_once("_l").unwrap();
        let nodes = tile_nodes(size, level.parse().unwrap());
        let found = match part {
            "full" => nodes / TILE_WIDTH,
            "partial" => nodes % TILE_WIDTH,
            _ => panic!("unknown figure {name}"),
        };
        assert_eq!(Some(found), wanted.as_u64(), "{name}");
    }
}
