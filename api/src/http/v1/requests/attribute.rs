//! `POST /v1/requests/{id}/attributions`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::request::Confidence;
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
use crate::http::v1::rules;
use crate::http::wire;

/// Whom the material is thought to come from, and how sure that is now.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "source": "Example Outlet", "confidence": "suspected_decoy" }))]
pub struct RevisedAttribution {
    /// A name of a group or outlet.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    source: String,
    /// How sure you are now.
    #[schema(schema_with = wire::confidence)]
    confidence: Confidence,
    /// What is known now. For your own agency and for auditors, as the attribution itself.
    #[validate(nested)]
    text: Option<Text>,
}

/// Revise the attribution
///
/// Says anew whom the material is thought to come from. What was said before stays among the `corrections`. Platforms see
/// no attribution; but `suspected_decoy` asks the platform to wait rather than to remove, and it is told so, and when that
/// is over. An order says the opposite of waiting and cannot carry it: withdraw the order first.
#[utoipa::path(
    tag = "requests",
    operation_id = "attribute",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(content = RevisedAttribution, description = "The source and how sure it is."),
    responses(
        (status = 201, description = "The request with its attribution.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/attributions")]
pub async fn attribute(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<RevisedAttribution>,
) -> Result<HttpResponse, Problem> {
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let new = requests::NewAttribution {
        source: sent.value.source,
        confidence: sent.value.confidence,
        text: sent.value.text.map(Into::into),
    };
    let id = id.into_inner();
    Ok(answer(
        requests::attribute(&cx, &caller, id, expected, key, new, super::created).await?,
    ))
}
