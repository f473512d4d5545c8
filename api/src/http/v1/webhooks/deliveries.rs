//! `GET /v1/webhooks/{id}/deliveries`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::EntryId;
use utoipa::ToSchema;

use crate::app::webhooks::{self, DeliveryStatus};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::{self, Instant};

paged! {
/// Which messages.
pub struct WantedMessages {
    /// Only those that stand there.
    #[param(schema_with = wire::webhook_delivery_status, required = false)]
    status: Option<DeliveryStatus>,
}
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryPage {
    /// The page, newest first.
    pub items: Vec<WebhookDelivery>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// A message of a webhook, and how its last attempt ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// The message's name, `evt_…`: that of the event, and the same in every attempt (`webhook-id`).
    pub message: String,
    /// The position of the event in your inbox; `null` for a test.
    #[schema(required = true)]
    pub position: Option<i64>,
    /// What happened, such as `request.filed`.
    pub event: String,
    /// `pending`, `delivered` or `failed`.
    pub status: String,
    /// How often it was tried since it was last asked for.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    #[schema(required = true)]
    pub next_at: Option<Instant>,
    /// When it was first to be sent.
    pub created_at: Instant,
    /// When it was last tried.
    #[schema(required = true)]
    pub tried_at: Option<Instant>,
    /// The status of the last answer; `null` when none came.
    #[schema(required = true)]
    pub http_status: Option<i32>,
    /// The beginning of the last answer's body, as text; at most 2 KiB of it are read.
    #[schema(required = true)]
    pub answer: Option<String>,
    /// Why the last attempt failed.
    #[schema(required = true)]
    pub error: Option<String>,
    /// How long the last attempt took, in milliseconds.
    #[schema(required = true)]
    pub took_ms: Option<i32>,
}

impl WebhookDelivery {
    /// What is shown of a message.
    #[must_use]
    pub fn of(delivery: &webhooks::Delivery) -> Self {
        Self {
            message: delivery.message.clone(),
            position: delivery.position,
            event: delivery.event.clone(),
            status: delivery.status.clone(),
            attempts: delivery.attempts,
            next_at: delivery.next_at.map(Instant),
            created_at: Instant(delivery.created_at),
            tried_at: delivery.tried_at.map(Instant),
            http_status: delivery.http_status,
            answer: delivery.answer.clone(),
            error: delivery.error.clone(),
            took_ms: delivery.took_ms,
        }
    }
}

/// List what a webhook was sent
///
/// Newest first, for 30 days: each message with how its last attempt ended and what was answered.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "list_webhook_deliveries",
    params(("id" = String, Path, description = "Identifier, `webhook_…`."), WantedMessages),
    responses((status = 200, description = "A page of messages.", body = WebhookDeliveryPage), Calling, Finding),
)]
#[get("/v1/webhooks/{id}/deliveries")]
pub async fn list_webhook_deliveries(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<WantedMessages>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), EntryId::PREFIX)?;
    let limit = usize::from(wanted.limit);
    let page = webhooks::deliveries(&cx, &caller, &id, wanted.status, before, limit).await?;
    let last = page.items.last().map(|d| (d.created_at, d.message.clone()));
    Ok(HttpResponse::Ok().json(WebhookDeliveryPage {
        items: page.items.iter().map(WebhookDelivery::of).collect(),
        next: next(page.more, last),
    }))
}
