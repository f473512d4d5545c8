//! `POST /v1/requests/{id}/preservation/extensions`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::{if_match, once};
use crate::http::problem::Problem;
use crate::http::v1::requests::view::Request;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire::Instant;

/// A later end of the preservation, why, and who asked for it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreservationExtension {
    /// The end from now on: later than the present one, by no more than can be asked at once.
    until: Instant,
    /// Why it is needed for longer, such as the proceedings that still run.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
    /// The authority or court that asks for it, where it is another than you.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    asked_by: Option<String>,
}

/// Extend preservation
///
/// Asks the platform to keep what was removed for longer, while it is still to be kept (for an order of Regulation (EU)
/// 2021/784: Article 6, on request of the authority or court, for as long as proceedings need it). One extension moves the
/// end by as long again as the law itself asks for, such as six months, at the most; where it sets no time, to five years
/// from now. The agency is told before the end comes, and can extend it again.
#[utoipa::path(
    tag = "requests",
    operation_id = "extend_preservation",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(content = PreservationExtension, description = "The new end."),
    responses(
        (status = 201, description = "The request with its new end.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/preservation/extensions")]
pub async fn extend_preservation(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<PreservationExtension>,
) -> Result<HttpResponse, Problem> {
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let new = requests::NewExtension {
        until: sent.value.until.0,
        reason: sent.value.reason,
        asked_by: sent.value.asked_by,
    };
    let (id, render) = (id.into_inner(), crate::http::v1::requests::created);
    Ok(answer(
        requests::extend_preservation(&cx, &caller, id, expected, key, new, render).await?,
    ))
}
