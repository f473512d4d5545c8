//! `PUT /v1/requests/{id}/preservation`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Body;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::requests::view::Request;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::wire::Instant;

/// Since when, and until when at least, you keep what was removed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreservationHeld {
    /// Since when; now unless said.
    since: Option<Instant>,
    /// Until when at least; the end that is asked for unless said, and never before it.
    until: Option<Instant>,
}

/// Confirm preservation
///
/// The platform says that it keeps what was removed and the data that belong to it (for an order of Regulation (EU)
/// 2021/784: Article 6), out of everybody's reach. Said again with other instants, the later word stands. Neither a
/// decision nor a withdrawal ends it: the agency releases it, or its time runs out.
#[utoipa::path(
    tag = "requests",
    operation_id = "hold_preservation",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = PreservationHeld, description = "Since when and until when; `{}` is now, until the end asked for."),
    responses(
        (status = 200, description = "The request; what it had removed is kept.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/preservation")]
pub async fn hold_preservation(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<PreservationHeld>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let holding = requests::Holding {
        since: body.since.map(|at| at.0),
        until: body.until.map(|at| at.0),
    };
    let (id, render) = (id.into_inner(), crate::http::v1::requests::ok);
    Ok(answer(
        requests::hold(&cx, &caller, id, expected, holding, render).await?,
    ))
}
