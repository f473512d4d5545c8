//! `PUT /v1/requests/{id}/preservation/release`

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
use crate::http::v1::requests::file::Text;
use crate::http::v1::requests::view::Request;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};

/// A word with the release, if one is needed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreservationRelease {
    /// A word to the platform; kept as a message.
    #[validate(nested)]
    text: Option<Text>,
}

/// Release preservation
///
/// The agency no longer asks to keep what was removed; also of a request that was withdrawn, whose withdrawal does not end
/// it. What the law itself asks of the platform is for the platform to judge. Said again it changes nothing; other words
/// than those of the first time are refused, since nothing is left that they could be sent with.
#[utoipa::path(
    tag = "requests",
    operation_id = "release_preservation",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = PreservationRelease, description = "A word to the platform, or nothing: `{}`."),
    responses(
        (status = 200, description = "The request; nothing is asked to be kept.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/preservation/release")]
pub async fn release_preservation(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<PreservationRelease>,
) -> Result<HttpResponse, Problem> {
    let (expected, text) = (if_match(&http)?, body.text.map(Into::into));
    let (id, render) = (id.into_inner(), crate::http::v1::requests::ok);
    Ok(answer(
        requests::release(&cx, &caller, id, expected, text, render).await?,
    ))
}
