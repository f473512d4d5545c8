//! `PUT /v1/requests/{id}/finality`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::oversight::FinalHow;
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
use crate::http::wire::{self, Instant};

/// That an order is final.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFinality {
    /// Why.
    #[schema(schema_with = wire::final_how)]
    how: FinalHow,
    /// Since when; not before the order was filed, not in the future.
    final_at: Instant,
}

/// Record that an order is final
///
/// For the agency: nobody appealed in time, or the order was confirmed on appeal (Regulation (EU) 2021/784, Article 3(9)).
/// The platform is told, and so is the authority of its country that has a copy. Final orders of the last months are
/// counted for both: `GET /v1/platforms/{id}/final-orders`.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "record_final",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = NewFinality, description = "Why and since when."),
    responses(
        (status = 200, description = "The request.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/finality")]
pub async fn record_final(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<NewFinality>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let how = (body.how, body.final_at.0);
    let recorded = requests::record_final(&cx, &caller, id.into_inner(), expected, how, super::ok);
    Ok(answer(recorded.await?))
}
