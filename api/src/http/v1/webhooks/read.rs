//! `GET /v1/webhooks/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{self, Webhook};
use crate::app::{Caller, Cx, webhooks};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read one of your webhooks
///
/// Its secret cannot be read again; who lost it rotates.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "read_webhook",
    params(("id" = String, Path, description = "Identifier, `webhook_…`.")),
    responses(
        (status = 200, description = "The webhook.", body = Webhook, headers(("etag" = String, description = "Its version."))),
        Calling, Finding,
    ),
)]
#[get("/v1/webhooks/{id}")]
pub async fn read_webhook(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(view::ok(&webhooks::read(&cx, &caller, &id).await?))
}
