//! Which hashes of a tree make up a proof.

use thiserror::Error;

use super::{Hash, MAX_SIZE};

/// A complete subtree: 2^level leaves, the first of them at `index` × 2^level. Its hash never changes once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// How many levels it is above its leaves; a leaf is of level 0.
    pub level: u8,
    /// How many subtrees of this level are left of it.
    pub index: u64,
}

/// A proof that there cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlanError {
    /// The entry is not there.
    #[error("there is no entry {index} in a tree of {size}; the first is entry 0")]
    NoEntry {
        /// Index that was asked for, from 0.
        index: u64,
        /// Entries of the tree.
        size: u64,
    },
    /// A tree does not become smaller.
    #[error(
        "a tree of {new} entries does not continue one of {old}; the larger tree is the later one"
    )]
    Shrinks {
        /// Entries of the earlier tree.
        old: u64,
        /// Entries of the later tree.
        new: u64,
    },
    /// More entries than can be counted.
    #[error("{0} is not the size of a tree; it has at most {MAX_SIZE} entries")]
    Size(u64),
}

/// A proof before its hashes are read: for each of them the complete subtrees it is computed from.
///
/// A caller looks at [`Self::nodes`], loads what it needs in one go, and then [`Self::read`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(Vec<Vec<Node>>);

impl Plan {
    /// For a proof that entry `index` is in the tree of `size` entries (RFC 9162, section 2.1.3.1), from the leaf's
    /// sibling up.
    ///
    /// # Errors
    /// [`PlanError`] when there is no such entry.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, PlanError> {
        checked(size)?;
        if index >= size {
            return Err(PlanError::NoEntry { index, size });
        }
        let (mut begin, mut end) = (0, size);
        let mut parts = Vec::new();
        while end - begin > 1 {
            let middle = begin + split(end - begin);
            if index < middle {
                parts.push(covering(middle, end));
                end = middle;
            } else {
                parts.push(covering(begin, middle));
                begin = middle;
            }
        }
        parts.reverse();
        Ok(Self(parts))
    }

    /// For a proof that the tree of `new` entries begins with that of `old` (RFC 9162, section 2.1.4.1). It is empty
    /// where there is nothing to prove: from the empty tree, and from a tree to itself.
    ///
    /// # Errors
    /// [`PlanError`] when the new tree is the smaller one.
    pub fn consistency(old: u64, new: u64) -> Result<Self, PlanError> {
        checked(new)?;
        if old > new {
            return Err(PlanError::Shrinks { old, new });
        }
        let mut parts = Vec::new();
        if old == 0 || old == new {
            return Ok(Self(parts));
        }
        let (mut begin, mut end) = (0, new);
        // Whoever checks it knows the old root, so a subtree that is just that is left out.
        let mut known = true;
        while end != old {
            let middle = begin + split(end - begin);
            if old <= middle {
                parts.push(covering(middle, end));
                end = middle;
            } else {
                parts.push(covering(begin, middle));
                begin = middle;
                known = false;
            }
        }
        if !known {
            parts.push(covering(begin, end));
        }
        parts.reverse();
        Ok(Self(parts))
    }

    /// For the root of a tree, which is then the only hash.
    ///
    /// # Errors
    /// [`PlanError`] when no tree has that size.
    pub fn root(size: u64) -> Result<Self, PlanError> {
        checked(size)?;
        Ok(Self(vec![peaks(size)]))
    }

    /// Hashes of the proof.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the proof needs no hash.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every subtree whose hash will be asked for.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.0.iter().flatten().copied()
    }

    /// The hashes of the proof, out of the hashes of complete subtrees.
    ///
    /// # Errors
    /// What reading a hash fails with.
    pub fn read<E>(
        &self,
        mut hash_of: impl FnMut(Node) -> Result<Hash, E>,
    ) -> Result<Vec<Hash>, E> {
        let mut hashes = Vec::with_capacity(self.0.len());
        for part in &self.0 {
            let mut above = None;
            for node in part.iter().rev() {
                let left = hash_of(*node)?;
                above = Some(match above {
                    Some(right) => Hash::node(&left, &right),
                    None => left,
                });
            }
            hashes.push(above.unwrap_or(Hash::EMPTY));
        }
        Ok(hashes)
    }
}

/// The largest complete subtrees that a tree is made of, from left to right: what a [`super::CompactRange`] keeps.
#[must_use]
pub fn peaks(size: u64) -> Vec<Node> {
    covering(0, size)
}

fn checked(size: u64) -> Result<(), PlanError> {
    if size > MAX_SIZE {
        return Err(PlanError::Size(size));
    }
    Ok(())
}

/// The largest power of two below a number of leaves, of which there are at least two: where a tree is split.
const fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// The complete subtrees that `begin..end` is made of, from left to right, where the range is one that a tree is split into.
fn covering(mut begin: u64, end: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    while begin < end {
        let level = (end - begin).ilog2();
        nodes.push(Node {
            // At most 62, as the sizes are below 2^63.
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: begin >> level,
        });
        begin += 1 << level;
    }
    nodes
}
