//! How a log asks a witness for its signature, and what a witness decides (c2sp.org/tlog-witness, version 1).
//!
//! A witness remembers the largest tree that it signed for each log and signs only what continues it. So a log cannot show
//! two histories to two parties who both ask for the witness's signature.

mod asking;

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{
    Hash, HashError, MAX_SIZE, ProofError, SignedCheckpoint, VerifierKey,
    checkpoint::SignedCheckpointError,
    decimal, found,
    note::{NoteError, Signature, SignatureError, SignatureType, signature_lines},
    verify_consistency,
};

pub use asking::{Answer, Begun, Reply, TOGETHER, Trouble, read_answer, read_standing, target};

/// The most hashes a request may carry.
pub const MOST_HASHES: usize = 63;

/// The media type of the answer that says how large the tree is that the witness remembers.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// The body of `POST <prefix>/add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the tree that the witness signed last, as the log knows it.
    pub old: u64,
    /// The proof that the new tree continues that one.
    pub proof: Vec<Hash>,
    /// The new checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// Why a body is no request. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RequestError {
    /// The first line.
    #[error(
        "line 1 is \"{0}\"; here belongs \"old \" and the size of the tree that was cosigned last, a decimal number up to {MAX_SIZE} without leading zeroes, 0 for none"
    )]
    Old(String),
    /// A line of the proof.
    #[error("line {line}: {reason}")]
    Hash {
        /// The line.
        line: usize,
        /// What is wrong with it.
        reason: HashError,
    },
    /// More hashes than any proof has.
    #[error("the proof has {0} hashes; at most {MOST_HASHES} are taken")]
    TooMany(usize),
    /// Nothing ends the proof.
    #[error("there is no empty line behind the proof, and so no checkpoint")]
    NoCheckpoint,
    /// The checkpoint.
    #[error("the checkpoint, which begins in line {line}: {reason}")]
    Checkpoint {
        /// Its first line.
        line: usize,
        /// What is wrong with it.
        reason: SignedCheckpointError,
    },
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof
            .iter()
            .try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for AddCheckpoint {
    type Err = RequestError;

    fn from_str(body: &str) -> Result<Self, RequestError> {
        let (head, checkpoint) = body.split_once("\n\n").unwrap_or((body, ""));
        let mut lines = head.split('\n').zip(1..);
        let first = lines.next().unwrap_or_default().0;
        let old = first
            .strip_prefix("old ")
            .and_then(decimal)
            .ok_or_else(|| RequestError::Old(found(first)))?;
        if checkpoint.is_empty() {
            return Err(RequestError::NoCheckpoint);
        }
        let proof = lines
            .map(|(hash, line)| {
                hash.parse()
                    .map_err(|reason| RequestError::Hash { line, reason })
            })
            .collect::<Result<Vec<Hash>, _>>()?;
        if proof.len() > MOST_HASHES {
            return Err(RequestError::TooMany(proof.len()));
        }
        let checkpoint = checkpoint
            .parse()
            .map_err(|reason| RequestError::Checkpoint {
                line: proof.len() + 3,
                reason,
            })?;
        Ok(Self {
            old,
            proof,
            checkpoint,
        })
    }
}

/// The largest tree that a witness signed for a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remembered {
    /// Its entries.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

impl Default for Remembered {
    /// Of a log that the witness has signed nothing for.
    fn default() -> Self {
        Self {
            size: 0,
            root: Hash::EMPTY,
        }
    }
}

/// Why a witness does not sign.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// 404.
    #[error("this witness does not know the log {0}")]
    UnknownLog(String),
    /// 403.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// 400.
    #[error(
        "the old size {old} is larger than the checkpoint's {size}; a tree does not become smaller"
    )]
    OldLarger {
        /// The old size of the request.
        old: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// 409, with the size as body.
    #[error(
        "this witness signed a tree of {size} entries last; send \"old {size}\" and the proof from there"
    )]
    OtherSize {
        /// Entries of the tree it signed last.
        size: u64,
    },
    /// 409: two histories, both signed by the log.
    #[error(
        "this witness signed another root for {size} entries: these are two histories, {signed} and {claimed}"
    )]
    Fork {
        /// Entries of both trees.
        size: u64,
        /// The root that was signed.
        signed: Hash,
        /// The root that was sent.
        claimed: Hash,
    },
    /// 422.
    #[error(transparent)]
    Proof(ProofError),
}

impl Refusal {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::OldLarger { .. } => 400,
            Self::Signature(_) => 403,
            Self::UnknownLog(_) => 404,
            Self::OtherSize { .. } | Self::Fork { .. } => 409,
            Self::Proof(_) => 422,
        }
    }
}

/// Whether a request comes from a log that the witness signs for: the first thing to ask, and nothing the witness has to
/// remember for.
///
/// # Errors
/// [`Refusal`] when none of `keys` is of that log, or when none signed.
pub fn authenticate<'k>(
    request: &AddCheckpoint,
    keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
) -> Result<(), Refusal> {
    let mut own = keys.clone().into_iter();
    if !own.any(|key| request.checkpoint.is_key(key)) {
        let origin = request.checkpoint.checkpoint().origin();
        return Err(Refusal::UnknownLog(origin.to_owned()));
    }
    request.checkpoint.verify_log(keys)?;
    Ok(())
}

/// Whether an authenticated request may be signed, and what is to be remembered before the signature is given out. From
/// the reading of what is remembered to its storing nothing else of that log may happen.
///
/// # Errors
/// [`Refusal`] when the new tree does not continue the remembered one.
pub fn judge(request: &AddCheckpoint, remembered: &Remembered) -> Result<Remembered, Refusal> {
    let new = request.checkpoint.checkpoint();
    let (old, size) = (request.old, new.size());
    if old > size {
        return Err(Refusal::OldLarger { old, size });
    }
    if old != remembered.size {
        return Err(Refusal::OtherSize {
            size: remembered.size,
        });
    }
    verify_consistency(
        (remembered.size, &remembered.root),
        (size, new.root()),
        &request.proof,
    )
    .map_err(|reason| match reason {
        ProofError::Fork { size, old, new } => Refusal::Fork {
            size,
            signed: old,
            claimed: new,
        },
        other => Refusal::Proof(other),
    })?;
    Ok(Remembered {
        size,
        root: *new.root(),
    })
}

/// Why an answer of a witness is of no use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// Not lines of signatures.
    #[error("the witness did not answer with signatures: {0}")]
    Lines(#[from] NoteError),
    /// No signature that counts.
    #[error("the witness answered with no signature that is of its key and over this checkpoint")]
    NoneRight,
}

/// Adds to a checkpoint what a witness answered with status 200: the signatures that are right and of one of `keys`. What
/// else it answered is passed over, so that it cannot spoil the checkpoint.
///
/// # Errors
/// [`AnswerError`]; the checkpoint is then as it was.
pub fn take_answer<'k>(
    checkpoint: &mut SignedCheckpoint,
    answer: &str,
    keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
) -> Result<(), AnswerError> {
    right_signatures(checkpoint, answer, keys)?
        .into_iter()
        .for_each(|signature| checkpoint.add(signature));
    Ok(())
}

/// The signatures of an answer that are right and of one of `keys`; at least one.
fn right_signatures<'k>(
    checkpoint: &SignedCheckpoint,
    answer: &str,
    keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
) -> Result<Vec<Signature>, AnswerError> {
    let text = checkpoint.note().text();
    let right = |signature: &Signature| {
        keys.clone().into_iter().any(|key| {
            key.signature_type() == SignatureType::Cosignature
                && key.verifies(text, signature).is_some()
        })
    };
    let mut signatures = signature_lines(answer)?;
    signatures.retain(right);
    match signatures.is_empty() {
        true => Err(AnswerError::NoneRight),
        false => Ok(signatures),
    }
}

/// The size that a witness answered with status 409 and [`SIZE_MEDIA_TYPE`]; none when the body is no size.
#[must_use]
pub fn conflicting_size(body: &str) -> Option<u64> {
    body.strip_suffix('\n').and_then(decimal)
}

/// What stands for a log in the address where a witness shows its latest checkpoint: `<prefix>/<this>/checkpoint`.
#[must_use]
pub fn origin_hash(origin: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(origin))
}

#[cfg(test)]
mod tests;
