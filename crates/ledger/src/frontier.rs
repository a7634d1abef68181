//! The right edge of a growing tree: the roots of its perfect subtrees, largest first, which is
//! all that appending and the root need. It is not the tree: proofs read stored nodes (`tile`,
//! `proof`). Apart because it is the state that the sealer stores and the verifier carries.

use std::fmt;

use crate::MAX_SIZE;
use crate::hash::{Hash, empty_root, node_hash};
use crate::tile::{Node, is_stored};

/// The tree of the first `size` leaves, as the roots of its perfect subtrees (RFC 9162 section
/// 2.1.2 keeps the same stack). At most 62 hashes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    // One root for each bit set in `size`, highest bit first.
    roots: Vec<Hash>,
}

/// Why bytes are not a stored frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontierError {
    /// The first byte names a form that is not known here.
    Version(u8),
    /// The number of bytes does not fit the size that they state, or the size is too large.
    Length,
}

impl fmt::Display for FrontierError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrontierError::Version(byte) => write!(out, "unknown frontier version {byte}"),
            FrontierError::Length => out.write_str("the frontier's length does not fit its size"),
        }
    }
}

impl std::error::Error for FrontierError {}

const VERSION: u8 = 1;

impl Frontier {
    /// The tree without leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// The number of leaves; also the position of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash and pushes on `completed` the nodes of stored levels above the
    /// leaves that it completes (see [`crate::tile`]): on average one in 255 calls pushes one.
    /// The leaf hash itself (level 0) is the caller's to store with the entry.
    pub fn append(&mut self, leaf: Hash, completed: &mut Vec<Node>) {
        let (mut hash, mut level) = (leaf, 0u8);
        while self.size >> level & 1 == 1 {
            let Some(left) = self.roots.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            if is_stored(level) {
                completed.push(Node { level, index: self.size >> level, hash });
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Appends a batch in order and returns the nodes to store, lowest position first.
    pub fn append_all(&mut self, leaves: &[Hash]) -> Vec<Node> {
        let mut completed = Vec::new();
        for leaf in leaves {
            self.append(*leaf, &mut completed);
        }
        completed
    }

    /// The root now (RFC 9162 section 2.1.1).
    pub fn root(&self) -> Hash {
        let joined =
            self.roots.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(empty_root)
    }

    /// The stored form: a version byte (1), the size as 8 bytes big-endian, then 32 bytes for
    /// each perfect subtree, largest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(9 + 32 * self.roots.len());
        bytes.push(VERSION);
        bytes.extend(self.size.to_be_bytes());
        for root in &self.roots {
            bytes.extend(root.0);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote. Whether the hashes are right shows only when
    /// the root is compared with a checkpoint.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, FrontierError> {
        let (version, rest) = bytes.split_first().ok_or(FrontierError::Length)?;
        if *version != VERSION {
            return Err(FrontierError::Version(*version));
        }
        let (size, rest) = rest.split_first_chunk::<8>().ok_or(FrontierError::Length)?;
        let size = u64::from_be_bytes(*size);
        if size > MAX_SIZE || rest.len() != 32 * size.count_ones() as usize {
            return Err(FrontierError::Length);
        }
        Ok(Frontier { size, roots: rest.chunks_exact(32).filter_map(Hash::from_slice).collect() })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::{leaf_hash, root_of};

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    #[test]
    fn root_agrees_with_the_definition_at_every_size() {
        let (leaves, mut frontier) = (leaves(300), Frontier::new());
        for size in 0..leaves.len() {
            assert_eq!(frontier.root(), root_of(&leaves[..size]), "size {size}");
            frontier.append(leaves[size], &mut Vec::new());
        }
        assert_eq!(frontier.size(), 300);
    }

    #[test]
    fn completed_nodes_are_the_subtree_roots_of_levels_8_and_16() {
        let leaves = leaves(70_000);
        let nodes = Frontier::new().append_all(&leaves);
        assert_eq!(nodes.iter().filter(|node| node.level == 8).count(), 273);
        assert_eq!(nodes.iter().filter(|node| node.level == 16).count(), 1);
        assert_eq!(nodes.len(), 274);
        for node in nodes {
            let first = (node.index as usize) << node.level;
            let part = &leaves[first..first + (1 << node.level)];
            assert_eq!(node.hash, root_of(part), "{} {}", node.level, node.index);
        }
    }

    #[test]
    fn stored_form_returns_at_every_size() {
        let (leaves, mut frontier) = (leaves(70), Frontier::new());
        for leaf in leaves {
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
            frontier.append(leaf, &mut Vec::new());
        }
    }

    #[test]
    fn wrong_bytes_are_refused() {
        let mut frontier = Frontier::new();
        frontier.append_all(&leaves(7));
        let bytes = frontier.to_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(Frontier::from_bytes(&bytes[..cut]), Err(FrontierError::Length), "{cut}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(Frontier::from_bytes(&longer), Err(FrontierError::Length));
        let mut other = bytes;
        other[0] = 2;
        assert_eq!(Frontier::from_bytes(&other), Err(FrontierError::Version(2)));
        let mut huge = vec![VERSION];
        huge.extend(u64::MAX.to_be_bytes());
        huge.extend([0u8; 64 * 32]);
        assert_eq!(Frontier::from_bytes(&huge), Err(FrontierError::Length));
    }
}
