//! `POST /v1/webhooks/{id}/keys`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{WebhookWithSecret, with_secret};
use crate::app::webhooks::{self, Rotation};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Writing};

/// New keys.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhookKeys {
    /// End the older ones at once, because they may be in foreign hands. Otherwise they sign as well for 24 hours more.
    #[schema(required = false)]
    #[serde(default)]
    revoke_old: bool,
}

/// Give a webhook new keys
///
/// A new secret, shown in this answer only, and a new key. For 24 hours each message carries signatures of both generations, so
/// that the receiver can change over at any moment.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "rotate_webhook_keys",
    params(
        ("id" = String, Path, description = "Identifier, `webhook_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours; the repeated answer is without the secret."),
    ),
    request_body(content = NewWebhookKeys, description = "What becomes of the older ones."),
    responses(
        (status = 201, description = "The webhook and, once, its new secret.", body = WebhookWithSecret, headers(
            ("etag" = String, description = "Its version, for If-Match."),
            ("location" = String, description = "Where the webhook is."),
        )),
        Writing, Creating, Finding,
    ),
)]
#[post("/v1/webhooks/{id}/keys")]
pub async fn rotate_webhook_keys(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewWebhookKeys>(&caller, Action::RotateWebhookKeys, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let rotation = Rotation {
        revoke_old: body.value.revoke_old,
    };
    Ok(answer(
        webhooks::rotate(&cx, &caller, &id, key, rotation, with_secret).await?,
    ))
}
