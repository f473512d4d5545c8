//! `GET /v1/webhook-health`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{Caller, Cx, webhooks};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;
use crate::http::wire::Instant;

/// A page of webhooks of all parties.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookHealthPage {
    /// The page, in the order of registration.
    pub items: Vec<WebhookHealth>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// How a webhook stands. Neither its secret nor more of its address than the host.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookHealth {
    /// Identifier, `webhook_…`.
    pub id: String,
    /// Whose it is: `agency_…` or `platform_…`.
    pub party: String,
    /// The host of its address.
    pub host: String,
    /// `active` or `disabled`.
    pub status: String,
    /// Why it is disabled: `by_party`, `gone` or `failing`.
    #[schema(required = true)]
    pub disabled_reason: Option<String>,
    /// How many entries of its party's inbox it was not told of yet.
    pub waiting: i64,
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
}

impl WebhookHealth {
    fn of(health: &webhooks::Health) -> Self {
        let webhook = &health.webhook;
        Self {
            id: webhook.id.clone(),
            party: webhook.party.clone(),
            host: health.host.clone(),
            status: webhook.status.to_string(),
            disabled_reason: webhook.disabled.map(|reason| reason.to_string()),
            waiting: health.waiting,
            failures: webhook.failures,
            failing_since: webhook.failing_since.map(Instant),
            delivered_at: webhook.delivered_at.map(Instant),
            last_error: webhook.last_error.clone(),
        }
    }
}

/// See which webhooks work
///
/// For the operator.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "list_webhook_health",
    params(Wanted),
    responses((status = 200, description = "A page of webhooks.", body = WebhookHealthPage), Calling),
)]
#[get("/v1/webhook-health")]
pub async fn list_webhook_health(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "webhook")?;
    let page = webhooks::health(&cx, &caller, after, usize::from(wanted.limit)).await?;
    let last = page.items.last();
    let last = last.map(|h| (h.webhook.created_at, h.webhook.id.clone()));
    Ok(HttpResponse::Ok().json(WebhookHealthPage {
        items: page.items.iter().map(WebhookHealth::of).collect(),
        next: next(page.more, last),
    }))
}
