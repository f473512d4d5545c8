//! `POST /v1/requests/{id}/reopening`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::request::ReopenReason;
use utoipa::ToSchema;
use validator::Validate;

use super::file::Text;
use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::{if_match, once};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::wire;

/// Why a closed request is opened again.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopening {
    /// Why.
    #[schema(schema_with = wire::reopen_reason)]
    reason: ReopenReason,
    /// What is new; kept as a message.
    #[validate(nested)]
    text: Text,
}

/// Reopen a closed request
///
/// By either side. The items can be decided again; earlier outcomes stay in the history.
#[utoipa::path(
    tag = "requests",
    operation_id = "reopen",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(content = Reopening, description = "The reason."),
    responses(
        (status = 201, description = "The request, acknowledged again.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/reopening")]
pub async fn reopen(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<Reopening>,
) -> Result<HttpResponse, Problem> {
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let why = (sent.value.reason, sent.value.text.into());
    let id = id.into_inner();
    Ok(answer(
        requests::reopen(&cx, &caller, id, expected, key, why, super::created).await?,
    ))
}
