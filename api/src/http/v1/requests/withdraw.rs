//! `PUT /v1/requests/{id}/withdrawal`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::history::Annulled;
use takedown_core::id::ItemId;
use takedown_core::request::WithdrawalReason;
use takedown_core::signed::Act;
use utoipa::ToSchema;
use validator::Validate;

use super::file::Text;
use super::signed::SignedStatement;
use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::{Size, signable};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire;

/// Why a request, or items of it, are taken back.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Why.
    #[schema(schema_with = wire::withdrawal_reason)]
    reason: WithdrawalReason,
    /// The items that are taken back; all of the request unless said. When they are all that is left, the request is.
    // An empty list is refused: a program that found nothing to take back must not take back everything.
    #[validate(length(
        min = 1,
        max = 1000,
        message = "1 to 1000 items; leave the member out to take back the whole request"
    ))]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 1000)]
    items: Option<Vec<ItemId>>,
    /// For `annulled`, and only for it: by whom and by which decision.
    #[validate(nested)]
    annulment: Option<Annulment>,
    /// A word to the platform; kept as a message.
    #[validate(nested)]
    text: Option<Text>,
}

/// By whom and by which decision a request was annulled.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAnnulment)]
pub struct Annulment {
    /// The court or authority.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    by: String,
    /// The reference of its decision.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    decision: String,
}

/// Withdraw a request or items of it
///
/// Final. When the platform has already acted on an item, it is asked to restore it and answers that item by item with
/// a decision. With `items` the rest goes on as it stood, and what is left decides the result.
#[utoipa::path(
    tag = "requests",
    operation_id = "withdraw",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Prefer" = Option<String>, Header, description = "`wait=10`: up to so many seconds, at most 60, for the proof that it is in the log (`Takedown-Proof`)."),
    ),
    request_body(
        content((Withdrawal = "application/json"), (SignedStatement = "application/jose+json")),
        description = "The reason, or the same signed by the unit."
    ),
    responses(
        (status = 200, description = "The request, withdrawn, or without those items.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/withdrawal")]
pub async fn withdraw(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = signable::<Withdrawal>(&http, payload, Act::Withdraw, Size::Usual).await?;
    let body = sent.value;
    let expected = if_match(&http)?;
    let withdrawal = requests::Withdrawal {
        items: body.items.unwrap_or_default(),
        reason: body.reason,
        annulment: body.annulment.map(|a| Annulled {
            by: a.by,
            decision: a.decision,
        }),
        text: body.text.map(Into::into),
        signed: sent.statement,
    };
    Ok(answer(
        requests::withdraw(
            &cx,
            &caller,
            id.into_inner(),
            expected,
            withdrawal,
            super::ok,
        )
        .await?,
    ))
}
