//! The key that seals secrets which must be read again, such as those that sign webhooks: they lie in the database, it does not.
//!
//! ChaCha20-Poly1305 (RFC 8439) with random nonces: with the few secrets that one key seals, two never meet. What a secret is
//! for is authenticated with it, so that one cannot be put in the place of another.

use std::fmt;

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hmac, rand};
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::secret::NoRandomness;

/// What the text of a key begins with, so that leak scanners can find it.
const PREFIX: &str = "takedown-sealing-key-1:";
const LENGTH: usize = 32;
/// From what the key is made that marks are made with.
const MARKS: &[u8] = b"takedown marks 1";

/// Such a key.
pub struct SealingKey {
    name: String,
    key: LessSafeKey,
    mac: hmac::Key,
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it holds no sealing key: one line that begins with {PREFIX}")]
pub struct NoSealingKey;

/// Why a secret cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was sealed with another key or for something else, or it was changed")]
pub struct Unsealable;

impl SealingKey {
    /// A new key, and the text that is kept of it.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system has none.
    pub fn generate() -> Result<(Self, Zeroizing<String>), NoRandomness> {
        let mut bytes = Zeroizing::new([0_u8; LENGTH]);
        rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
        let text = Zeroizing::new(format!("{PREFIX}{}", BASE64.encode(bytes.as_ref())));
        let key = Self::of(bytes.as_ref()).map_err(|_| NoRandomness)?;
        Ok((key, text))
    }

    /// The key in its text.
    ///
    /// # Errors
    /// [`NoSealingKey`] when there is none in it.
    pub fn parse(text: &str) -> Result<Self, NoSealingKey> {
        let text = text.trim().strip_prefix(PREFIX).ok_or(NoSealingKey)?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| NoSealingKey)?;
        Self::of(&Zeroizing::new(bytes))
    }

    fn of(bytes: &[u8]) -> Result<Self, NoSealingKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes).map_err(|_| NoSealingKey)?;
        let digest = Sha256::new()
            .chain_update(PREFIX)
            .chain_update(bytes)
            .finalize();
        Ok(Self {
            name: HEXLOWER.encode(digest.get(..8).unwrap_or_default()),
            key: LessSafeKey::new(key),
            // A key of its own: what is sealed and what is marked have nothing in common.
            mac: hmac::Key::new(
                hmac::HMAC_SHA256,
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), MARKS).as_ref(),
            ),
        })
    }

    /// By what it is told from others; says nothing of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A key of its own for marks that only who has this one can make, and knows again.
    #[must_use]
    pub fn marks(&self, purpose: &str) -> hmac::Key {
        let key = hmac::sign(&self.mac, purpose.as_bytes());
        hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())
    }

    /// A secret, sealed for what `purpose` names.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system has none.
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, NoRandomness> {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| NoRandomness)?;
        let mut sealed = secret.to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose),
                &mut sealed,
            )
            .map_err(|_| NoRandomness)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed for the same purpose.
    ///
    /// # Errors
    /// [`Unsealable`] when it was not, or not with this key.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let length = self
            .key
            .open_in_place(nonce, Aad::from(purpose), &mut opened)
            .map_err(|_| Unsealable)?
            .len();
        opened.truncate(length);
        Ok(opened)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_sealed_is_read_again_for_the_same_purpose_only() {
        let (key, text) = SealingKey::generate().unwrap();
        let sealed = key.seal("webhook_1", b"a secret").unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_ne!(sealed, key.seal("webhook_1", b"a secret").unwrap());
        let again = SealingKey::parse(&format!("{}\n", text.as_str())).unwrap();
        assert_eq!(again.name(), key.name());
        assert_eq!(
            again.open("webhook_1", &sealed).unwrap().as_slice(),
            b"a secret"
        );
        assert_eq!(key.open("webhook_2", &sealed).unwrap_err(), Unsealable);
        let (other, _) = SealingKey::generate().unwrap();
        assert_ne!(other.name(), key.name());
        assert_eq!(other.open("webhook_1", &sealed).unwrap_err(), Unsealable);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open("webhook_1", &changed).unwrap_err(), Unsealable);
        }
        assert_eq!(key.open("webhook_1", b"short").unwrap_err(), Unsealable);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (key, text) = SealingKey::generate().unwrap();
        assert!(!format!("{key:?}").contains(&text[PREFIX.len()..]));
        for wrong in [
            "",
            "x",
            "takedown-sealing-key-1:",
            "takedown-sealing-key-1:AAAA",
            &text[1..],
        ] {
            assert_eq!(
                SealingKey::parse(wrong).unwrap_err(),
                NoSealingKey,
                "{wrong}"
            );
        }
    }
}
