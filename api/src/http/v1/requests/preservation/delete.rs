//! `PUT /v1/requests/{id}/preservation/deletion`

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

/// When you deleted what you kept.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreservationDeletion {
    /// When; now unless said, and never before the preservation had ended.
    deleted_at: Option<Instant>,
}

/// Record a deletion
///
/// The platform says that it deleted what it had kept, once the preservation was released or had run out.
#[utoipa::path(
    tag = "requests",
    operation_id = "delete_preserved",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = PreservationDeletion, description = "When; `{}` is now."),
    responses(
        (status = 200, description = "The request; what was kept is gone.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/preservation/deletion")]
pub async fn delete_preserved(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<PreservationDeletion>,
) -> Result<HttpResponse, Problem> {
    let (expected, deleted_at) = (if_match(&http)?, body.deleted_at.map(|at| at.0));
    let (id, render) = (id.into_inner(), crate::http::v1::requests::ok);
    Ok(answer(
        requests::delete_preserved(&cx, &caller, id, expected, deleted_at, render).await?,
    ))
}
