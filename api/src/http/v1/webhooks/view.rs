//! A webhook as it is answered: never with its secret, but for the answer that made it.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::once::Answer;
use crate::app::webhooks;
use crate::http::v1::registry::{created, versioned};
use crate::http::wire::Instant;

/// An address that is told of what comes into your inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    /// Identifier, `webhook_…`.
    pub id: String,
    /// Where it leads.
    pub url: String,
    /// What you call it.
    pub description: String,
    /// `active`, or `disabled`: then it is told of nothing, and of all that happened meanwhile once it is active again.
    pub status: String,
    /// Why it is disabled: `by_party`, `gone` (it answered 410) or `failing` (nothing arrived while a message was tried to the end).
    #[schema(required = true)]
    pub disabled_reason: Option<String>,
    /// With what its messages are signed now, the oldest first. Two during a rotation.
    pub keys: Vec<WebhookKey>,
    /// Up to which position of the inbox it was told. What is to be repeated is not counted.
    pub position: i64,
    /// How many attempts in a row failed.
    pub failures: i32,
    /// Since when every attempt failed; `null` while they arrive.
    #[schema(required = true)]
    pub failing_since: Option<Instant>,
    /// When something last arrived.
    #[schema(required = true)]
    pub delivered_at: Option<Instant>,
    /// Why the last failure.
    #[schema(required = true)]
    pub last_error: Option<String>,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// What can be told of a generation of keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookKey {
    /// The Ed25519 key for signatures `v1a`: `whpk_` and base64.
    pub public_key: String,
    /// When it and the secret that goes with it stop signing; `null` for the present ones.
    #[schema(required = true)]
    pub expires_at: Option<Instant>,
}

/// A webhook with new keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The webhook.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// The secret for signatures `v1`: `whsec_` and base64, shown this once. `null` when the call is repeated with the same
    /// Idempotency-Key: who lost it rotates.
    #[schema(required = true)]
    pub secret: Option<String>,
}

impl Webhook {
    /// What may be shown of a webhook.
    #[must_use]
    pub fn of(webhook: &webhooks::Webhook) -> Self {
        Self {
            id: webhook.id.clone(),
            url: webhook.url.clone(),
            description: webhook.description.clone(),
            status: webhook.status.to_string(),
            disabled_reason: webhook.disabled.map(|reason| reason.to_string()),
            keys: webhook
                .keys
                .iter()
                .map(|key| WebhookKey {
                    public_key: key.public.clone(),
                    expires_at: key.expires_at.map(Instant),
                })
                .collect(),
            position: webhook.position,
            failures: webhook.failures,
            failing_since: webhook.failing_since.map(Instant),
            delivered_at: webhook.delivered_at.map(Instant),
            last_error: webhook.last_error.clone(),
            created_at: Instant(webhook.created_at),
            updated_at: Instant(webhook.updated_at),
        }
    }
}

/// 200 with its version.
pub(super) fn ok(webhook: &webhooks::Webhook) -> HttpResponse {
    versioned(webhook.version, &Webhook::of(webhook))
}

/// 201 with the webhook and, once, its secret. No cache may keep it.
pub(super) fn with_secret(webhook: &webhooks::Webhook, secret: Option<&str>) -> Answer {
    let body = WebhookWithSecret {
        webhook: Webhook::of(webhook),
        secret: secret.map(str::to_owned),
    };
    let location = format!("/v1/webhooks/{}", webhook.id);
    let mut answer = created(location, Some(webhook.version), &body);
    answer
        .headers
        .push(("cache-control".into(), "no-store".into()));
    answer
}
