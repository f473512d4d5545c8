//! `PUT /v1/scrutinies/{id}/decision`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::oversight::Finding as Found;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, CopiedOrder};
use crate::app::scrutinies::{self, NewDecision};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Body;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::requests::file::Text;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire;

/// What the authority decided.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScrutinyDecision {
    /// What it found.
    #[schema(schema_with = wire::finding)]
    finding: Found,
    /// The reasons; agency and platform read them.
    #[validate(nested)]
    reasons: Text,
    /// The reference of the decision.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    decision: String,
}

/// Decide on an order
///
/// For the authority, within 72 hours of a request, else of the copy (Regulation (EU) 2021/784, Article 4(3) and (4)). After
/// that time a decision on a request is recorded as late, and one on its own initiative is refused. `infringement` has to be
/// announced first. It ends the order: the order is `withdrawn`, its clock stops, what was acted on is asked back, and
/// agency and platform are told with `request.annulled`. Telling Europol and whoever asked stays with the authority.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "decide_scrutiny",
    params(
        ("id" = String, Path, description = "Identifier of the order, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = ScrutinyDecision, description = "The decision."),
    responses(
        (status = 200, description = "The order.", body = CopiedOrder, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/scrutinies/{id}/decision")]
pub async fn decide_scrutiny(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<ScrutinyDecision>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let decision = NewDecision {
        finding: body.finding,
        reasons: body.reasons.into(),
        reference: body.decision,
    };
    let id = id.into_inner();
    let decided = scrutinies::decide(&cx, &caller, id, expected, decision, view::ok);
    Ok(answer(decided.await?))
}
