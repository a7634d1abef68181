//! Proofs judged: inclusion and consistency, by the iterative algorithms of RFC 9162. Needs no
//! tree and no store: sizes, hashes and the path are enough. Making proofs is `proof`.

use std::fmt;

use crate::hash::{Hash, empty_root, node_hash};

/// Why a proof is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofFault {
    /// The leaf is not in a tree of that size, or the earlier tree is larger than the later.
    OutOfRange,
    /// The path has more or fewer hashes than the sizes demand.
    WrongLength,
    /// The path leads to another root than the one given.
    RootDiffers,
}

impl fmt::Display for ProofFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            ProofFault::OutOfRange => "the proof is for a place outside of the tree",
            ProofFault::WrongLength => "the proof has the wrong number of hashes",
            ProofFault::RootDiffers => "the proof leads to another root",
        })
    }
}

impl std::error::Error for ProofFault {}

/// Accepts if `path` proves that `leaf` is the leaf at `index` of the tree of `size` leaves with
/// this `root` (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    path: &[Hash],
    root: &Hash,
) -> Result<(), ProofFault> {
    if index >= size {
        return Err(ProofFault::OutOfRange);
    }
    let mut walk = Walk { place: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in path {
        hash = match walk.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    walk.finish()?;
    same(&hash, root)
}

/// Accepts if `path` proves that the tree of `first` leaves with root `earlier` is the beginning
/// of the tree of `second` leaves with root `later` (RFC 9162 section 2.1.4.2). For equal sizes
/// the path is empty and the roots are equal; the empty tree is the beginning of every tree.
pub fn verify_consistency(
    first: u64,
    second: u64,
    path: &[Hash],
    earlier: &Hash,
    later: &Hash,
) -> Result<(), ProofFault> {
    if first > second {
        return Err(ProofFault::OutOfRange);
    }
    if first == 0 || first == second {
        let expected = if first == second { *later } else { empty_root() };
        same(earlier, &expected)?;
        // A tree of no leaves has one root, whoever states it.
        if second == 0 {
            same(later, &empty_root())?;
        }
        return if path.is_empty() { Ok(()) } else { Err(ProofFault::WrongLength) };
    }
    consistency_walk(first, second, path, earlier, later)
}

fn consistency_walk(
    first: u64,
    second: u64,
    path: &[Hash],
    earlier: &Hash,
    later: &Hash,
) -> Result<(), ProofFault> {
    let shift = (first - 1).trailing_ones();
    let mut walk = Walk { place: (first - 1) >> shift, last: (second - 1) >> shift };
    // A perfect earlier tree is itself the start of the walk, and is not repeated in the path.
    let (start, rest) = match (first.is_power_of_two(), path.split_first()) {
        (_, None) => return Err(ProofFault::WrongLength),
        (true, Some(_)) => (earlier, path),
        (false, Some((start, rest))) => (start, rest),
    };
    let (mut old, mut new) = (*start, *start);
    for sibling in rest {
        match walk.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    walk.finish()?;
    same(&old, earlier)?;
    same(&new, later)
}

/// On which side of the node at hand its sibling in the path lies.
enum Side {
    Left,
    Right,
}

/// The climb from a node to the root: its index and that of the last node of the same level.
struct Walk {
    place: u64,
    last: u64,
}

impl Walk {
    fn step(&mut self) -> Result<Side, ProofFault> {
        if self.last == 0 {
            return Err(ProofFault::WrongLength);
        }
        let side = if self.place & 1 == 1 || self.place == self.last {
            // Levels at which the node has no sibling are passed over.
            while self.place & 1 == 0 && self.place != 0 {
                self.climb();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.climb();
        Ok(side)
    }

    fn climb(&mut self) {
        self.place >>= 1;
        self.last >>= 1;
    }

    fn finish(&self) -> Result<(), ProofFault> {
        if self.last == 0 { Ok(()) } else { Err(ProofFault::WrongLength) }
    }
}

fn same(found: &Hash, expected: &Hash) -> Result<(), ProofFault> {
    if found == expected { Ok(()) } else { Err(ProofFault::RootDiffers) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::{leaf_hash, root_of};
    use crate::proof::{consistency_proof, inclusion_proof};

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    fn source(leaves: &[Hash]) -> impl FnMut(u8, u64) -> Option<Hash> + '_ {
        |level, index| {
            let first = (index as usize) << level;
            leaves.get(first..first + (1 << level)).map(root_of)
        }
    }

    /// Every path that differs from `path` in one bit of one hash, one hash more, less, swapped.
    fn damaged(path: &[Hash]) -> Vec<Vec<Hash>> {
        let mut all = Vec::new();
        for index in 0..path.len() {
            let mut flipped = path.to_vec();
            flipped[index].0[index % 32] ^= 1 << (index % 8);
            let mut shorter = path.to_vec();
            shorter.remove(index);
            let mut doubled = path.to_vec();
            doubled.insert(index, path[index]);
            all.extend([flipped, shorter, doubled]);
            if index > 0 {
                let mut swapped = path.to_vec();
                swapped.swap(index - 1, index);
                all.push(swapped);
            }
        }
        let mut longer = path.to_vec();
        longer.push(leaf_hash(b"more"));
        all.push(longer);
        all
    }

    #[test]
    fn damaged_inclusion_proofs_are_refused() {
        let leaves = leaves(21);
        let root = root_of(&leaves);
        let other = root_of(&leaves[..20]);
        for index in 0..21u64 {
            let leaf = &leaves[index as usize];
            let path = inclusion_proof(index, 21, &mut source(&leaves)).unwrap();
            for wrong in damaged(&path) {
                assert!(verify_inclusion(index, 21, leaf, &wrong, &root).is_err());
            }
            assert!(verify_inclusion(index, 21, leaf, &path, &other).is_err());
            assert!(verify_inclusion(index, 21, &leaf_hash(b""), &path, &root).is_err());
            assert!(verify_inclusion((index + 1) % 21, 21, leaf, &path, &root).is_err());
            assert!(verify_inclusion(21, 21, leaf, &path, &root).is_err());
        }
    }

    #[test]
    fn damaged_consistency_proofs_are_refused() {
        let leaves = leaves(21);
        let later = root_of(&leaves);
        for first in 1..21u64 {
            let earlier = root_of(&leaves[..first as usize]);
            let path = consistency_proof(first, 21, &mut source(&leaves)).unwrap();
            for wrong in damaged(&path) {
                assert!(verify_consistency(first, 21, &wrong, &earlier, &later).is_err());
            }
            assert!(verify_consistency(first, 21, &[], &earlier, &later).is_err());
            assert!(verify_consistency(first, 21, &path, &later, &later).is_err());
            assert!(verify_consistency(first, 21, &path, &earlier, &earlier).is_err());
        }
    }

    #[test]
    fn edges() {
        let leaves = leaves(3);
        let (empty, three) = (empty_root(), root_of(&leaves));
        let outside = Err(ProofFault::OutOfRange);
        let differs = Err(ProofFault::RootDiffers);
        let length = Err(ProofFault::WrongLength);
        assert_eq!(verify_consistency(0, 0, &[], &empty, &empty), Ok(()));
        assert_eq!(verify_consistency(0, 0, &[], &three, &three), differs);
        assert_eq!(verify_consistency(0, 3, &[], &empty, &three), Ok(()));
        assert_eq!(verify_consistency(0, 3, &[], &three, &three), differs);
        assert_eq!(verify_consistency(0, 3, &[three], &empty, &three), length);
        assert_eq!(verify_consistency(3, 3, &[], &three, &three), Ok(()));
        assert_eq!(verify_consistency(3, 3, &[], &empty, &three), differs);
        assert_eq!(verify_consistency(3, 2, &[], &three, &three), outside);
        assert_eq!(verify_inclusion(0, 0, &three, &[], &empty), outside);
        assert_eq!(verify_inclusion(0, 1, &leaves[0], &[], &leaves[0]), Ok(()));
        let top = u64::MAX;
        assert_eq!(verify_inclusion(top - 1, top, &three, &[], &three), length);
    }
}
