//! Tiles of a tree that grows.

use super::{Hash, MissingTile, Node, Tile, Tiles, WIDTH, set::complete};

/// The partial tiles on the right border of a tree of `size` entries: what must be loaded to let it grow.
#[must_use]
pub fn edge(size: u64) -> Vec<Tile> {
    (0..)
        .map_while(|level| Some((level, hashes_of(size, level)?)))
        .filter_map(|(level, hashes)| Tile::at(level, hashes / u64::from(WIDTH), size))
        .collect()
}

/// The tiles that are new or wider in a tree of `new` entries than in one of `old`, of level 0 first, with their widths in
/// the new tree: what must be stored before a checkpoint of it is signed.
#[must_use]
pub fn touched(old: u64, new: u64) -> Vec<Tile> {
    let width = u64::from(WIDTH);
    (0..)
        .map_while(|level| Some((level, hashes_of(new, level)?)))
        .flat_map(|(level, hashes)| {
            let before = hashes_of(old, level).unwrap_or(0);
            let last = match hashes > before {
                true => hashes.div_ceil(width),
                false => 0,
            };
            (before / width..last).filter_map(move |index| Tile::at(level, index, new))
        })
        .collect()
}

/// Appends leaves to the tiles of a tree of `size` entries: the new content of every tile of [`touched`], in that order.
///
/// # Errors
/// [`MissingTile`] when `tiles` lacks one of [`edge`].
pub fn grow(
    tiles: &Tiles,
    size: u64,
    leaves: &[Hash],
) -> Result<Vec<(Tile, Vec<Hash>)>, MissingTile> {
    let width = usize::from(WIDTH);
    let mut changed = Vec::new();
    let mut level = 0;
    let mut before = size;
    let mut new = leaves.to_vec();
    while !new.is_empty() {
        let first = before / u64::from(WIDTH);
        let kept = usize::try_from(before % u64::from(WIDTH)).unwrap_or(0);
        let known = tiles.get(level, first).get(..kept).ok_or(MissingTile {
            node: Node {
                level: level * super::HEIGHT,
                index: before.saturating_sub(1),
            },
        })?;
        let all = [known, &new].concat();
        let mut above = Vec::new();
        for (index, hashes) in (first..).zip(all.chunks(width)) {
            if hashes.len() == width {
                above.push(complete(hashes));
            }
            let tile = Tile {
                level,
                index,
                width: u16::try_from(hashes.len()).unwrap_or(WIDTH),
            };
            changed.push((tile, hashes.to_vec()));
        }
        (level, before, new) = (level + 1, first, above);
    }
    Ok(changed)
}

/// Hashes of a level of tiles in a tree of `size` entries; none above the last level that has any.
fn hashes_of(size: u64, level: u8) -> Option<u64> {
    size.checked_shr(u32::from(level) * u32::from(super::HEIGHT))
        .filter(|hashes| *hashes > 0)
}
