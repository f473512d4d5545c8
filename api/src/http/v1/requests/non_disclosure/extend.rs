//! `POST /v1/requests/{id}/non-disclosure/extensions`

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

/// A later end of the non-disclosure, and why.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NonDisclosureExtension {
    /// The end from now on: later than the present one, and no later than the instrument allows.
    until: Instant,
    /// Why the uploader may still not be told.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Extend the non-disclosure
///
/// As often and by as long as the instrument allows, and only while it lasts: for an order of Regulation (EU) 2021/784
/// once, by six weeks (Article 11(3)). The end before stays to be seen. Until the new end the platform owes the uploader
/// no statement, and other agencies' lookups stay silent about the request.
#[utoipa::path(
    tag = "requests",
    operation_id = "extend_non_disclosure",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(content = NonDisclosureExtension, description = "The new end."),
    responses(
        (status = 201, description = "The request with its new end.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/non-disclosure/extensions")]
pub async fn extend_non_disclosure(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<NonDisclosureExtension>,
) -> Result<HttpResponse, Problem> {
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let new = requests::NewExtension {
        until: sent.value.until.0,
        reason: sent.value.reason,
        asked_by: None,
    };
    let (id, render) = (id.into_inner(), crate::http::v1::requests::created);
    Ok(answer(
        requests::extend_non_disclosure(&cx, &caller, id, expected, key, new, render).await?,
    ))
}
