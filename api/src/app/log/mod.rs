//! The sealed history: what was written, in one order, under a tree that outsiders check (C2SP tlog-tiles).
//!
//! An entry is sealed when it is written ([`seal`]), gets its place and its hash in the tree ([`sequence`]), and is covered
//! by a signed checkpoint ([`checkpoint`]). On SQLite the first two are one commit; on PostgreSQL entries of many nodes
//! commit at once, and one node after the other gives places to what is committed.

mod append;
mod checkpoint;
mod memory;
#[cfg(test)]
mod mutations;
mod proof;
mod read;
mod receipt;
mod seal;
mod sequence;
#[cfg(test)]
mod tests;
mod verify;

use std::sync::Arc;

use takedown_core::log::{SignedCheckpoint, SigningKey};
use tokio::sync::watch;

pub use append::append;
pub use memory::{Memory, MemoryError};
pub use proof::root_at;
pub use read::{NotCovered, State, checkpoint, proof_of, state, tile};
pub use receipt::{Receipt, receipt};
pub use seal::{Sealed, seal};
// For the doors, which do not know the store.
pub use crate::store::{history::Appended, noting};
pub use sequence::advance;
pub use verify::{Found, Looked, verify, verify_requests};

/// What a node knows of the log. Cheap to clone.
#[derive(Clone)]
pub struct Log(Arc<Inner>);

struct Inner {
    /// Signs for the log; nodes without it give entries their places all the same.
    key: Option<SigningKey>,
    /// What this node knows to be signed, outside of the database.
    memory: Memory,
    /// The newest checkpoint that this node knows.
    newest: watch::Sender<Option<Arc<SignedCheckpoint>>>,
}

impl Default for Log {
    /// Without a key, and with a memory that ends with the process.
    fn default() -> Self {
        Self::new(None, Memory::default())
    }
}

impl Log {
    /// With the key of the log, if this node has it.
    #[must_use]
    pub fn new(key: Option<SigningKey>, memory: Memory) -> Self {
        Self(Arc::new(Inner {
            key,
            memory,
            newest: watch::Sender::default(),
        }))
    }

    /// The key that signs for the log, where this node has it.
    #[must_use]
    pub fn key(&self) -> Option<&SigningKey> {
        self.0.key.as_ref()
    }

    /// The newest checkpoint that this node knows.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<SignedCheckpoint>> {
        self.0.newest.borrow().clone()
    }

    fn adopt(&self, checkpoint: SignedCheckpoint) {
        let size = checkpoint.checkpoint().size();
        self.0.newest.send_if_modified(|known| {
            let newer = known
                .as_ref()
                .is_none_or(|known| known.checkpoint().size() < size);
            if newer {
                *known = Some(Arc::new(checkpoint));
            }
            newer
        });
    }
}
