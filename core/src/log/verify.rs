//! Checking proofs.

use thiserror::Error;

use super::{Hash, Plan, PlanError};

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofError {
    /// There can be no such proof.
    #[error(transparent)]
    Impossible(#[from] PlanError),
    /// Hashes are missing or too many.
    #[error("the proof has {found} hashes where {wanted} belong")]
    Length {
        /// Hashes that belong to such a proof.
        wanted: usize,
        /// Hashes it has.
        found: usize,
    },
    /// A tree without entries has one root and no other.
    #[error("a tree without entries has the root {}, not {found}", Hash::EMPTY)]
    EmptyRoot {
        /// The root that was claimed.
        found: Hash,
    },
    /// Two trees of one size with two roots: two histories.
    #[error("two trees of {size} entries have the roots {old} and {new}: these are two histories")]
    Fork {
        /// Entries of both.
        size: u64,
        /// One root.
        old: Hash,
        /// The other.
        new: Hash,
    },
    /// The entry leads to another root.
    #[error(
        "entry {index} and the proof lead to the root {found}, not to {wanted}: another entry, or a wrong hash"
    )]
    OtherRoot {
        /// The entry's index, from 0.
        index: u64,
        /// The root that is trusted.
        wanted: Hash,
        /// Where the proof leads.
        found: Hash,
    },
    /// The proof leads to another old tree.
    #[error("the proof does not start from the root {wanted} of {size} entries but from {found}")]
    OtherOld {
        /// Entries of the old tree.
        size: u64,
        /// The root that is trusted.
        wanted: Hash,
        /// Where the proof leads.
        found: Hash,
    },
    /// The proof leads to another new tree.
    #[error("the proof does not lead to the root {wanted} of {size} entries but to {found}")]
    OtherNew {
        /// Entries of the new tree.
        size: u64,
        /// The root that was claimed.
        wanted: Hash,
        /// Where the proof leads.
        found: Hash,
    },
}

/// Checks that `leaf` is the hash of entry `index` in the tree of `size` entries with this root (RFC 9162, section
/// 2.1.3.2).
///
/// Size and root must come out of one signed checkpoint: a root alone does not say of how many entries it is.
///
/// # Errors
/// [`ProofError`] says what does not fit.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    long(proof, &Plan::inclusion(index, size)?)?;
    let (mut first, mut last) = (index, size - 1);
    let mut found = *leaf;
    for sibling in proof {
        if last == 0 {
            break;
        }
        if first & 1 == 1 || first == last {
            found = Hash::node(sibling, &found);
            (first, last) = past_the_border(first, last);
        } else {
            found = Hash::node(&found, sibling);
        }
        (first, last) = (first >> 1, last >> 1);
    }
    if last != 0 || found != *root {
        return Err(ProofError::OtherRoot {
            index,
            wanted: *root,
            found,
        });
    }
    Ok(())
}

/// Checks that the tree of `new` (entries, root) begins with all entries of the tree of `old` (RFC 9162, section 2.1.4.2).
///
/// Each pair must come out of one signed checkpoint.
///
/// # Errors
/// [`ProofError`] says what does not fit.
pub fn verify_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    let plan = Plan::consistency(old, new)?;
    for (size, root) in [(old, old_root), (new, new_root)] {
        if size == 0 && *root != Hash::EMPTY {
            return Err(ProofError::EmptyRoot { found: *root });
        }
    }
    if old == new && old_root != new_root {
        return Err(ProofError::Fork {
            size: new,
            old: *old_root,
            new: *new_root,
        });
    }
    long(proof, &plan)?;
    if old == new || old == 0 {
        return Ok(());
    }
    let (mut first, mut last) = (old - 1, new - 1);
    let shared = first.trailing_ones();
    (first, last) = (first >> shared, last >> shared);
    // A complete old tree is itself the subtree that the proof starts with.
    let (start, rest) = match proof.split_first() {
        Some((start, rest)) if !old.is_power_of_two() => (*start, rest),
        _ => (*old_root, proof),
    };
    let (mut found_old, mut found_new) = (start, start);
    for hash in rest {
        if last == 0 {
            break;
        }
        if first & 1 == 1 || first == last {
            found_old = Hash::node(hash, &found_old);
            found_new = Hash::node(hash, &found_new);
            (first, last) = past_the_border(first, last);
        } else {
            found_new = Hash::node(&found_new, hash);
        }
        (first, last) = (first >> 1, last >> 1);
    }
    if found_old != *old_root {
        return Err(ProofError::OtherOld {
            size: old,
            wanted: *old_root,
            found: found_old,
        });
    }
    if last != 0 || found_new != *new_root {
        return Err(ProofError::OtherNew {
            size: new,
            wanted: *new_root,
            found: found_new,
        });
    }
    Ok(())
}

/// Goes up to where a subtree on the right border of the tree has a sibling again.
const fn past_the_border(first: u64, last: u64) -> (u64, u64) {
    if first == 0 || first & 1 == 1 {
        return (first, last);
    }
    let up = first.trailing_zeros();
    (first >> up, last >> up)
}

fn long(proof: &[Hash], plan: &Plan) -> Result<(), ProofError> {
    if proof.len() == plan.len() {
        return Ok(());
    }
    Err(ProofError::Length {
        wanted: plan.len(),
        found: proof.len(),
    })
}
