//! Client secrets: random, shown once, kept as a digest.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// What every secret begins with, so that leak scanners can find it.
pub const PREFIX: &str = "tdx_";

/// The SHA-256 of a secret. A slow hash would add nothing: the secret has 256 random bits.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

/// A new secret: its text, to be shown once, and what is kept.
///
/// # Errors
/// When the system has no randomness.
pub fn new_secret() -> Result<(SecretString, SecretHash), NoRandomness> {
    let text = format!("{PREFIX}{}", random_text()?);
    let hash = SecretHash::of(&text);
    Ok((SecretString::from(text), hash))
}

/// The secret that these bytes are, of which there are 32 that nobody can guess.
#[must_use]
pub fn secret_of(bytes: &[u8]) -> SecretString {
    SecretString::from(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(bytes)))
}

/// 256 random bits as base64url; ids of tokens and secrets are made of it.
pub(super) fn random_text() -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// The system has no randomness to give.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the system's source of randomness failed")]
pub struct NoRandomness;

impl SecretHash {
    /// The digest of a secret's text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Whether this is the digest of the text, found out in constant time.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.is(&Self::of(text))
    }

    /// Whether both digests are one, found out in constant time.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        verify_slices_are_equal(&self.0, &other.0).is_ok()
    }

    /// The digest in lower-case hexadecimal, in which form it is stored.
    #[must_use]
    pub fn to_hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// The digest from its stored form.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn secrets_are_random_and_kept_as_digests() {
        let (text, hash) = new_secret().unwrap();
        let (other, _) = new_secret().unwrap();
        assert_eq!(text.expose_secret().len(), 4 + 43);
        assert!(text.expose_secret().starts_with("tdx_"));
        assert_ne!(text.expose_secret(), other.expose_secret());
        assert!(hash.matches(text.expose_secret()));
        assert!(!hash.matches(other.expose_secret()));
        assert!(!hash.matches(""));
        assert!(SecretHash::from_hex(&hash.to_hex()).unwrap().is(&hash));
        assert!(SecretHash::from_hex("00").is_none());
        assert!(!format!("{hash:?}").contains(&hash.to_hex()[..6]));
    }
}
