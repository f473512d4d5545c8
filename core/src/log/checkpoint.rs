//! What a log signs (c2sp.org/tlog-checkpoint): its name, how many entries it has, and their root.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{
    Hash, HashError, MAX_SIZE, SigningKey, VerifierKey, decimal, found,
    note::{NoteError, Signature, SignatureError, SignatureType, SignedNote, Verified},
};

/// A tree of a log, as its three lines say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Lines are missing.
    #[error(
        "a checkpoint has at least three lines (origin, size, root), each ending with a newline; here are {0}"
    )]
    Lines(usize),
    /// An empty line, of which there is none.
    #[error("line {0} of the checkpoint is empty")]
    EmptyLine(usize),
    /// A control character in the origin.
    #[error("the origin of a checkpoint is one line of text without control characters")]
    Origin,
    /// The size.
    #[error(
        "line 2 of the checkpoint: \"{0}\" is not the size of a tree; it is a decimal number up to {MAX_SIZE} without leading zeroes"
    )]
    Size(String),
    /// The root.
    #[error("line 3 of the checkpoint: {0}")]
    Root(HashError),
}

impl Checkpoint {
    /// Of a log, whose origin is the name of its key.
    ///
    /// # Errors
    /// [`CheckpointError`] when origin or size cannot be written.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() {
            return Err(CheckpointError::EmptyLine(1));
        }
        if origin.chars().any(|c| c < ' ') {
            return Err(CheckpointError::Origin);
        }
        if size > MAX_SIZE {
            return Err(CheckpointError::Size(size.to_string()));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Which log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Entries of the tree.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    #[must_use]
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// Further lines, which say nothing to us.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the text of a note, without its signatures.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::Lines(lines.len()));
        };
        if !text.ends_with('\n') {
            return Err(CheckpointError::Lines(lines.len() - 1));
        }
        if let Some(at) = lines.iter().position(|line| line.is_empty()) {
            return Err(CheckpointError::EmptyLine(at + 1));
        }
        let size = decimal(size).ok_or_else(|| CheckpointError::Size(found(size)))?;
        let root = root.parse().map_err(CheckpointError::Root)?;
        let mut checkpoint = Self::new(origin, size, root)?;
        checkpoint.extensions = extensions.iter().map(|line| (*line).to_owned()).collect();
        Ok(checkpoint)
    }
}

/// A checkpoint with its signatures. It is worth nothing before they were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: SignedNote,
}

/// Why a text is no signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignedCheckpointError {
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Its text is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Why a checkpoint is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SigningError {
    /// A log signs under its own name.
    #[error(
        "the key of {key} does not sign for the log {origin}; the name of a log's key is its origin"
    )]
    OtherName {
        /// The name of the key.
        key: String,
        /// The origin of the checkpoint.
        origin: String,
    },
    /// A witness's key.
    #[error("this key is a witness's (type 0x04); a log's key is of type 0x01")]
    Witness,
    /// The checkpoint cannot be the text of a note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl SignedCheckpoint {
    /// Signs a checkpoint with the key of its log (Ed25519, type 0x01).
    ///
    /// Never sign a tree that does not continue the one signed before: this function cannot know.
    ///
    /// # Errors
    /// [`SigningError`] when it is not the log's key.
    pub fn sign(checkpoint: Checkpoint, key: &SigningKey) -> Result<Self, SigningError> {
        let name = key.verifier().name().as_str();
        if key.verifier().signature_type() != SignatureType::Ed25519 {
            return Err(SigningError::Witness);
        }
        if name != checkpoint.origin {
            return Err(SigningError::OtherName {
                key: name.to_owned(),
                origin: checkpoint.origin,
            });
        }
        let note = SignedNote::sign(&checkpoint.to_string(), &[key])?;
        Ok(Self { checkpoint, note })
    }

    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note that it is in.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// Adds a cosignature.
    pub fn add(&mut self, signature: Signature) {
        self.note.add(signature);
    }

    /// Checks that the log signed it: one of `keys` that bears the name of the checkpoint's origin. What other logs are
    /// called does not matter.
    ///
    /// # Errors
    /// [`SignatureError`] when none did, or when a signature of such a key is not right.
    pub fn verify_log<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
    ) -> Result<Verified<'k>, SignatureError> {
        let own: Vec<_> = keys.into_iter().filter(|key| self.is_key(key)).collect();
        let verified = self.note.verify(own.iter().copied())?;
        verified
            .into_iter()
            .next()
            .ok_or_else(|| SignatureError::NoneKnown {
                found: Vec::new(),
                known: Vec::new(),
            })
    }

    /// Whether a key may sign as this checkpoint's log.
    #[must_use]
    pub fn is_key(&self, key: &VerifierKey) -> bool {
        key.signature_type() == SignatureType::Ed25519
            && key.name().as_str() == self.checkpoint.origin
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

impl FromStr for SignedCheckpoint {
    type Err = SignedCheckpointError;

    fn from_str(text: &str) -> Result<Self, SignedCheckpointError> {
        let note: SignedNote = text.parse()?;
        let checkpoint = note.text().parse()?;
        Ok(Self { checkpoint, note })
    }
}
