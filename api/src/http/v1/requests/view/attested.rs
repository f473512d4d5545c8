//! Who attests a request: the unit by its own key, or the exchange alone.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::requests::RequestView;
use crate::app::signed::Signed;
use crate::http::wire::Instant;

/// The unit's signature. What was signed: `GET /v1/requests/{id}/signed`; the keys: `GET /v1/agencies/{id}/signing-keys`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Signature {
    /// The key that signed the filing, by its thumbprint (RFC 7638).
    pub kid: String,
    /// The unit's own domain, which shows the key itself.
    pub domain: String,
    /// The host of the platform to which the unit addressed it.
    pub audience: String,
    /// What the unit signed of this request, oldest first: the filing, and what was done to it later. A new statement names
    /// the last of these as what it replaces.
    pub statements: Vec<Stated>,
    /// How often the agency corrected it or took it, or items of it, back without signing that: of these only the exchange says so.
    pub unsigned_changes: i32,
    /// Since when a key may have been in foreign hands, where that was before the filing, or what was done to the request later,
    /// was handed in with it: ask the unit by another way.
    #[schema(required = true)]
    pub key_doubted_since: Option<Instant>,
}

/// Something the unit signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stated {
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// `file`, `correct` or `withdraw`.
    pub act: String,
    /// The version of the request that it made.
    pub version: i32,
}

impl From<&Signed> for Signature {
    fn from(signed: &Signed) -> Self {
        let statements = signed.statements.iter().map(|stated| Stated {
            digest: stated.digest.to_string(),
            act: stated.act.clone(),
            version: stated.version,
        });
        Self {
            kid: signed.kid.clone(),
            domain: signed.domain.clone(),
            audience: signed.audience.clone(),
            statements: statements.collect(),
            unsigned_changes: signed.unsigned_changes,
            key_doubted_since: signed.doubted_since.map(Instant),
        }
    }
}

/// Who attests it, in a word.
pub(super) const fn word(view: &RequestView) -> &'static str {
    if view.signed.is_some() {
        "unit_signed"
    } else {
        "exchange_only"
    }
}
