//! A text with its signatures.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{KeyId, KeyName, LineError, MOST_SIGNATURES, Signature, SigningKey, VerifierKey};

/// A text and what was signed of it. Whether a signature is right says only [`Self::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<Signature>,
}

/// Why a text is no signed note. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// A control character.
    #[error(
        "line {line} holds the control character U+{code:04X}; a note has none but newlines (a file with Windows line ends has U+000D)"
    )]
    Control {
        /// Line of it.
        line: usize,
        /// The character.
        code: u32,
    },
    /// The end is missing.
    #[error("the last line does not end with a newline; the end of the note is missing")]
    Unterminated,
    /// Nothing tells text and signatures apart.
    #[error("there is no empty line between the text and its signatures")]
    NoEmptyLine,
    /// Not signed.
    #[error("there is no signature below the empty line")]
    NoSignatures,
    /// A line that is none.
    #[error("line {line}: {reason}")]
    Line {
        /// Line of it.
        line: usize,
        /// What is wrong with it.
        reason: LineError,
    },
    /// More than anybody needs.
    #[error("the note has {0} signatures; at most {MOST_SIGNATURES} are taken")]
    TooMany(usize),
}

/// Why the signatures of a note are not trusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// A signature that says it is of a known key and is not.
    #[error(
        "the signature of {name} (key id {id}) does not fit the text: it was made by another key, or the text was changed"
    )]
    Forged {
        /// The key it says it is of.
        name: KeyName,
        /// Which key of that name.
        id: KeyId,
    },
    /// No signature of a known key.
    #[error(
        "no signature is of a known key; signed by {}, known {}",
        listed(found),
        listed(known)
    )]
    NoneKnown {
        /// Keys that signed, as name and key id.
        found: Vec<String>,
        /// Keys that were known, as name and key id.
        known: Vec<String>,
    },
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "is nobody".to_owned(),
        [one] => format!("is {one}"),
        some => format!("are {}", some.join(", ")),
    }
}

/// A signature that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'k> {
    /// The key that made it.
    pub key: &'k VerifierKey,
    /// When it says it was made, in seconds since 1970; only a cosignature says that.
    pub time: Option<u64>,
}

impl SignedNote {
    /// A text with the signatures of these keys, which must not be those of witnesses ([`super::super::cosignature`]).
    ///
    /// # Errors
    /// [`NoteError`] when the text cannot be that of a note.
    pub(crate) fn sign(text: &str, keys: &[&SigningKey]) -> Result<Self, NoteError> {
        clean(text)?;
        Ok(Self {
            text: text.to_owned(),
            signatures: keys.iter().map(|key| key.sign(text, 0)).collect(),
        })
    }

    /// What is signed, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every signature, right or not.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature below the others. One of the same key that is there already is replaced.
    pub fn add(&mut self, signature: Signature) {
        self.signatures
            .retain(|known| (known.name(), known.id()) != (signature.name(), signature.id()));
        self.signatures.push(signature);
    }

    /// The signatures that are right, in the order of the note, each key once. Those of unknown keys are passed over, even
    /// when they share a name or a key id with a known one.
    ///
    /// # Errors
    /// [`SignatureError`] when a known key's signature is not right, or when no known key signed.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
    ) -> Result<Vec<Verified<'k>>, SignatureError> {
        let mut verified: Vec<Verified<'k>> = Vec::new();
        for signature in &self.signatures {
            let mut claimed = false;
            let mut right = None;
            for key in keys.clone() {
                claimed |= key.claims(signature);
                if let Some(time) = key.verifies(&self.text, signature) {
                    right = Some(Verified { key, time });
                }
            }
            match right {
                Some(one) if verified.iter().all(|known| known.key != one.key) => {
                    verified.push(one)
                }
                None if claimed => {
                    return Err(SignatureError::Forged {
                        name: signature.name().clone(),
                        id: signature.id(),
                    });
                }
                _ => {}
            }
        }
        if verified.is_empty() {
            return Err(SignatureError::NoneKnown {
                found: self
                    .signatures
                    .iter()
                    .map(|signature| format!("{} {}", signature.name(), signature.id()))
                    .collect(),
                known: keys
                    .into_iter()
                    .map(|key| format!("{} {}", key.name(), key.id()))
                    .collect(),
            });
        }
        Ok(verified)
    }
}

impl fmt::Display for SignedNote {
    /// The note as it is stored and sent; reading it gives the same bytes again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for SignedNote {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        clean(note)?;
        // The text may hold empty lines itself: the last one is what ends it.
        let at = note.rfind("\n\n").ok_or(NoteError::NoEmptyLine)?;
        let (text, below) = (&note[..=at], &note[at + 2..]);
        if below.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let line = text.matches('\n').count() + 2;
        Ok(Self {
            text: text.to_owned(),
            signatures: lines(below, line)?,
        })
    }
}

/// The signatures of lines that each end with a newline, as a witness answers.
///
/// # Errors
/// [`NoteError`] with the line that is no signature.
pub fn signature_lines(text: &str) -> Result<Vec<Signature>, NoteError> {
    clean(text)?;
    lines(text, 1)
}

fn lines(text: &str, first: usize) -> Result<Vec<Signature>, NoteError> {
    let count = text.matches('\n').count();
    if count > MOST_SIGNATURES {
        return Err(NoteError::TooMany(count));
    }
    text.split_terminator('\n')
        .zip(first..)
        .map(|(line, at)| {
            line.parse()
                .map_err(|reason| NoteError::Line { line: at, reason })
        })
        .collect()
}

/// Refuses control characters and a missing end.
fn clean(text: &str) -> Result<(), NoteError> {
    let control = |c: char| c < ' ' && c != '\n';
    if let Some((at, code)) = text.char_indices().find(|(_, c)| control(*c)) {
        return Err(NoteError::Control {
            line: text[..at].matches('\n').count() + 1,
            code: u32::from(code),
        });
    }
    if !text.ends_with('\n') {
        return Err(NoteError::Unterminated);
    }
    Ok(())
}
