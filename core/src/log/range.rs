//! The root of a tree that grows leaf by leaf, in as many hashes as its size has binary ones.

use thiserror::Error;

use super::{Hash, MAX_SIZE};

/// What of a tree is needed to append to it and to know its root: the hashes of the largest complete subtrees that it is
/// made of, from left to right ([`super::peaks`] says which). For a million entries these are at most 20.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompactRange {
    size: u64,
    peaks: Vec<Hash>,
}

/// Hashes that do not belong to a tree of that size.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RangeError {
    /// Too many or too few.
    #[error(
        "a tree of {size} entries is kept in {wanted} hashes of 32 bytes, not in {found} bytes"
    )]
    Length {
        /// Entries of the tree.
        size: u64,
        /// Hashes that belong to it.
        wanted: u32,
        /// Bytes that were given.
        found: usize,
    },
    /// More entries than can be counted.
    #[error("{0} is not the size of a tree; it has at most {MAX_SIZE} entries")]
    Size(u64),
    /// A subtree where none of its size begins.
    #[error("no complete subtree of level {level} begins at entry {size}")]
    Misplaced {
        /// Its level.
        level: u8,
        /// Entries before it.
        size: u64,
    },
}

impl CompactRange {
    /// Of a tree without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// As it was stored: the size, and the hashes one after the other ([`Self::to_bytes`]).
    ///
    /// # Errors
    /// [`RangeError`] when the two do not fit. That the hashes are right shows the root.
    pub fn from_bytes(size: u64, hashes: &[u8]) -> Result<Self, RangeError> {
        let (chunks, rest) = hashes.as_chunks::<32>();
        let peaks: Vec<_> = chunks.iter().copied().map(Hash::from_bytes).collect();
        match Self::from_peaks(size, peaks) {
            Ok(range) if rest.is_empty() => Ok(range),
            Err(RangeError::Size(size)) => Err(RangeError::Size(size)),
            _ => Err(RangeError::Length {
                size,
                wanted: size.count_ones(),
                found: hashes.len(),
            }),
        }
    }

    /// Of the hashes of the subtrees that [`super::peaks`] names, in that order.
    ///
    /// # Errors
    /// [`RangeError`] when there are more or fewer than a tree of that size has.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Result<Self, RangeError> {
        if size > MAX_SIZE {
            return Err(RangeError::Size(size));
        }
        let wanted = size.count_ones();
        if u32::try_from(peaks.len()) != Ok(wanted) {
            return Err(RangeError::Length {
                size,
                wanted,
                found: peaks.len() * 32,
            });
        }
        Ok(Self { size, peaks })
    }

    /// The hashes one after the other, for a row of a database.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks
            .iter()
            .flat_map(|hash| *hash.as_bytes())
            .collect()
    }

    /// The hashes, of the largest subtree first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Entries of the tree.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry by the hash of its leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each binary one at the end of the size is a complete subtree that the new one completes to a larger.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = Hash::node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Appends a complete subtree of 2^`level` entries by its hash, without knowing them.
    ///
    /// # Errors
    /// [`RangeError::Misplaced`] where no such subtree begins.
    pub fn push_subtree(&mut self, level: u8, hash: Hash) -> Result<(), RangeError> {
        let entries = 1_u64.checked_shl(level.into()).unwrap_or(0);
        let after = self.size.checked_add(entries).filter(|s| *s <= MAX_SIZE);
        let misplaced = RangeError::Misplaced {
            level,
            size: self.size,
        };
        let Some(after) = after.filter(|_| entries > 0 && self.size.is_multiple_of(entries)) else {
            return Err(misplaced);
        };
        let mut hash = hash;
        for _ in 0..(self.size >> level).trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = Hash::node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size = after;
        Ok(())
    }

    /// The root of the tree as it is now (RFC 6962, section 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| Hash::node(&left, &right))
            .unwrap_or(Hash::EMPTY)
    }
}

impl Extend<Hash> for CompactRange {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}
