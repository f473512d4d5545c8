//! Public keys as they are handed out: `<name>+<key id>+<base64 of type and key>`, called a vkey.

use std::{fmt, str::FromStr};

use data_encoding::BASE64;
use thiserror::Error;

use super::{KeyId, KeyName, NameError, Signature};
use crate::{
    ed25519::{KeyError, PublicKey},
    log::{cosignature, found},
};

/// What a signature is over, and how it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureType {
    /// 0x01: Ed25519 over the text. A log signs its checkpoints so.
    Ed25519,
    /// 0x04: Ed25519 over a time and the text. A witness signs so (c2sp.org/tlog-cosignature).
    Cosignature,
}

/// A signature type that this program does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("signature type 0x{:02x}{} is not known here; known are 0x01 (Ed25519, of a log) and 0x04 (Ed25519 cosignature, of a witness)", .0, called(.0))]
pub struct UnsupportedType(pub u8);

/// The types that c2sp.org/signed-note assigns and we do not use.
const fn called(byte: &u8) -> &'static str {
    match byte {
        0x02 => " (ECDSA)",
        0x05 => " (RFC 6962 tree head)",
        0x06 => " (ML-DSA-44 cosignature)",
        _ => "",
    }
}

impl SignatureType {
    /// The byte that stands for it.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    /// The type of a byte.
    ///
    /// # Errors
    /// [`UnsupportedType`] when we cannot check such signatures.
    pub const fn of(byte: u8) -> Result<Self, UnsupportedType> {
        match byte {
            0x01 => Ok(Self::Ed25519),
            0x04 => Ok(Self::Cosignature),
            other => Err(UnsupportedType(other)),
        }
    }
}

/// A key that checks signatures: whose it is, what it signs, and the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    signature_type: SignatureType,
    id: KeyId,
    key: PublicKey,
}

/// Why a text is no vkey.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifierKeyError {
    /// Not of this form at all.
    #[error(
        "\"{0}\" is not a vkey; one is NAME+KEYID+BASE64, such as log.example/2026+0123abcd+AQ..."
    )]
    Form(String),
    /// A private key where a public one belongs.
    #[error(
        "this is a private key; a vkey is the public one and does not begin with PRIVATE+KEY+. Whoever saw it must be taken to know it"
    )]
    Private,
    /// The name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The key id.
    #[error("\"{0}\" is not a key id; it is 8 lower-case hexadecimal digits")]
    Id(String),
    /// The key id is of another name or key.
    #[error(
        "the key id is {found}, but this name and key have {wanted}: one of the three was changed"
    )]
    OtherId {
        /// The one that was given.
        found: KeyId,
        /// The one that belongs to name and key.
        wanted: KeyId,
    },
    /// The last part.
    #[error("what follows the key id is not base64 (A-Z, a-z, 0-9, + and /, padded with =)")]
    Base64,
    /// The type.
    #[error(transparent)]
    Type(#[from] UnsupportedType),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl VerifierKey {
    /// Of these parts.
    #[must_use]
    pub fn new(name: KeyName, signature_type: SignatureType, key: PublicKey) -> Self {
        let id = KeyId::of(&name, signature_type.byte(), key.as_bytes());
        Self {
            name,
            signature_type,
            id,
            key,
        }
    }

    /// Whose it is.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn signature_type(&self) -> SignatureType {
        self.signature_type
    }

    /// By which its signatures are found, together with the name.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether the signature says that it is this key's.
    #[must_use]
    pub fn claims(&self, signature: &Signature) -> bool {
        self.id == signature.id() && self.name == *signature.name()
    }

    /// Whether the signature is this key's over the text: none when it is not, otherwise when it says it was made (only a
    /// cosignature says that; seconds since 1970).
    #[must_use]
    pub fn verifies(&self, text: &str, signature: &Signature) -> Option<Option<u64>> {
        if !self.claims(signature) {
            return None;
        }
        let bytes = signature.bytes();
        match self.signature_type {
            SignatureType::Ed25519 => self.key.verifies(text.as_bytes(), bytes).then_some(None),
            SignatureType::Cosignature => {
                let (time, over) = cosignature::split(bytes)?;
                let message = cosignature::message(time, text);
                self.key.verifies(&message, over).then_some(Some(time))
            }
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [
            &[self.signature_type.byte()],
            self.key.as_bytes().as_slice(),
        ]
        .concat();
        write!(f, "{}+{}+{}", self.name, self.id, BASE64.encode(&typed))
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        if text.starts_with(super::secret::PREFIX) {
            return Err(VerifierKeyError::Private);
        }
        let form = || VerifierKeyError::Form(found(text));
        // The base64 may hold a + itself, the name and the id cannot.
        let (name, rest) = text.split_once('+').ok_or_else(form)?;
        let (id, encoded) = rest.split_once('+').ok_or_else(form)?;
        let name: KeyName = name.parse()?;
        let given = parse_id(id)?;
        let typed = BASE64
            .decode(encoded.as_bytes())
            .map_err(|_| VerifierKeyError::Base64)?;
        let (signature_type, key) = typed.split_first().ok_or(VerifierKeyError::Base64)?;
        let wanted = KeyId::of(&name, *signature_type, key);
        if given != wanted {
            return Err(VerifierKeyError::OtherId {
                found: given,
                wanted,
            });
        }
        let signature_type = SignatureType::of(*signature_type)?;
        Ok(Self::new(name, signature_type, PublicKey::new(key)?))
    }
}

pub(super) fn parse_id(text: &str) -> Result<KeyId, VerifierKeyError> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes());
    bytes
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .map(KeyId::from_bytes)
        .ok_or_else(|| VerifierKeyError::Id(found(text)))
}
