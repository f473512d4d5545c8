//! `POST /v1/requests/{id}/erasure`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::retention::ErasureReason;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Request;
use crate::app::requests::{self, Ordered};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::{if_match, once};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire;

/// Why a request is erased before its time.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// Why: Regulation (EU) 2016/679, Article 17(1), or Directive (EU) 2016/680, Article 16(2).
    #[schema(schema_with = wire::erasure_reason)]
    reason: ErasureReason,
    /// The file number of whoever found or ordered that; it stays in the history.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    reference: Option<String>,
}

/// Erase a request
///
/// For its agency, before its time is over. Destroys its words, locators, documents and notes, and the bytes of the history
/// entries that tell of them; what became of each item, times, file numbers and counts stay, and so does every leaf of the
/// sealed history. Sightings after it go as well. It cannot be undone. Refused while the request is open, something is to be
/// put back or to be kept, an objection waits, a scrutiny can be asked for or is to be decided, the uploader may not be told, or
/// a side holds it. For 180 days after it was closed or withdrawn it takes the reason `unlawful` or `legal_obligation` and a
/// `reference`.
#[utoipa::path(
    tag = "requests",
    operation_id = "erase_request",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(content = Erasure, description = "The reason."),
    responses(
        (status = 201, description = "What is left of the request.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/erasure")]
pub async fn erase_request(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<Erasure>,
) -> Result<HttpResponse, Problem> {
    let how = (if_match(&http)?, once(&http, &sent.bytes)?);
    let ordered = Ordered {
        reason: sent.value.reason,
        reference: sent.value.reference,
    };
    Ok(answer(
        requests::erase(&cx, &caller, &id, how, ordered, super::created).await?,
    ))
}
