//! `POST /v1/webhooks/{id}/tests`

use actix_web::{HttpRequest, HttpResponse, post, web};

use super::deliveries::WebhookDelivery;
use crate::app::once::Answer;
use crate::app::{Caller, Cx, webhooks};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Creating, Finding, Keyed};

/// Send a test
///
/// A message of the type `webhook.test`, signed and repeated as every other. How it went is in the list of deliveries a moment
/// later.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "test_webhook",
    params(
        ("id" = String, Path, description = "Identifier, `webhook_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours."),
    ),
    responses((status = 202, description = "The message that is on its way.", body = WebhookDelivery), Calling, Creating, Finding, Keyed),
)]
#[post("/v1/webhooks/{id}/tests")]
pub async fn test_webhook(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let key = once(&http, b"")?;
    Ok(answer(
        webhooks::test(&cx, &caller, &id, key, accepted).await?,
    ))
}

fn accepted(delivery: &webhooks::Delivery) -> Answer {
    Answer {
        status: 202,
        headers: Vec::new(),
        body: serde_json::to_string(&WebhookDelivery::of(delivery)).unwrap_or_default(),
    }
}
