//! `PUT /v1/requests/{id}/acknowledgement`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::MaybeBody;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Finding, Moving, Writing};
use crate::http::v1::rules;

/// "We have it."
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// Your own ticket, so that both sides can name it.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    platform_reference: Option<String>,
}

/// Acknowledge a request
///
/// Says "we have it" and nothing about the decision. Repeating it changes nothing, unless it names another reference:
/// that one takes the place of the former, and the history shows both. The body may be left out.
#[utoipa::path(
    tag = "requests",
    operation_id = "acknowledge",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Option<Acknowledgement>, description = "Your own ticket, if you have one."),
    responses(
        (status = 200, description = "The request, acknowledged.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving,
    ),
)]
#[put("/v1/requests/{id}/acknowledgement")]
pub async fn acknowledge(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    MaybeBody(body): MaybeBody<Acknowledgement>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let done = requests::acknowledge(
        &cx,
        &caller,
        id.into_inner(),
        expected,
        body.platform_reference,
        super::ok,
    );
    Ok(answer(done.await?))
}
