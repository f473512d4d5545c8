//! The sealed history: what was written, in one order, under a tree that outsiders check (C2SP tlog-tiles).
//!
//! An entry is sealed when it is written ([`seal`]), gets its place and its hash in the tree ([`sequence`]), and is covered
//! by a signed checkpoint ([`checkpoint`]). On SQLite the first two are one commit; on PostgreSQL entries of many nodes
//! commit at once, and one node after the other gives places to what is committed.

mod append;
mod checkpoint;
mod cosigned;
mod memory;
#[cfg(test)]
mod mutations;
mod proof;
mod read;
mod recall;
mod receipt;
mod seal;
mod sequence;
#[cfg(test)]
mod tests;
mod verify;
mod witnesses;

use std::sync::{Arc, Mutex};

use takedown_core::log::{Policy, SignedCheckpoint, SigningKey};
use tokio::sync::watch;

pub use append::append;
pub use cosigned::{Judged, Without, judge_again, witnessed};
pub use memory::{Memory, MemoryError};
pub use proof::root_at;
pub use read::{NotCovered, Problem, Proven, Seen, State, checkpoint, proof_of, state, tile};
pub use recall::{answered, hear, question};
pub use receipt::{Receipt, keep_names, names_of, receipt};
pub use seal::{Sealed, draw_salt, seal};
// For the doors, which do not know the store.
pub use crate::store::{history::Appended, noting};
pub use sequence::advance;
pub use verify::{Found, Looked, Project, Recomputed, verify, verify_requests};
pub use witnesses::{Asking, next, release, settle};

/// What a node knows of the log. Cheap to clone.
#[derive(Clone)]
pub struct Log(Arc<Inner>);

struct Inner {
    /// Signs for the log; nodes without it give entries their places all the same.
    key: Option<SigningKey>,
    /// What this node knows to be signed, outside of the database.
    memory: Memory,
    /// Which witnesses are asked, and how many of them must have signed.
    policy: Option<Policy>,
    /// What witnesses said, while this node remembers nothing and has not heard enough of them.
    recall: Mutex<Option<recall::Recall>>,
    /// The newest checkpoint that this node knows.
    newest: watch::Sender<Option<Arc<SignedCheckpoint>>>,
    /// The newest that this node knows of those that as many witnesses signed as the policy asks.
    cosigned: watch::Sender<Option<Arc<SignedCheckpoint>>>,
}

impl Default for Log {
    /// Without a key, and with a memory that ends with the process.
    fn default() -> Self {
        Self::new(None, Memory::default(), None)
    }
}

impl Log {
    /// With the key of the log, if this node has it, and with a policy that names this log, if witnesses are asked.
    #[must_use]
    pub fn new(key: Option<SigningKey>, memory: Memory, policy: Option<Policy>) -> Self {
        // Without witnesses there is nobody to ask.
        let asks = memory.is_lost() && key.is_some() && policy.is_some();
        Self(Arc::new(Inner {
            recall: Mutex::new(asks.then(recall::Recall::default)),
            key,
            memory,
            policy,
            newest: watch::Sender::default(),
            cosigned: watch::Sender::default(),
        }))
    }

    /// The key that signs for the log, where this node has it.
    #[must_use]
    pub fn key(&self) -> Option<&SigningKey> {
        self.0.key.as_ref()
    }

    /// Which witnesses are asked, if any.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        self.0.policy.as_ref()
    }

    /// The newest checkpoint that this node knows.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<SignedCheckpoint>> {
        self.0.newest.borrow().clone()
    }

    /// The newest checkpoint that this node knows of those that as many witnesses signed as the policy asks.
    #[must_use]
    pub fn cosigned(&self) -> Option<Arc<SignedCheckpoint>> {
        self.0.cosigned.borrow().clone()
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

    /// Takes over one that meets the policy; also the same with more signatures.
    fn adopt_cosigned(&self, checkpoint: SignedCheckpoint) {
        let size = checkpoint.checkpoint().size();
        self.0.cosigned.send_if_modified(|known| {
            let newer = known.as_ref().is_none_or(|known| {
                known.checkpoint().size() < size
                    || (known.checkpoint().size() == size && **known != checkpoint)
            });
            if newer {
                *known = Some(Arc::new(checkpoint));
            }
            newer
        });
    }
}
