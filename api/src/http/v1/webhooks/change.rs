//! `PATCH /v1/webhooks/{id}`

use actix_web::{HttpRequest, HttpResponse, patch, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use takedown_core::webhook::WebhookStatus;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Webhook};
use crate::app::{Caller, Cx, webhooks};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::{present, sent};
use crate::http::v1::responses::{Finding, Versioned, Writing};
use crate::http::v1::rules;
use crate::http::wire;

/// What is to become of a webhook. What is not named stays as it is.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where it leads from now on: https, port 443, a host whose addresses are all public.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 2000))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 2000, format = "uri")]
    url: Option<String>,
    /// What you call it: one line.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(max = 200), custom(function = "rules::one_line"))]
    #[schema(value_type = String, required = false, max_length = 200)]
    description: Option<String>,
    /// Whether it is told of events.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::webhook_status, required = false)]
    status: Option<WebhookStatus>,
}

/// Change a webhook
///
/// Changes only the members that are named. One that becomes `active` again is told of all that happened since it stopped. Another
/// address and `active` need the scope `inbox:read` as well.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "change_webhook",
    params(
        ("id" = String, Path, description = "Identifier, `webhook_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = WebhookChange, description = "The members to change."),
    responses(
        (status = 200, description = "The webhook.", body = Webhook, headers(("etag" = String, description = "Its version."))),
        Writing, Finding, Versioned,
    ),
)]
#[patch("/v1/webhooks/{id}")]
pub async fn change_webhook(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<WebhookChange>(&caller, Action::ChangeWebhook, &http, payload).await?;
    let expected = if_match(&http)?;
    let change = webhooks::WebhookChange {
        url: body.value.url,
        description: body.value.description,
        status: body.value.status,
    };
    let webhook = webhooks::change(&cx, &caller, &id, expected, change).await?;
    Ok(view::ok(&webhook))
}
