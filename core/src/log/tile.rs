//! The hashes of a tree as files that never change (c2sp.org/tlog-tiles).
//!
//! A tile holds up to 256 hashes of one level that follow each other: of level 0 the leaves, above that the roots of the
//! full tiles below. All other hashes of the tree are computed from these.

mod grow;
mod path;
mod set;

use thiserror::Error;

use super::{Hash, Node};

pub use grow::{edge, grow, touched};
pub use path::PathError;
pub use set::{MissingTile, Tiles, needed};

/// Hashes of a full tile.
pub const WIDTH: u16 = 256;

/// Levels of the tree that one level of tiles spans.
const HEIGHT: u8 = 8;

/// Which tile, and how many hashes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

/// Bytes that are not those of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{found} bytes are not the {width} hashes of {tile}, which have {}", usize::from(*width) * 32)]
pub struct ContentError {
    /// The tile.
    pub tile: Tile,
    /// Its hashes.
    pub width: u16,
    /// Bytes that were given.
    pub found: usize,
}

impl Tile {
    /// The tile of this level and index in a tree of `size` entries: full, partial, or none where it would be empty.
    #[must_use]
    pub fn at(level: u8, index: u64, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(u32::from(level) * u32::from(HEIGHT))?;
        let before = index.checked_mul(u64::from(WIDTH))?;
        let width = u16::try_from(hashes.saturating_sub(before).min(u64::from(WIDTH))).ok()?;
        (width > 0).then_some(Self {
            level,
            index,
            width,
        })
    }

    /// The tile of a tree of `size` entries out of which the hash of a complete subtree is read or computed; none when
    /// that tree does not have the subtree.
    #[must_use]
    pub fn of(node: Node, size: u64) -> Option<Self> {
        let (level, hashes) = place(node)?;
        let tile = Self::at(level, hashes.start / u64::from(WIDTH), size)?;
        let end = tile.index * u64::from(WIDTH) + u64::from(tile.width);
        (hashes.end <= end).then_some(tile)
    }

    /// Its level, 0 for the tiles of leaves.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.level
    }

    /// How many tiles of its level are before it.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// Its hashes, 1 to 256.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether hashes are still to come. What a full tile holds never changes; a partial one is the beginning of the
    /// wider ones.
    #[must_use]
    pub const fn is_partial(self) -> bool {
        self.width < WIDTH
    }

    /// The tile's bytes, as they are stored and served.
    #[must_use]
    pub fn bytes(hashes: &[Hash]) -> Vec<u8> {
        hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
    }

    /// The hashes of a tile's bytes.
    ///
    /// # Errors
    /// [`ContentError`] when these are not exactly as many as the tile has.
    pub fn hashes(self, bytes: &[u8]) -> Result<Vec<Hash>, ContentError> {
        if bytes.len() != usize::from(self.width) * 32 {
            return Err(ContentError {
                tile: self,
                width: self.width,
                found: bytes.len(),
            });
        }
        let (chunks, _) = bytes.as_chunks::<32>();
        Ok(chunks.iter().copied().map(Hash::from_bytes).collect())
    }
}

/// On which level of tiles, and over which hashes of that level, a complete subtree lies.
fn place(node: Node) -> Option<(u8, std::ops::Range<u64>)> {
    let up = u32::from(node.level % HEIGHT);
    let start = node.index.checked_mul(1 << up)?;
    let end = start.checked_add(1 << up)?;
    Some((node.level / HEIGHT, start..end))
}

#[cfg(test)]
mod tests;
