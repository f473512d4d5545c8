//! A hash of the tree.

use std::{fmt, str::FromStr};

use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The hash of a leaf or of a node (SHA-256), written in base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// A text that is no hash.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HashError {
    /// Not base64, or not written the one way it is written.
    #[error("\"{0}\" is not base64 (A-Z, a-z, 0-9, + and /, padded with =)")]
    Base64(String),
    /// Not as long as a hash.
    #[error("{0} bytes are no SHA-256 hash; it has 32, which are 44 characters of base64")]
    Length(usize),
}

impl Hash {
    /// The root of a tree without entries: SHA-256 of nothing (RFC 6962, section 2.1).
    pub const EMPTY: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
        0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52,
        0xb8, 0x55,
    ]);

    /// These 32 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of a hash as they were stored.
    ///
    /// # Errors
    /// [`HashError::Length`] when they are not 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, HashError> {
        let bytes = bytes
            .try_into()
            .map_err(|_| HashError::Length(bytes.len()))?;
        Ok(Self(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of an entry's data: SHA-256 of 0x00 and the data (RFC 6962, section 2.1).
    #[must_use]
    pub fn leaf(data: &[u8]) -> Self {
        Self(
            Sha256::new_with_prefix([0_u8])
                .chain_update(data)
                .finalize()
                .into(),
        )
    }

    /// The hash of a node: SHA-256 of 0x01 and the hashes of its two halves (RFC 6962, section 2.1).
    #[must_use]
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut both = [1; 65];
        both[1..33].copy_from_slice(&left.0);
        both[33..].copy_from_slice(&right.0);
        Self(Sha256::digest(both).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let bytes = BASE64
            .decode(text.as_bytes())
            .map_err(|_| HashError::Base64(super::found(text)))?;
        Self::from_slice(&bytes)
    }
}
