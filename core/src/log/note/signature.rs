//! One line below a text.

use std::{fmt, str::FromStr};

use data_encoding::BASE64;
use thiserror::Error;

use super::{KeyId, KeyName, NameError};
use crate::log::found;

/// What every signature line begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// A signature and the key that it says it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: KeyName,
    id: KeyId,
    bytes: Vec<u8>,
}

/// Why a line is no signature.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineError {
    /// Not of this form at all.
    #[error(
        "\"{0}\" is not a signature line; one is an em dash (U+2014), a space, the key's name, a space, base64"
    )]
    Form(String),
    /// The name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The signature.
    #[error("the signature of {0} is not base64 (A-Z, a-z, 0-9, + and /, padded with =)")]
    Base64(KeyName),
    /// Nothing behind the key id.
    #[error("the signature of {name} has {found} bytes; the key id alone has 4")]
    Short {
        /// The key it says it is of.
        name: KeyName,
        /// Bytes it has.
        found: usize,
    },
}

impl Signature {
    /// Of these parts.
    #[must_use]
    pub const fn new(name: KeyName, id: KeyId, bytes: Vec<u8>) -> Self {
        Self { name, id, bytes }
    }

    /// The name of the key.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// Which key of that name.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What the key made of the text, without the key id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for Signature {
    /// The line, without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_bytes(), self.bytes.as_slice()].concat();
        write!(f, "{DASH}{} {}", self.name, BASE64.encode(&bytes))
    }
}

impl FromStr for Signature {
    type Err = LineError;

    /// Reads a line, without its newline.
    fn from_str(line: &str) -> Result<Self, LineError> {
        let (name, encoded) = line
            .strip_prefix(DASH)
            .and_then(|rest| rest.split_once(' '))
            .ok_or_else(|| LineError::Form(found(line)))?;
        let name: KeyName = name.parse()?;
        let Ok(bytes) = BASE64.decode(encoded.as_bytes()) else {
            return Err(LineError::Base64(name));
        };
        match bytes.split_first_chunk::<4>() {
            Some((id, rest)) if !rest.is_empty() => {
                Ok(Self::new(name, KeyId::from_bytes(*id), rest.to_vec()))
            }
            _ => Err(LineError::Short {
                name,
                found: bytes.len(),
            }),
        }
    }
}
