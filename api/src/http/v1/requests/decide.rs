//! `POST /v1/requests/{id}/decisions`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::request::RevisionReason;
use utoipa::ToSchema;
use validator::Validate;

use super::outcome::NewDecision;
use super::view::Request;
use crate::app::requests::{self, Decision};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::{if_match, once};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::wire;

/// Outcomes for items.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecisions {
    /// The outcomes, each for its items.
    #[validate(length(min = 1, max = 1000), nested)]
    #[schema(min_items = 1, max_items = 1000)]
    decisions: Vec<NewDecision>,
    /// Why other outcomes take the place of those that were given: `correction`, `appeal_upheld`, `court` or
    /// `authority`. With it a closed request is decided again without being opened.
    #[schema(schema_with = wire::revision_reason_or_null, required = false)]
    reason: Option<RevisionReason>,
}

/// Decide items
///
/// One or more outcomes, each for one or more items. Deciding an item again adds an outcome; none is ever edited.
/// After a withdrawal this answers whether what was done is undone. With a `reason` it puts right what was decided, also
/// after the closing: `restored` when the uploader's appeal was upheld.
///
/// That the uploader was told (`uploader_informed`: `yes`) while a non-disclosure held is taken as the fact that it is; the
/// answer warns of it in `non_disclosure.broken_for`, the history keeps it, and the agency is told.
#[utoipa::path(
    tag = "requests",
    operation_id = "decide",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you decided on, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(content = NewDecisions, description = "The outcomes."),
    responses(
        (status = 201, description = "The request with its outcomes.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/decisions")]
pub async fn decide(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<NewDecisions>,
) -> Result<HttpResponse, Problem> {
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let (now, reason) = (cx.now(), sent.value.reason);
    let decisions = sent
        .value
        .decisions
        .into_iter()
        .map(|d| Decision {
            outcome: d.outcome(now),
            dated: d.dated(),
            items: (!d.all_undecided).then_some(d.items),
        })
        .collect();
    let id = id.into_inner();
    Ok(answer(
        requests::decide(
            &cx,
            &caller,
            id,
            expected,
            key,
            (decisions, reason),
            super::created,
        )
        .await?,
    ))
}
