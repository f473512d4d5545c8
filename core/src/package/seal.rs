//! The log's signature over a manifest, and by its digests over everything else in the package.
//!
//! Entries prove what they say. A locator, a reason, a name is in no entry, as the history carries digests only: for those the
//! exchange answers with this signature.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::FORMAT;
use crate::{
    history::Digest,
    log::{
        SigningKey, VerifierKey, found,
        note::{NoteError, SignatureError, SignedNote},
    },
};

/// The signature. It is worth nothing before it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    origin: String,
    manifest: Digest,
    note: SignedNote,
}

/// Why a text is no such signature.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not its lines.
    #[error("line {line} is \"{found}\"; here belongs {wanted}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What it is.
        found: String,
        /// What belongs there.
        wanted: &'static str,
    },
}

const LINES: [&str; 3] = [
    FORMAT,
    "the name of the log",
    "\"manifest \" and the SHA-256 digest of manifest.json",
];

impl Seal {
    /// Signs a manifest, byte for byte, as the log.
    ///
    /// # Errors
    /// [`NoteError`] when the name of the key cannot stand in a note.
    pub fn sign(manifest: &[u8], key: &SigningKey) -> Result<Self, NoteError> {
        let origin = key.verifier().name().as_str().to_owned();
        let manifest = Digest::of(manifest);
        let note = SignedNote::sign(
            &format!("{FORMAT}\n{origin}\nmanifest {manifest}\n"),
            &[key],
        )?;
        Ok(Self {
            origin,
            manifest,
            note,
        })
    }

    /// The digest of the manifest, if one of these keys signed it.
    ///
    /// # Errors
    /// [`SignatureError`] when none did.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
    ) -> Result<Digest, SignatureError> {
        self.note.verify(keys)?;
        Ok(self.manifest)
    }

    /// Which log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

impl FromStr for Seal {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let note: SignedNote = text.parse()?;
        let lines: Vec<&str> = note.text().split_terminator('\n').collect();
        let wrong = |at: usize| SealError::Line {
            line: at + 1,
            found: found(lines.get(at).copied().unwrap_or_default()),
            wanted: LINES.get(at).copied().unwrap_or("nothing more"),
        };
        if lines.first() != Some(&FORMAT) {
            return Err(wrong(0));
        }
        let origin = lines.get(1).ok_or_else(|| wrong(1))?;
        let manifest = lines.get(2).and_then(|line| line.strip_prefix("manifest "));
        let manifest = manifest.and_then(|digest| digest.parse().ok());
        let manifest = manifest.ok_or_else(|| wrong(2))?;
        if lines.len() > LINES.len() {
            return Err(wrong(LINES.len()));
        }
        Ok(Self {
            origin: (*origin).to_owned(),
            manifest,
            note,
        })
    }
}
