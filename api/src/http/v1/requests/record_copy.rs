//! `PUT /v1/requests/{id}/copy`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Body;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire::Instant;

/// To whom the copy of an order was sent by another way.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentCopy {
    /// The authority of the platform's country.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    to: String,
    /// When; not before the order was filed, not in the future.
    sent_at: Instant,
}

/// Record that the copy of an order was sent
///
/// For the agency, while `scrutiny.copy` is `due`: no authority of the platform's country is registered at this exchange, so
/// the copy goes to it by another way, and simultaneously (Regulation (EU) 2021/784, Article 4(1)). Annex I says it then.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "record_copy",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = SentCopy, description = "To whom and when."),
    responses(
        (status = 200, description = "The request.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/copy")]
pub async fn record_copy(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<SentCopy>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let sent = (body.to, body.sent_at.0);
    let recorded = requests::record_copy(&cx, &caller, id.into_inner(), expected, sent, super::ok);
    Ok(answer(recorded.await?))
}
