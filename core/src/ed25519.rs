//! Ed25519 (RFC 8032): public keys, key pairs, signatures.
//!
//! Signing draws no randomness: one key and one message give one signature (RFC 8032, section 5.1.6). Whoever makes a
//! new key brings the 32 bytes of its seed along.

mod low_order;

use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};
use thiserror::Error;
use zeroize::Zeroizing;

pub use low_order::is_weak;

/// Bytes of a seed.
pub const SEED_LENGTH: usize = 32;
/// Bytes of a signature.
pub const SIGNATURE_LENGTH: usize = 64;

/// Why these bytes are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not as long as keys are.
    #[error("{0} bytes are no Ed25519 key; it has 32")]
    Length(usize),
    /// Under such a key one signature can fit many messages.
    #[error("this Ed25519 key is weak (of small order or not canonical); a new one is needed")]
    Weak,
    /// The library takes no such key.
    #[error("these 32 bytes are no Ed25519 key")]
    Refused,
}

/// A public key that is canonical and not of small order. Whether its bytes are a point of the curve at all shows when a
/// signature is checked: under one that is not, none is right.
#[derive(Clone)]
pub struct PublicKey {
    bytes: [u8; 32],
    parsed: Arc<ParsedPublicKey>,
}

impl PublicKey {
    /// The key of these 32 bytes (RFC 8032, section 5.1.5).
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with them.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = *<&[u8; 32]>::try_from(bytes).map_err(|_| KeyError::Length(bytes.len()))?;
        if is_weak(&bytes) {
            return Err(KeyError::Weak);
        }
        let parsed = ParsedPublicKey::new(&ED25519, bytes).map_err(|_| KeyError::Refused)?;
        Ok(Self {
            bytes,
            parsed: Arc::new(parsed),
        })
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Whether the signature over the message is this key's.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey(")?;
        self.bytes
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, ")")
    }
}

/// A private key with its public half. Its seed is wiped from memory when it goes, and never shown by `Debug`.
pub struct KeyPair {
    seed: Zeroizing<[u8; SEED_LENGTH]>,
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl KeyPair {
    /// The pair that follows from a seed.
    ///
    /// # Errors
    /// [`KeyError`] when the seed gives no key that one may use.
    pub fn from_seed(seed: &[u8]) -> Result<Self, KeyError> {
        let seed: &[u8; SEED_LENGTH] = seed.try_into().map_err(|_| KeyError::Length(seed.len()))?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Refused)?;
        let public = PublicKey::new(pair.public_key().as_ref())?;
        Ok(Self {
            seed: Zeroizing::new(*seed),
            pair,
            public,
        })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The secret itself, to be written where only its owner reads.
    #[must_use]
    pub fn seed(&self) -> &[u8; SEED_LENGTH] {
        &self.seed
    }

    /// The signature over a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        let mut signature = [0; SIGNATURE_LENGTH];
        signature.copy_from_slice(self.pair.sign(message).as_ref());
        signature
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({:?})", self.public)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    #[test]
    fn the_first_two_vectors_of_rfc_8032() {
        // Section 7.1, tests 1 and 2.
        for (seed, public, message, signature) in [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
        ] {
            let pair = KeyPair::from_seed(&bytes(seed)).unwrap();
            assert_eq!(pair.public().as_bytes().as_slice(), bytes(public));
            assert_eq!(pair.sign(&bytes(message)).as_slice(), bytes(signature));
            assert!(pair.public().verifies(&bytes(message), &bytes(signature)));
            assert!(!pair.public().verifies(b"other", &bytes(signature)));
            assert!(!format!("{pair:?}").contains(&seed[..8]));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        assert_eq!(PublicKey::new(&[1; 31]), Err(KeyError::Length(31)));
        assert_eq!(PublicKey::new(&[0; 32]), Err(KeyError::Weak));
        let mut high = [0xff; 32];
        high[31] = 0x7f;
        assert_eq!(PublicKey::new(&high), Err(KeyError::Weak));
        let mut two = [0; 32];
        two[0] = 2;
        // No point of the curve has this y.
        let signature = KeyPair::from_seed(&[1; 32]).unwrap().sign(b"");
        assert!(!PublicKey::new(&two).unwrap().verifies(b"", &signature));
        assert!(KeyPair::from_seed(&[7; 33]).is_err());
    }
}
