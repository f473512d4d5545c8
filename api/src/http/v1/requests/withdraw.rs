//! `PUT /v1/requests/{id}/withdrawal`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::request::WithdrawalReason;
use utoipa::ToSchema;
use validator::Validate;

use super::file::Text;
use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Body;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::wire;

/// Why a request is taken back.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Why.
    #[schema(schema_with = wire::withdrawal_reason)]
    reason: WithdrawalReason,
    /// A word to the platform; kept as a message.
    #[validate(nested)]
    text: Option<Text>,
}

/// Withdraw a request
///
/// Final. When the platform has already acted on an item, it is asked to restore it and answers that item by item.
#[utoipa::path(
    tag = "requests",
    operation_id = "withdraw",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Withdrawal, description = "The reason."),
    responses(
        (status = 200, description = "The request, withdrawn.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/withdrawal")]
pub async fn withdraw(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<Withdrawal>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let why = (body.reason, body.text.map(Into::into));
    Ok(answer(
        requests::withdraw(&cx, &caller, id.into_inner(), expected, why, super::ok).await?,
    ))
}
