//! `PUT /v1/requests/{id}/closure`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::outcome::NewOutcome;
use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::MaybeBody;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};

/// The end of the work on a request.
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// One outcome for every item that has none yet.
    #[validate(nested)]
    remaining: Option<NewOutcome>,
}

/// Close a request
///
/// Every item needs an outcome; `remaining` gives one to all that have none. The result follows from the outcomes.
#[utoipa::path(
    tag = "requests",
    operation_id = "close",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you decided on, or `*`."),
    ),
    request_body(content = Option<Closing>, description = "An outcome for what is left."),
    responses(
        (status = 200, description = "The request, closed.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/closure")]
pub async fn close(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    MaybeBody(body): MaybeBody<Closing>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let rest = body.remaining.map(|outcome| outcome.outcome(cx.now()));
    Ok(answer(
        requests::close(&cx, &caller, id.into_inner(), expected, rest, super::ok).await?,
    ))
}
