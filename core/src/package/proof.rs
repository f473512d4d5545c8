//! The tree of the checkpoint, out of the leaves of the entries and the roots of what lies between them.
//!
//! A path for each entry would repeat the upper half of the tree in every one. Here each hash stands once, from left to right,
//! and together they cover the tree without a gap: so whoever computes the root sees as well that no entry is missing that is
//! not named.

use thiserror::Error;

use crate::log::{CompactRange, Hash, Node, RangeError};

/// A complete subtree: of level 0 the leaf of one entry that has its line, of others what stands for entries without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Its first entry.
    pub first: u64,
    /// 2^level entries are in it.
    pub level: u8,
    /// Whether the entry has a line; only of level 0.
    pub shown: bool,
    /// Its hash.
    pub hash: Hash,
}

impl Record {
    /// Bytes of a record: first entry (8, the highest first), level (1, with 128 added for a leaf that has its line), hash (32).
    pub const LENGTH: usize = 41;

    const SHOWN: u8 = 128;

    /// As it is written.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..8].copy_from_slice(&self.first.to_be_bytes());
        bytes[8] = self.level | if self.shown { Self::SHOWN } else { 0 };
        bytes[9..].copy_from_slice(self.hash.as_bytes());
        bytes
    }

    /// As it was written. Whether it fits shows [`Cover::take`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let (mut first, mut hash) = ([0; 8], [0; 32]);
        first.copy_from_slice(&bytes[..8]);
        hash.copy_from_slice(&bytes[9..]);
        Self {
            first: u64::from_be_bytes(first),
            level: bytes[8] & !Self::SHOWN,
            shown: bytes[8] & Self::SHOWN != 0,
            hash: Hash::from_bytes(hash),
        }
    }
}

/// The complete subtrees that stand for the entries `from..to`, from left to right, as few as there can be.
#[must_use]
pub fn cover(from: u64, to: u64) -> Vec<Node> {
    let (mut nodes, mut at) = (Vec::new(), from);
    while at < to {
        let level = (to - at).ilog2().min(match at {
            0 => 62,
            _ => at.trailing_zeros(),
        });
        nodes.push(Node {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: at >> level,
        });
        at += 1 << level;
    }
    nodes
}

/// Why records make no tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Uncovered {
    /// Between two records something is missing, or they lie upon each other.
    #[error("it goes on with entry {found} where entry {wanted} belongs")]
    Gap {
        /// The entry that belongs there.
        wanted: u64,
        /// The one that the record begins with.
        found: u64,
    },
    /// A subtree that has no line cannot have one.
    #[error("a subtree of level {0} is marked as an entry that is shown")]
    Shown(u8),
    /// A subtree where none begins.
    #[error(transparent)]
    Misplaced(#[from] RangeError),
}

/// Takes records from left to right and keeps no more than the root needs.
#[derive(Debug, Clone, Default)]
pub struct Cover(CompactRange);

impl Cover {
    /// Takes the next record.
    ///
    /// # Errors
    /// [`Uncovered`] when it does not continue those before.
    pub fn take(&mut self, record: &Record) -> Result<(), Uncovered> {
        let wanted = self.0.size();
        if record.first != wanted {
            return Err(Uncovered::Gap {
                wanted,
                found: record.first,
            });
        }
        if record.shown && record.level != 0 {
            return Err(Uncovered::Shown(record.level));
        }
        Ok(self.0.push_subtree(record.level, record.hash)?)
    }

    /// Entries that the records are of.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.0.size()
    }

    /// The root of the tree that they make.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.0.root()
    }
}
