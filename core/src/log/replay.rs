//! Computing a root again from all entries, in constant memory.

use thiserror::Error;

use super::{Checkpoint, CompactRange, Hash, Salt, leaf};

/// Takes the entries of a log in their order and says what their root is. It keeps one [`CompactRange`] and no entry.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    range: CompactRange,
}

/// Where the entries are not those of the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// One entry is not what its leaf commits to.
    #[error(
        "entry {index} is not what was logged: its bytes and salt give the leaf {computed}, the log has {logged}"
    )]
    Entry {
        /// Its index, from 0.
        index: u64,
        /// The leaf that belongs to what was found.
        computed: Hash,
        /// The leaf of the log.
        logged: Hash,
    },
    /// Entries are missing or too many.
    #[error("there are {found} entries; the checkpoint is of {signed}")]
    Size {
        /// Entries that were taken.
        found: u64,
        /// Entries that the checkpoint counts.
        signed: u64,
    },
    /// The entries are others, or in another order.
    #[error(
        "the {size} entries have the root {computed}; the checkpoint says {signed}: at least one of them is another, or they are in another order"
    )]
    Root {
        /// Entries of both.
        size: u64,
        /// The root of what was found.
        computed: Hash,
        /// The root of the checkpoint.
        signed: Hash,
    },
}

impl Replay {
    /// From the first entry on.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            range: CompactRange::new(),
        }
    }

    /// From behind the entries of a range that is trusted.
    #[must_use]
    pub const fn after(range: CompactRange) -> Self {
        Self { range }
    }

    /// Takes the next entry by its bytes.
    pub fn entry(&mut self, salt: &Salt, event: &[u8]) {
        self.range.push(leaf::hash(salt, event));
    }

    /// Takes the next entry by its leaf: all that is left of one that was erased.
    pub fn leaf(&mut self, leaf: Hash) {
        self.range.push(leaf);
    }

    /// Takes the next entry by its bytes and compares it with its leaf, so that a wrong one is named.
    ///
    /// # Errors
    /// [`ReplayError::Entry`]; the entry is taken by its leaf all the same, so that the next one can be looked at.
    pub fn entry_of(&mut self, salt: &Salt, event: &[u8], logged: Hash) -> Result<(), ReplayError> {
        let index = self.range.size();
        let computed = leaf::hash(salt, event);
        self.range.push(logged);
        if computed != logged {
            return Err(ReplayError::Entry {
                index,
                computed,
                logged,
            });
        }
        Ok(())
    }

    /// Entries taken.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.range.size()
    }

    /// Their root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.range.root()
    }

    /// What is to be kept to go on from here another time.
    #[must_use]
    pub const fn range(&self) -> &CompactRange {
        &self.range
    }

    /// Whether what was taken is what a checkpoint, whose signatures were checked, is of.
    ///
    /// # Errors
    /// [`ReplayError`] says what does not fit.
    pub fn agrees_with(&self, checkpoint: &Checkpoint) -> Result<(), ReplayError> {
        let (found, signed) = (self.size(), checkpoint.size());
        if found != signed {
            return Err(ReplayError::Size { found, signed });
        }
        let computed = self.root();
        if computed != *checkpoint.root() {
            return Err(ReplayError::Root {
                size: signed,
                computed,
                signed: *checkpoint.root(),
            });
        }
        Ok(())
    }
}
