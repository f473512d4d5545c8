//! What a key is called, and the four bytes by which its signatures are found.

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The name of a key. For a log it is the log's origin, for a witness best a URL without scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// Why a text is not the name of a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing.
    #[error("the name of a key is empty; give it one such as log.example/2026")]
    Empty,
    /// A character that would end the name in a line or in a key.
    #[error("the name of a key holds {}; it has no space, no + and no control character", named(.0))]
    Character(char),
}

fn named(character: &char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        '+' => "a +".to_owned(),
        other => format!("U+{:04X}", u32::from(*other)),
    }
}

impl KeyName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let forbidden = |c: &char| c.is_whitespace() || *c == '+' || c.is_control();
        match text.chars().find(forbidden) {
            Some(character) => Err(NameError::Character(character)),
            None if text.is_empty() => Err(NameError::Empty),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which key of that name: the first four bytes of SHA-256 over name, newline, signature type and public key. It finds
/// a key and proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// These bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// Of this name and key.
    #[must_use]
    pub(super) fn of(name: &KeyName, signature_type: u8, public: &[u8]) -> Self {
        let digest = Sha256::new_with_prefix(name.as_str())
            .chain_update([b'\n', signature_type])
            .chain_update(public)
            .finalize();
        let mut id = [0; 4];
        id.copy_from_slice(&digest[..4]);
        Self(id)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}
