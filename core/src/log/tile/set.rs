//! Tiles that were loaded, to read hashes out of.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{Hash, Node, Tile, WIDTH, place};

/// A hash that is in none of the tiles that were loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the hash of subtree {} of level {} is in none of the tiles that were loaded", node.index, node.level)]
pub struct MissingTile {
    /// The subtree.
    pub node: Node,
}

/// Tiles by level and index. Of several widths of one tile the widest is kept: the others are its beginning.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<(u8, u64), Vec<Hash>>);

impl Tiles {
    /// Adds a tile, or as much of it as is stored.
    pub fn insert(&mut self, level: u8, index: u64, hashes: Vec<Hash>) {
        let known = self.0.entry((level, index)).or_default();
        if known.len() < hashes.len() {
            *known = hashes;
        }
    }

    /// The hashes of a tile, as far as they are known.
    #[must_use]
    pub fn get(&self, level: u8, index: u64) -> &[Hash] {
        self.0.get(&(level, index)).map_or(&[], Vec::as_slice)
    }

    /// The hash of a complete subtree; this is what [`crate::log::Plan::read`] asks for.
    ///
    /// # Errors
    /// [`MissingTile`] when it cannot be computed from these tiles.
    pub fn read(&self, node: Node) -> Result<Hash, MissingTile> {
        let missing = MissingTile { node };
        let (level, hashes) = place(node).ok_or(missing)?;
        let width = u64::from(WIDTH);
        let within = |at: u64| usize::try_from(at).map_err(|_| missing);
        let start = within(hashes.start % width)?;
        let end = start + within(hashes.end - hashes.start)?;
        self.get(level, hashes.start / width)
            .get(start..end)
            .map(complete)
            .ok_or(missing)
    }
}

/// The root of a complete subtree over hashes, whose number is a power of two.
pub(super) fn complete(hashes: &[Hash]) -> Hash {
    let mut hashes = hashes.to_vec();
    while hashes.len() > 1 {
        let (pairs, _) = hashes.as_chunks::<2>();
        hashes = pairs
            .iter()
            .map(|[left, right]| Hash::node(left, right))
            .collect();
    }
    hashes.first().copied().unwrap_or(Hash::EMPTY)
}

/// The tiles of a tree of `size` entries that the hashes of these subtrees are read from.
pub fn needed(nodes: impl IntoIterator<Item = Node>, size: u64) -> BTreeSet<Tile> {
    nodes
        .into_iter()
        .filter_map(|node| Tile::of(node, size))
        .collect()
}
