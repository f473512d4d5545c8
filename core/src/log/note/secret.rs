//! Private keys as they are kept in a file: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`.

use std::fmt;

use data_encoding::BASE64;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{KeyName, NameError, Signature, SignatureType, UnsupportedType, VerifierKey, key};
use crate::{
    ed25519::{KeyError, KeyPair},
    log::cosignature,
};

pub(super) const PREFIX: &str = "PRIVATE+KEY+";

/// A key that signs under a name.
pub struct SigningKey {
    pair: KeyPair,
    verifier: VerifierKey,
}

/// Why a text is no private key. Nothing of the text is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SigningKeyError {
    /// Not of this form at all.
    #[error("this is not a private key; one is PRIVATE+KEY+NAME+KEYID+BASE64")]
    Form,
    /// The name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The key id is not one, or belongs to another name or key.
    #[error(
        "the key id of this private key does not belong to its name and key: one of the three was changed"
    )]
    Id,
    /// The type.
    #[error(transparent)]
    Type(#[from] UnsupportedType),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl SigningKey {
    /// Of a seed, which the caller drew at random.
    ///
    /// # Errors
    /// [`KeyError`] when the seed has another length than 32 bytes.
    pub fn from_seed(
        name: KeyName,
        signature_type: SignatureType,
        seed: &[u8],
    ) -> Result<Self, KeyError> {
        let pair = KeyPair::from_seed(seed)?;
        let verifier = VerifierKey::new(name, signature_type, pair.public().clone());
        Ok(Self { pair, verifier })
    }

    /// Reads what [`Self::secret`] wrote.
    ///
    /// # Errors
    /// [`SigningKeyError`] says what is wrong, without repeating any of it.
    pub fn parse(text: &str) -> Result<Self, SigningKeyError> {
        let rest = text.strip_prefix(PREFIX).ok_or(SigningKeyError::Form)?;
        let (name, rest) = rest.split_once('+').ok_or(SigningKeyError::Form)?;
        let (id, encoded) = rest.split_once('+').ok_or(SigningKeyError::Form)?;
        let typed = BASE64
            .decode(encoded.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| SigningKeyError::Form)?;
        let (signature_type, seed) = typed.split_first().ok_or(SigningKeyError::Form)?;
        let key = Self::from_seed(name.parse()?, SignatureType::of(*signature_type)?, seed)?;
        // The id is that of the public key, so it also shows that the seed is the right one.
        match key::parse_id(id) {
            Ok(id) if id == key.verifier.id() => Ok(key),
            _ => Err(SigningKeyError::Id),
        }
    }

    /// The key as text, for a file that only its owner reads.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<String> {
        let mut typed = Zeroizing::new([0; 33]);
        typed[0] = self.verifier.signature_type().byte();
        typed[1..].copy_from_slice(self.pair.seed());
        let encoded = Zeroizing::new(BASE64.encode(typed.as_slice()));
        let (name, id) = (self.verifier.name(), self.verifier.id());
        Zeroizing::new(format!("{PREFIX}{name}+{id}+{}", *encoded))
    }

    /// The public key, to be handed out.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a text as the type of the key says; `time`, in seconds since 1970, becomes part of a cosignature and of
    /// nothing else.
    pub(in crate::log) fn sign(&self, text: &str, time: u64) -> Signature {
        let bytes = match self.verifier.signature_type() {
            SignatureType::Ed25519 => self.pair.sign(text.as_bytes()).to_vec(),
            SignatureType::Cosignature => {
                let over = self.pair.sign(&cosignature::message(time, text));
                cosignature::joined(time, &over)
            }
        };
        Signature::new(self.verifier.name().clone(), self.verifier.id(), bytes)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier)
    }
}
