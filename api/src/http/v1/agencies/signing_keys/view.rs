//! A signing key as it is answered.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::signed::{self, Key};
use crate::http::v1::requests::signed::SignedStatement;
use crate::http::wire::Instant;

/// A key with which an agency signs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKey {
    /// Its thumbprint (RFC 7638).
    pub kid: String,
    /// The key.
    pub jwk: Jwk,
    /// The agency's own domain, which shows it at `/.well-known/takedown-exchange/keys.json`.
    pub domain: String,
    /// When it was added.
    pub added_at: Instant,
    /// From when on it counts; `null` while it waits for the operator's confirmation.
    #[schema(required = true)]
    pub counts_from: Option<Instant>,
    /// The earlier key of the agency that spoke for it.
    #[schema(required = true)]
    pub cosigned_by: Option<String>,
    /// When it was revoked; nothing that was signed with it counts since then.
    #[schema(required = true)]
    pub revoked_at: Option<Instant>,
    /// Since when it may have been in foreign hands.
    #[schema(required = true)]
    pub compromised_at: Option<Instant>,
    /// The statement by which it proved itself.
    #[schema(required = true)]
    pub proof: Option<SignedStatement>,
    /// The same by the earlier key.
    #[schema(required = true)]
    pub cosigned: Option<SignedStatement>,
    /// The entry of the sealed history that added it; in the list only.
    #[schema(required = true)]
    pub entry: Option<KeyEntry>,
}

/// A public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwk {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// The key, base64url.
    pub x: String,
    /// Its thumbprint.
    pub kid: String,
    /// `EdDSA`.
    pub alg: String,
    /// `sig`.
    pub r#use: String,
}

/// An entry of the sealed history. Its leaf is SHA-256(0x00 ‖ "takedown-exchange/event/v1\n" ‖ SHA-256(salt ‖ data)).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyEntry {
    /// Its identifier, `evt_…`.
    pub id: String,
    /// Its bytes, as they were sealed.
    pub data: String,
    /// Its salt, base64; `null` once it is erased.
    #[schema(required = true)]
    pub salt: Option<String>,
}

impl From<&Key> for SigningKey {
    fn from(key: &Key) -> Self {
        let kid = key.known.key.thumbprint();
        Self {
            jwk: Jwk {
                kty: "OKP".to_owned(),
                crv: "Ed25519".to_owned(),
                x: BASE64URL_NOPAD.encode(key.known.key.public().as_bytes()),
                kid: kid.clone(),
                alg: "EdDSA".to_owned(),
                r#use: "sig".to_owned(),
            },
            kid,
            domain: key.known.domain.as_str().to_owned(),
            added_at: Instant(key.added_at),
            counts_from: key.known.counts_from.map(Instant),
            cosigned_by: key.cosigned_by.clone(),
            revoked_at: key.known.revoked_at.map(Instant),
            compromised_at: key.compromised_at.map(Instant),
            proof: SignedStatement::of(&key.proof),
            cosigned: key.cosignature.as_deref().and_then(SignedStatement::of),
            entry: key.entry.as_ref().map(KeyEntry::from),
        }
    }
}

impl From<&signed::KeyEntry> for KeyEntry {
    fn from(entry: &signed::KeyEntry) -> Self {
        Self {
            id: entry.id.clone(),
            data: entry.data.clone(),
            salt: entry.salt.as_ref().map(|salt| BASE64.encode(salt)),
        }
    }
}
