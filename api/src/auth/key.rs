//! Public keys: what they are, and whether a signature is theirs.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use takedown_core::ed25519::is_weak;

/// How a key signs. A table with room for more; never chosen by what arrives with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8037); the header may say `EdDSA` or, as RFC 9864 has it, `Ed25519`.
    EdDsa,
    /// ECDSA on P-256 with SHA-256 (RFC 7518).
    Es256,
}

impl Algorithm {
    /// The name under which it is published.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
        }
    }

    /// Whether a token header or a JWK may call it so.
    #[must_use]
    pub fn is_called(self, name: &str) -> bool {
        match self {
            Self::EdDsa => matches!(name, "EdDSA" | "Ed25519"),
            Self::Es256 => name == "ES256",
        }
    }
}

/// A public key that was checked and can verify.
#[derive(Clone)]
pub struct PublicKey {
    kid: String,
    algorithm: Algorithm,
    /// Ed25519: the 32 bytes; P-256: x and y, 32 bytes each.
    bytes: Vec<u8>,
    parsed: Arc<ParsedPublicKey>,
}

/// Why a key was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub(super) String);

impl KeyError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl PublicKey {
    /// An Ed25519 key; without `kid` its RFC 7638 thumbprint is the kid.
    ///
    /// # Errors
    /// When the bytes are no point, one of small order, or not written canonically.
    pub fn ed25519(bytes: &[u8], kid: Option<&str>) -> Result<Self, KeyError> {
        let point: &[u8; 32] = bytes
            .try_into()
            .map_err(|_| KeyError::new("an Ed25519 key has 32 bytes"))?;
        if is_weak(point) {
            return Err(KeyError::new(
                "this Ed25519 key is weak (of small order or not canonical); make a new one",
            ));
        }
        let parsed = ParsedPublicKey::new(&ED25519, bytes)
            .map_err(|_| KeyError::new("this is not an Ed25519 key"))?;
        Ok(Self::finish(Algorithm::EdDsa, bytes.to_vec(), parsed, kid))
    }

    /// A P-256 key by its coordinates; without `kid` its RFC 7638 thumbprint is the kid.
    ///
    /// # Errors
    /// When the coordinates are no point of the curve.
    pub fn p256(x: &[u8], y: &[u8], kid: Option<&str>) -> Result<Self, KeyError> {
        if x.len() != 32 || y.len() != 32 {
            return Err(KeyError::new("x and y of a P-256 key have 32 bytes each"));
        }
        let coordinates = [x, y].concat();
        let uncompressed = [&[4_u8], coordinates.as_slice()].concat();
        let parsed = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &uncompressed)
            .map_err(|_| KeyError::new("this is not a point of P-256"))?;
        Ok(Self::finish(Algorithm::Es256, coordinates, parsed, kid))
    }

    fn finish(
        algorithm: Algorithm,
        bytes: Vec<u8>,
        parsed: ParsedPublicKey,
        kid: Option<&str>,
    ) -> Self {
        let mut key = Self {
            kid: String::new(),
            algorithm,
            bytes,
            parsed: Arc::new(parsed),
        };
        key.kid = kid.map_or_else(|| key.thumbprint(), str::to_owned);
        key
    }

    /// How tokens name it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// How it signs.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The SHA-256 thumbprint (RFC 7638), base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // The members that the RFC requires, in lexicographic order and without space.
        let canonical = match self.algorithm {
            Algorithm::EdDsa => format!(
                r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
                BASE64URL_NOPAD.encode(&self.bytes)
            ),
            Algorithm::Es256 => {
                let (x, y) = self.coordinates();
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
        };
        BASE64URL_NOPAD.encode(&Sha256::digest(canonical))
    }

    /// The key as a JWK (RFC 7517), in which form it is stored and published.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        let alg = self.algorithm.as_str();
        match self.algorithm {
            Algorithm::EdDsa => json!({
                "kty": "OKP", "crv": "Ed25519", "x": BASE64URL_NOPAD.encode(&self.bytes),
                "kid": self.kid, "alg": alg, "use": "sig",
            }),
            Algorithm::Es256 => {
                let (x, y) = self.coordinates();
                json!({
                    "kty": "EC", "crv": "P-256", "x": x, "y": y,
                    "kid": self.kid, "alg": alg, "use": "sig",
                })
            }
        }
    }

    fn coordinates(&self) -> (String, String) {
        let (x, y) = self.bytes.split_at(self.bytes.len() / 2);
        (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y))
    }

    /// Whether the signature over the message is this key's.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.kid == other.kid && self.algorithm == other.algorithm && self.bytes == other.bytes
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
