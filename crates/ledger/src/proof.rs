//! Proofs made from stored nodes: that a leaf is in a tree, that a tree is the beginning of a
//! later one. Judging a proof is `check`, apart on purpose: it follows another algorithm, so
//! that an error in one does not hide in the other.
//!
//! Each function takes a closure (level, index) -> hash of that complete node; with
//! [`crate::TileReader`] it reads a few tiles, whatever the size of the tree.

use std::fmt;

use crate::hash::{Hash, empty_root, node_hash, split_point};

/// Answers the hash of the complete node at (level, index), or `None` if it cannot.
pub type NodeSource<'a> = dyn FnMut(u8, u64) -> Option<Hash> + 'a;

/// Why a proof cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The leaf is not in the tree, or the earlier tree is larger than the later one.
    OutOfRange { asked: u64, size: u64 },
    /// The source did not answer for a node that it should hold.
    MissingNode { level: u8, index: u64 },
}

impl fmt::Display for ProofError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProofError::OutOfRange { asked, size } => {
                write!(out, "{asked} is out of range in a tree of {size} leaves")
            }
            ProofError::MissingNode { level, index } => {
                write!(out, "the stored node at level {level}, index {index} is missing")
            }
        }
    }
}

impl std::error::Error for ProofError {}

/// The root of the tree of the first `size` leaves: what it was, for any size up to today's.
pub fn root_at(size: u64, node: &mut NodeSource) -> Result<Hash, ProofError> {
    match size {
        0 => Ok(empty_root()),
        _ => range_root(0, size, node),
    }
}

/// The inclusion proof of leaf `index` in the tree of `size` leaves: the sibling hashes from
/// the leaf upwards (RFC 9162 section 2.1.3.1).
pub fn inclusion_proof(
    index: u64,
    size: u64,
    node: &mut NodeSource,
) -> Result<Vec<Hash>, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange { asked: index, size });
    }
    // Walked from the root down, so the path is turned round at the end.
    let (mut path, mut begin, mut count) = (Vec::new(), 0, size);
    while count > 1 {
        let left = split_point(count);
        if index - begin < left {
            path.push(range_root(begin + left, count - left, node)?);
            count = left;
        } else {
            path.push(range_root(begin, left, node)?);
            begin += left;
            count -= left;
        }
    }
    path.reverse();
    Ok(path)
}

/// The consistency proof from the tree of `first` leaves to that of `second` leaves (RFC 9162
/// section 2.1.4.1). Empty if the sizes are equal or `first` is 0.
pub fn consistency_proof(
    first: u64,
    second: u64,
    node: &mut NodeSource,
) -> Result<Vec<Hash>, ProofError> {
    if first > second {
        return Err(ProofError::OutOfRange { asked: first, size: second });
    }
    if first == 0 || first == second {
        return Ok(Vec::new());
    }
    // `inside`: how many leaves of the earlier tree lie in the range at hand. While the range
    // starts at 0 the earlier root, if met, is known to the reader and left out.
    let (mut path, mut begin, mut count, mut inside) = (Vec::new(), 0, second, first);
    while inside < count {
        let left = split_point(count);
        if inside <= left {
            path.push(range_root(begin + left, count - left, node)?);
            count = left;
        } else {
            path.push(range_root(begin, left, node)?);
            begin += left;
            count -= left;
            inside -= left;
        }
    }
    if begin > 0 {
        path.push(range_root(begin, count, node)?);
    }
    path.reverse();
    Ok(path)
}

/// The root over the `count` (1 or more) leaves from `begin` on, where `begin` is a multiple of
/// the power of two that covers `count`, as every range met above is.
fn range_root(begin: u64, count: u64, node: &mut NodeSource) -> Result<Hash, ProofError> {
    if count.is_power_of_two() {
        let level = count.trailing_zeros() as u8;
        let index = begin >> level;
        return node(level, index).ok_or(ProofError::MissingNode { level, index });
    }
    let left = split_point(count);
    let first = range_root(begin, left, node)?;
    Ok(node_hash(&first, &range_root(begin + left, count - left, node)?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::check::{verify_consistency, verify_inclusion};
    use crate::hash::{leaf_hash, root_of};
    use crate::tile::TileReader;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    fn source(leaves: &[Hash]) -> impl FnMut(u8, u64) -> Option<Hash> + '_ {
        |level, index| {
            let first = (index as usize) << level;
            leaves.get(first..first + (1 << level)).map(root_of)
        }
    }

    #[test]
    fn every_proof_up_to_65_leaves_is_accepted() {
        let leaves = leaves(65);
        for size in 0..=65u64 {
            let root = root_of(&leaves[..size as usize]);
            assert_eq!(root_at(size, &mut source(&leaves)), Ok(root));
            for index in 0..size {
                let path = inclusion_proof(index, size, &mut source(&leaves)).unwrap();
                let leaf = &leaves[index as usize];
                assert_eq!(verify_inclusion(index, size, leaf, &path, &root), Ok(()));
            }
            for first in 0..=size {
                let path = consistency_proof(first, size, &mut source(&leaves)).unwrap();
                let earlier = root_of(&leaves[..first as usize]);
                assert_eq!(verify_consistency(first, size, &path, &earlier, &root), Ok(()));
            }
        }
    }

    #[test]
    fn what_cannot_be_proved_is_refused() {
        let leaves = leaves(5);
        let far = ProofError::OutOfRange { asked: 5, size: 5 };
        assert_eq!(inclusion_proof(5, 5, &mut source(&leaves)), Err(far));
        let back = ProofError::OutOfRange { asked: 6, size: 5 };
        assert_eq!(consistency_proof(6, 5, &mut source(&leaves)), Err(back));
        let gone = ProofError::MissingNode { level: 2, index: 0 };
        assert_eq!(inclusion_proof(4, 5, &mut |_, _| None), Err(gone));
        assert_eq!(root_at(5, &mut |_, _| None), Err(gone));
    }

    #[test]
    fn proofs_over_ten_million_leaves_read_six_tiles_at_most() {
        let size = 10_000_000;
        for index in [0, 1, 4_999_999, 8_388_607, 8_388_608, 9_999_999] {
            let mut read = Vec::new();
            let mut tiles = TileReader::new(size, |tile| {
                read.push(tile);
                Some(vec![empty_root(); tile.width as usize])
            });
            let mut node = |level, index| tiles.node(level, index);
            let path = inclusion_proof(index, size, &mut node).unwrap();
            assert!(path.len() >= 7, "{index}: {}", path.len());
            consistency_proof(index + 1, size, &mut node).unwrap();
            drop(tiles);
            assert!(read.len() <= 6, "{index}: {read:?}");
        }
    }
}
