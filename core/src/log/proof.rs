//! A receipt that is checked without asking anybody (c2sp.org/tlog-proof, version 1): the checkpoint, the index of the
//! entry, and the hashes that lead from the one to the other. Files of it end in `.tlog-proof`.

use std::{fmt, str::FromStr};

use data_encoding::BASE64;
use thiserror::Error;

use super::{
    Hash, HashError, MAX_SIZE, Plan, Policy, ProofError, SignedCheckpoint,
    checkpoint::SignedCheckpointError,
    decimal, found,
    policy::{Judgement, Rejected, Unmet},
    verify_inclusion,
};

/// The first line.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A proof that an entry is in a log. It is worth nothing before it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Data that travels along and is not protected by anything: never trust it.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry, from 0.
    pub index: u64,
    /// The hashes, from the leaf's sibling up.
    pub hashes: Vec<Hash>,
    /// The checkpoint that they lead to.
    pub checkpoint: SignedCheckpoint,
}

/// Why a text is no proof. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofFileError {
    /// Not such a file.
    #[error("line 1 is \"{0}\"; a proof begins with the line {HEADER}")]
    Header(String),
    /// The line `extra`.
    #[error(
        "line 2: what follows \"extra \" is not base64 (A-Z, a-z, 0-9, + and /, padded with =)"
    )]
    Extra,
    /// The line `index`.
    #[error(
        "line {line} is \"{found}\"; here belongs \"index \" and a decimal number up to {MAX_SIZE} without leading zeroes"
    )]
    Index {
        /// The line.
        line: usize,
        /// What it is.
        found: String,
    },
    /// A line between index and empty line.
    #[error("line {line}: {reason}")]
    Hash {
        /// The line.
        line: usize,
        /// What is wrong with it.
        reason: HashError,
    },
    /// No checkpoint.
    #[error("there is no empty line behind the hashes of the proof, and so no checkpoint")]
    NoCheckpoint,
    /// The checkpoint.
    #[error("the checkpoint, which begins in line {line}: {reason}")]
    Checkpoint {
        /// Its first line.
        line: usize,
        /// What is wrong with it.
        reason: SignedCheckpointError,
    },
    /// Index and number of hashes do not fit the size of the tree.
    #[error(transparent)]
    Shape(#[from] ProofError),
}

/// Why a proof does not prove what it should.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotProven {
    /// The checkpoint is not one of a trusted log.
    #[error(transparent)]
    Checkpoint(#[from] Rejected),
    /// Too few witnesses.
    #[error("{0}")]
    Witnesses(Unmet),
    /// The entry does not lead to the checkpoint.
    #[error(transparent)]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Checks all of it: the signatures as the policy asks, and that `leaf` is the entry at [`Self::index`].
    ///
    /// # Errors
    /// [`NotProven`] says what is missing or does not fit.
    pub fn verify<'p>(&self, leaf: &Hash, policy: &'p Policy) -> Result<Judgement<'p>, NotProven> {
        let judgement = policy.judge(&self.checkpoint)?;
        let tree = self.checkpoint.checkpoint();
        verify_inclusion(leaf, self.index, tree.size(), &self.hashes, tree.root())?;
        match judgement.unmet() {
            Some(unmet) => Err(NotProven::Witnesses(unmet.clone())),
            None => Ok(judgement),
        }
    }

    /// Index and number of hashes are what the checkpoint's size makes of them.
    fn shape(&self) -> Result<(), ProofError> {
        let size = self.checkpoint.checkpoint().size();
        let plan = Plan::inclusion(self.index, size)?;
        if plan.len() == self.hashes.len() {
            return Ok(());
        }
        Err(ProofError::Length {
            wanted: plan.len(),
            found: self.hashes.len(),
        })
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes
            .iter()
            .try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = ProofFileError;

    fn from_str(text: &str) -> Result<Self, ProofFileError> {
        let (head, checkpoint) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.split('\n').zip(1..);
        match lines.next() {
            Some((HEADER, _)) => {}
            other => return Err(ProofFileError::Header(found(other.unwrap_or_default().0))),
        }
        let (mut index, mut line) = lines.next().unwrap_or(("", 2));
        let mut extra = None;
        if let Some(encoded) = index.strip_prefix("extra ") {
            let decoded = BASE64.decode(encoded.as_bytes());
            extra = Some(decoded.map_err(|_| ProofFileError::Extra)?);
            (index, line) = lines.next().unwrap_or(("", 3));
        }
        let index = index
            .strip_prefix("index ")
            .and_then(decimal)
            .ok_or_else(|| ProofFileError::Index {
                line,
                found: found(index),
            })?;
        if checkpoint.is_empty() {
            return Err(ProofFileError::NoCheckpoint);
        }
        let hashes = lines
            .map(|(hash, line)| {
                hash.parse()
                    .map_err(|reason| ProofFileError::Hash { line, reason })
            })
            .collect::<Result<Vec<Hash>, _>>()?;
        let proof = Self {
            extra,
            index,
            hashes,
            checkpoint: checkpoint
                .parse()
                .map_err(|reason| ProofFileError::Checkpoint {
                    line: head.matches('\n').count() + 3,
                    reason,
                })?,
        };
        proof.shape()?;
        Ok(proof)
    }
}

#[cfg(test)]
mod tests;
