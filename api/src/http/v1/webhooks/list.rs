//! `GET /v1/webhooks`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Webhook;
use crate::app::{Caller, Cx, webhooks};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookPage {
    /// The page, in the order of registration.
    pub items: Vec<Webhook>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List your webhooks
///
/// Without their secrets.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "list_webhooks",
    params(Wanted),
    responses((status = 200, description = "A page of your webhooks.", body = WebhookPage), Calling),
)]
#[get("/v1/webhooks")]
pub async fn list_webhooks(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "webhook")?;
    let page = webhooks::list(&cx, &caller, after, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|w| (w.created_at, w.id.clone()));
    Ok(HttpResponse::Ok().json(WebhookPage {
        items: page.items.iter().map(Webhook::of).collect(),
        next: next(page.more, last),
    }))
}
