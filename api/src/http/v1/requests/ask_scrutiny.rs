//! `PUT /v1/requests/{id}/scrutiny-request`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::oversight::Requester;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Request;
use crate::app::requests::{self, AskedScrutiny};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Body;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::wire::{self, Instant};

/// Who asks for scrutiny.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScrutinyRequest {
    /// Yourself, or whoever put the material there and asked through you.
    #[schema(schema_with = wire::requester)]
    by: Requester,
    /// For `content_provider`, and only for it: when you told him of the order. The time for asking counts from then.
    informed_at: Option<Instant>,
}

/// Ask for scrutiny of an order
///
/// For the platform: asks the authority of its own country whether an order from another Member State seriously or
/// manifestly infringes the law or fundamental rights (Regulation (EU) 2021/784, Article 4(4)). It can be asked within 48
/// hours of reading the order, or of telling the content provider; `scrutiny.ask_until` gives the instant. The authority
/// and the agency are told. The order stands meanwhile, and its clock is not moved.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "ask_scrutiny",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = ScrutinyRequest, description = "Who asks."),
    responses(
        (status = 200, description = "The request.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/scrutiny-request")]
pub async fn ask_scrutiny(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<ScrutinyRequest>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let asked = AskedScrutiny {
        by: body.by,
        informed_at: body.informed_at.map(|at| at.0),
    };
    let asked = requests::ask_scrutiny(&cx, &caller, id.into_inner(), expected, asked, super::ok);
    Ok(answer(asked.await?))
}
