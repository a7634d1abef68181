//! The hashes of the tree: SHA-256 with the prefixes of RFC 9162 section 2.1.1 (those of
//! RFC 6962). What goes into a leaf is not decided here but in `entry`.

use std::fmt;

use sha2::{Digest, Sha256};

/// A SHA-256 hash: 32 bytes, shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Reads 64 lower-case hexadecimal digits. Anything else is `None`: upper case too, so that
    /// a hash has one written form only.
    pub fn from_hex(text: &str) -> Option<Hash> {
        let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0u8; 32];
        (lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(Hash(bytes))
    }

    /// Reads exactly 32 bytes; any other length is `None`.
    pub fn from_slice(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Hash({self})")
    }
}

/// The root of the tree without leaves: the hash of nothing (RFC 9162 section 2.1.1).
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The hash of a leaf: SHA-256(0x00 || content) (RFC 9162 section 2.1.1).
pub fn leaf_hash(content: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(content).finalize().into())
}

/// The hash of an inner node: SHA-256(0x01 || left || right) (RFC 9162 section 2.1.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let digest = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
    Hash(digest.finalize().into())
}

/// The root over `leaves`, computed by the recursive definition. For short lists and as the
/// yardstick of tests; a growing tree uses [`crate::Frontier`].
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split_point(leaves.len() as u64) as usize);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The largest power of two below `size`, where a tree of `size` (2 or more) leaves divides.
pub(crate) fn split_point(size: u64) -> u64 {
    debug_assert!(size >= 2);
    1 << (63 - (size - 1).leading_zeros())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn known_hashes() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(empty_root().to_string(), empty);
        assert_eq!(leaf_hash(b"").to_string(), leaf);
        let two = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
        assert_eq!(root_of(&[leaf_hash(b""), leaf_hash(b"\0")]).to_string(), two);
    }

    #[test]
    fn a_leaf_is_never_a_node() {
        let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
        let joined = [left.0, right.0].concat();
        assert_ne!(leaf_hash(&joined), node_hash(&left, &right));
        assert_ne!(node_hash(&left, &right), node_hash(&right, &left));
    }

    #[test]
    fn one_written_form() {
        let hash = leaf_hash(b"x");
        let text = hash.to_string();
        assert_eq!(Hash::from_hex(&text), Some(hash));
        assert_eq!(Hash::from_hex(&text.to_uppercase()), None);
        assert_eq!(Hash::from_hex(&text[2..]), None);
        assert_eq!(Hash::from_hex(&format!("{text}00")), None);
        assert_eq!(Hash::from_slice(&hash.0), Some(hash));
        assert_eq!(Hash::from_slice(&hash.0[1..]), None);
    }

    #[test]
    fn split_points() {
        let table = [(2, 1), (3, 2), (4, 2), (5, 4), (8, 4), (9, 8), (u64::MAX, 1 << 63)];
        for (size, split) in table {
            assert_eq!(split_point(size), split, "{size}");
        }
    }
}
