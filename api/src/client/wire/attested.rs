//! The unit's signature of a request.

use serde::Deserialize;

/// By which key it is signed, and what was signed of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// The thumbprint of the key.
    pub kid: String,
    /// The unit's own domain.
    pub domain: String,
    /// The host it is addressed to.
    pub audience: String,
    /// What was signed, oldest first.
    pub statements: Vec<Stated>,
    /// How often it was changed without a signature.
    pub unsigned_changes: u32,
    /// Since when the key may have been in foreign hands.
    pub key_doubted_since: Option<String>,
}

/// Something that was signed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Stated {
    /// SHA-256 of its bytes.
    pub digest: String,
}
