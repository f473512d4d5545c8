//! A history that proves itself: the wire formats of a transparency log.
//!
//! A log is a Merkle tree over the entries in their order (RFC 6962, section 2.1). Whoever holds a signed checkpoint of it
//! notices every entry that is changed, dropped, put in or moved, and can be shown with some hashes that an entry is in it
//! or that a larger tree continues a smaller one. The formats are those of C2SP, so that programs which nobody here wrote
//! can check us.
//!
//! | what | where | format |
//! |---|---|---|
//! | what is hashed for an entry | [`leaf`] | our own, salted, so that it hides what it commits to |
//! | the root of a growing tree | [`CompactRange`], [`Replay`] | RFC 6962, section 2.1 |
//! | proofs | [`Plan`], [`verify_inclusion`], [`verify_consistency`] | RFC 9162, section 2.1 |
//! | stored and published hashes | [`tile`] | c2sp.org/tlog-tiles |
//! | signed texts and their keys | [`note`] | c2sp.org/signed-note |
//! | what a log signs | [`checkpoint`] | c2sp.org/tlog-checkpoint |
//! | what a witness signs | [`cosignature`] | c2sp.org/tlog-cosignature |
//! | how a witness is asked, and decides | [`witness`] | c2sp.org/tlog-witness |
//! | which old checkpoints are kept | [`thinning`] | our own |
//! | a receipt that is checked offline | [`proof`] | c2sp.org/tlog-proof |
//! | whom one trusts | [`policy`] | c2sp.org/tlog-policy |
//!
//! Nothing here knows a database. Hashes of complete subtrees come in through a function of the caller ([`Plan::read`]).

pub mod checkpoint;
pub mod cosignature;
mod hash;
pub mod leaf;
pub mod note;
pub mod policy;
pub mod proof;
mod range;
pub mod receipt;
mod replay;
pub mod thinning;
pub mod tile;
mod tree;
mod verify;
pub mod witness;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use hash::{Hash, HashError};
pub use leaf::Salt;
pub use note::{SigningKey, VerifierKey};
pub use policy::Policy;
pub use proof::TlogProof;
pub use range::{CompactRange, RangeError};
pub use replay::{Replay, ReplayError};
pub use tree::{Node, Plan, PlanError, peaks};
pub use verify::{ProofError, verify_consistency, verify_inclusion};

/// The most entries a tree here can have: what a signed 64-bit number in a database counts.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// Reads a decimal number without sign and leading zeroes, as every C2SP format writes them.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let shortest = text == "0" || !text.starts_with('0');
    (digits && shortest)
        .then(|| text.parse().ok())
        .flatten()
        .filter(|number| *number <= MAX_SIZE)
}

/// What was found, for a message: made visible and cut to 60 characters.
pub(crate) fn found(text: &str) -> String {
    crate::text::visible(&text.chars().take(60).collect::<String>()).into_owned()
}
