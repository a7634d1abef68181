//! Which nodes of the tree are stored, and how any other node is read back from them.
//!
//! The store keeps the nodes of every eighth level (0, 8, 16, ...), one row a node, written once
//! when the node is complete and never changed: level 0 is the leaf hash in the row of the sealed
//! entry; levels 8 and up come from [`crate::Frontier::append`]. That is 1/255 of a row more for
//! each entry. Rows were taken instead of blobs of 256 hashes, because a blob on the right edge
//! would be rewritten with each batch, while a row is only ever added; 256 neighbouring rows are
//! a tile of C2SP tlog-tiles, so tiles can be served or copied out of the house as they are.
//!
//! A proof in a tree of 10^7 leaves reads at most 6 tiles of 256 rows, whatever its position:
//! 3 above the leaf, 3 along the right edge. This file is not the store: what a tile holds comes
//! in through a closure.

use std::collections::HashMap;

use crate::hash::{Hash, node_hash};

/// Levels between stored levels: a tile spans 8, hence 256 hashes.
pub const TILE_HEIGHT: u8 = 8;

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;

/// A complete subtree: its root hash, and its place. It covers the leaves from
/// `index << level` up to, not including, `(index + 1) << level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub level: u8,
    pub index: u64,
    pub hash: Hash,
}

/// A run of stored nodes: those of tree level `8 * level` with an index from `256 * index` on,
/// `width` (1 to 256) of them (C2SP tlog-tiles, "Merkle Tree").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    pub level: u8,
    pub index: u64,
    pub width: u64,
}

impl Tile {
    /// The tree level of the tile's nodes: 0, 8, 16, ...
    pub fn node_level(&self) -> u8 {
        self.level * TILE_HEIGHT
    }

    /// The index of the tile's first node at its tree level.
    pub fn first_node(&self) -> u64 {
        self.index * TILE_WIDTH
    }

    /// The address of the tile below a log's prefix (C2SP tlog-tiles), for example
    /// `tile/0/x001/x234/067` or, for a tile that is not full, `tile/1/000.p/17`.
    pub fn path(&self) -> String {
        let mut groups = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups = format!("x{:03}/{groups}", rest % 1000);
            rest /= 1000;
        }
        let part = match self.width {
            TILE_WIDTH => String::new(),
            width => format!(".p/{width}"),
        };
        format!("tile/{}/{groups}{part}", self.level)
    }
}

/// True for the levels whose nodes are stored: 0, 8, 16, ...
pub fn is_stored(level: u8) -> bool {
    level.is_multiple_of(TILE_HEIGHT)
}

/// How many nodes the tiles of `level` hold in a tree of `size` leaves. Divided by 256: the
/// full tiles; the remainder: the width of the partial one.
pub fn tile_nodes(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT)).unwrap_or(0)
}

/// Answers for any complete node of a tree of `size` leaves from its tiles, reading each tile
/// once. Hand `|level, index| reader.node(level, index)` to the functions of [`crate::proof`].
///
/// The closure is given a tile and answers its hashes in order, exactly `width` of them, or
/// `None` where it cannot; it keeps its own error, if it has one.
pub struct TileReader<'a> {
    size: u64,
    fetch: Box<dyn FnMut(Tile) -> Option<Vec<Hash>> + 'a>,
    kept: HashMap<Tile, Vec<Hash>>,
}

impl<'a> TileReader<'a> {
    /// A reader over the tree of `size` leaves.
    pub fn new(size: u64, fetch: impl FnMut(Tile) -> Option<Vec<Hash>> + 'a) -> TileReader<'a> {
        TileReader { size, fetch: Box::new(fetch), kept: HashMap::new() }
    }

    /// The hash of the complete node at (`level`, `index`); `None` if the tree does not hold it
    /// or its tile was not answered in full.
    pub fn node(&mut self, level: u8, index: u64) -> Option<Hash> {
        let below = level % TILE_HEIGHT;
        let first = index.checked_mul(1 << below)?;
        let tile = self.tile_of(level / TILE_HEIGHT, first)?;
        let start = (first - tile.first_node()) as usize;
        let hashes = self.load(tile)?.get(start..start + (1 << below))?;
        Some(reduce(hashes.to_vec()))
    }

    /// The tile that holds node `first` of tile level `level`, as wide as the tree allows.
    fn tile_of(&self, level: u8, first: u64) -> Option<Tile> {
        let index = first / TILE_WIDTH;
        let present = tile_nodes(self.size, level).checked_sub(index * TILE_WIDTH)?;
        (present > 0).then(|| Tile { level, index, width: present.min(TILE_WIDTH) })
    }

    fn load(&mut self, tile: Tile) -> Option<&[Hash]> {
        if !self.kept.contains_key(&tile) {
            let hashes = (self.fetch)(tile).filter(|found| found.len() as u64 == tile.width)?;
            self.kept.insert(tile, hashes);
        }
        self.kept.get(&tile).map(Vec::as_slice)
    }
}

/// The root over a power of two of hashes, at least one.
fn reduce(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    hashes[0]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::frontier::Frontier;
    use crate::hash::{leaf_hash, root_of};

    #[test]
    fn paths() {
        let tile = |level, index, width| Tile { level, index, width }.path();
        assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile(0, 273, 112), "tile/0/273.p/112");
        assert_eq!(tile(1, 0, 17), "tile/1/000.p/17");
        assert_eq!(tile(0, 1000, 256), "tile/0/x001/000");
    }

    #[test]
    fn tile_counts() {
        assert_eq!(tile_nodes(70_000, 0), 273 * 256 + 112);
        assert_eq!(tile_nodes(70_000, 1), 256 + 17);
        assert_eq!(tile_nodes(70_000, 2), 1);
        assert_eq!(tile_nodes(70_000, 3), 0);
        assert_eq!(tile_nodes(u64::MAX, 255), 0);
    }

    #[test]
    fn every_node_is_read_back_from_stored_ones() {
        let leaves: Vec<Hash> = (0..1500u64).map(|i| leaf_hash(&i.to_be_bytes())).collect();
        let upper = Frontier::new().append_all(&leaves);
        let mut reader = TileReader::new(1500, |tile| match tile.level {
            0 => {
                let first = tile.first_node() as usize;
                Some(leaves[first..first + tile.width as usize].to_vec())
            }
            _ => Some(upper.iter().map(|node| node.hash).collect()),
        });
        for level in 0..=10u8 {
            for index in 0..1500u64 >> level {
                let first = (index as usize) << level;
                let wanted = root_of(&leaves[first..first + (1 << level)]);
                assert_eq!(reader.node(level, index), Some(wanted), "{level} {index}");
            }
            assert_eq!(reader.node(level, 1500 >> level), None, "beyond the edge at {level}");
        }
        assert_eq!(reader.node(3, u64::MAX), None);
        assert_eq!(reader.node(255, 0), None);
    }

    #[test]
    fn a_tile_of_the_wrong_width_is_not_used() {
        let hash = leaf_hash(b"");
        assert_eq!(TileReader::new(4, |_| Some(vec![hash; 3])).node(0, 0), None);
        assert_eq!(TileReader::new(4, |_| Some(vec![hash; 5])).node(0, 0), None);
        assert_eq!(TileReader::new(4, |_| None).node(0, 0), None);
        assert_eq!(TileReader::new(4, |_| Some(vec![hash; 4])).node(0, 0), Some(hash));
    }
}
