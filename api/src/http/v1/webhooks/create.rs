//! `POST /v1/webhooks`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{WebhookWithSecret, with_secret};
use crate::app::{Caller, Cx, webhooks};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::v1::rules;

/// A webhook to be registered.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where it is to lead: https, port 443, a host whose addresses are all public. It is called with POST.
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000, format = "uri")]
    url: String,
    /// What you call it: one line. Empty unless said.
    #[validate(length(max = 200), custom(function = "rules::one_line"))]
    #[schema(required = false, max_length = 200)]
    #[serde(default)]
    description: String,
}

/// Register a webhook
///
/// It is told of what comes into your inbox from now on, by Standard Webhooks: thin messages, signed with the secret in this answer
/// (`v1`) and with the key it shows (`v1a`), repeated for three days until they are answered with 2xx. Messages may come twice and
/// in another order; `data.position` counts the entries of your inbox without a gap. It needs the scope `inbox:read` as well.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "create_webhook",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each webhook; kept for 24 hours. The repeated answer is without the secret.")),
    request_body(content = NewWebhook, description = "The webhook."),
    responses(
        (status = 201, description = "The webhook and, once, its secret.", body = WebhookWithSecret, headers(
            ("etag" = String, description = "Its version, for If-Match."),
            ("location" = String, description = "Where it is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/webhooks")]
pub async fn create_webhook(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewWebhook>(&caller, Action::CreateWebhook, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let new = webhooks::NewWebhook {
        url: body.value.url,
        description: body.value.description,
    };
    Ok(answer(
        webhooks::register(&cx, &caller, key, new, with_secret).await?,
    ))
}
