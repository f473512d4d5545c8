//! `PUT /v1/requests/{id}/non-disclosure/lifting`

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

/// A word with the lifting, if one is needed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NonDisclosureLifting {
    /// A word to the platform; kept as a message.
    #[validate(nested)]
    text: Option<Text>,
}

/// Lift the non-disclosure
///
/// The uploader may be told from now on; also of a request that was withdrawn. Once it has run out, or was lifted, nothing
/// changes any more, and words that were not sent with the lifting are refused. Lookups of other agencies stay silent until
/// the end that was set before.
#[utoipa::path(
    tag = "requests",
    operation_id = "lift_non_disclosure",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = NonDisclosureLifting, description = "A word to the platform, or nothing: `{}`."),
    responses(
        (status = 200, description = "The request; its uploader may be told.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/requests/{id}/non-disclosure/lifting")]
pub async fn lift_non_disclosure(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<NonDisclosureLifting>,
) -> Result<HttpResponse, Problem> {
    let (expected, text) = (if_match(&http)?, body.text.map(Into::into));
    let (id, render) = (id.into_inner(), crate::http::v1::requests::ok);
    Ok(answer(
        requests::lift_non_disclosure(&cx, &caller, id, expected, text, render).await?,
    ))
}
