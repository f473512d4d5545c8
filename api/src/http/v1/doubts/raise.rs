//! `PUT /v1/requests/{id}/doubt`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::MaybeBody;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::requests::file::Text;
use crate::http::v1::requests::ok;
use crate::http::v1::requests::view::Request;
use crate::http::v1::responses::{Finding, Moving, Writing};

/// Why it is doubted.
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDoubt {
    /// What makes you doubt; the agency and the operator's settlement build on it.
    #[validate(nested)]
    text: Option<Text>,
}

/// Doubt that it is really the agency who asks
///
/// For the platform, also before it has read the request. The clock stands and nobody is reminded until somebody who did not
/// file it has said whether it is genuine; the agency is told by its inbox and by a mail to another address than usual. You may
/// go on answering meanwhile. Said again it changes nothing. The body may be left out.
#[utoipa::path(
    tag = "requests",
    operation_id = "doubt",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Option<NewDoubt>, description = "Why."),
    responses(
        (status = 200, description = "The request, doubted.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving,
    ),
)]
#[put("/v1/requests/{id}/doubt")]
pub async fn doubt(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    MaybeBody(body): MaybeBody<NewDoubt>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let why = body.text.map(Into::into);
    let id = id.into_inner();
    let done = requests::doubt(&cx, &caller, id, expected, why, ok);
    Ok(answer(done.await?))
}
