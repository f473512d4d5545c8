//! A client as it is answered: never with its secret, but for the answer that made it.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::once::Answer;
use crate::app::parties;
use crate::auth::parse_jwks;
use crate::http::v1::registry::created;
use crate::http::wire::Instant;

/// A program that calls for a party.
#[derive(Debug, Serialize, ToSchema)]
pub struct Client {
    /// Identifier, `client_…`; also its `client_id` at the token endpoint.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// `agency`, `platform`, `auditor` or `operator`.
    pub role: String,
    /// The agency it acts for; for an auditor, the only one whose requests he sees.
    #[schema(required = true)]
    pub agency: Option<String>,
    /// The platform it acts for; for an auditor, the only one whose requests he sees.
    #[schema(required = true)]
    pub platform: Option<String>,
    /// What it may ask for at the token endpoint.
    pub scopes: Vec<String>,
    /// `secret` (`client_secret_basic`) or `key` (`private_key_jwt`).
    pub authentication: String,
    /// Its secrets, the oldest first, as far as they can be told.
    pub secrets: Vec<SecretBrief>,
    /// Its public keys.
    pub keys: Vec<KeyBrief>,
    /// It may not call while this holds.
    pub suspended: bool,
    /// Why it is suspended; `null` when it is not.
    #[schema(required = true)]
    pub suspension_reason: Option<String>,
    /// Tokens issued before are refused.
    pub tokens_not_before: Instant,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// What can be told of a secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretBrief {
    /// When it stops working; `null` for the present one.
    #[schema(required = true)]
    pub expires_at: Option<Instant>,
}

/// What is shown of a public key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyBrief {
    /// Its key id.
    pub kid: String,
    /// `EdDSA` or `ES256`.
    pub algorithm: String,
    /// Its RFC 7638 thumbprint.
    pub thumbprint: String,
}

/// A client with new credentials.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientWithSecret {
    /// The client.
    #[serde(flatten)]
    pub client: Client,
    /// The new secret, shown this once and kept nowhere. `null` for a client with keys, and when the call is repeated
    /// with the same Idempotency-Key: who lost the secret rotates.
    #[schema(required = true)]
    pub client_secret: Option<String>,
}

impl Client {
    /// What may be shown of a client.
    #[must_use]
    pub fn of(client: &parties::Client) -> Self {
        let keys = client.jwks.as_deref().map(parse_jwks);
        Self {
            id: client.id.clone(),
            name: client.name.clone(),
            role: client.role.clone(),
            agency: client.agency.map(|id| id.to_string()),
            platform: client.platform.map(|id| id.to_string()),
            scopes: client.scopes.split(' ').map(str::to_owned).collect(),
            authentication: if client.jwks.is_some() {
                "key"
            } else {
                "secret"
            }
            .to_owned(),
            secrets: client
                .secrets
                .iter()
                .map(|secret| SecretBrief {
                    expires_at: secret.expires_at.map(Instant),
                })
                .collect(),
            keys: keys
                .and_then(Result::ok)
                .unwrap_or_default()
                .iter()
                .map(|key| KeyBrief {
                    kid: key.kid().to_owned(),
                    algorithm: key.algorithm().as_str().to_owned(),
                    thumbprint: key.thumbprint(),
                })
                .collect(),
            suspended: client.suspended,
            suspension_reason: client.suspension_reason.clone(),
            tokens_not_before: Instant(client.tokens_not_before),
            created_at: Instant(client.created_at),
            updated_at: Instant(client.updated_at),
        }
    }
}

/// 200 with the client.
pub(super) fn ok(client: &parties::Client) -> HttpResponse {
    HttpResponse::Ok().json(Client::of(client))
}

/// 201 with the client and, once, its secret. No cache may keep it.
pub(super) fn with_secret(client: &parties::Client, secret: Option<&str>) -> Answer {
    let body = ClientWithSecret {
        client: Client::of(client),
        client_secret: secret.map(str::to_owned),
    };
    let mut answer = created(format!("/v1/clients/{}", client.id), None, &body);
    answer
        .headers
        .push(("cache-control".into(), "no-store".into()));
    answer
}
