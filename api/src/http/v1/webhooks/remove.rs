//! `DELETE /v1/webhooks/{id}`

use actix_web::{HttpRequest, HttpResponse, delete, web};

use crate::app::{Caller, Cx, webhooks};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding, Versioned};

/// Remove a webhook
///
/// With what is known of its deliveries. A message that is on its way may still arrive.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "remove_webhook",
    params(
        ("id" = String, Path, description = "Identifier, `webhook_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    responses((status = 204, description = "It is gone."), Calling, Finding, Versioned),
)]
#[delete("/v1/webhooks/{id}")]
pub async fn remove_webhook(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    webhooks::remove(&cx, &caller, &id, if_match(&http)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
