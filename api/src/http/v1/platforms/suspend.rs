//! `PUT /v1/platforms/{id}/suspension`

use actix_web::{HttpRequest, HttpResponse, put, web};
use takedown_core::policy::Action;

use super::view::{self, Platform};
use crate::app::{Caller, Cx, platforms};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::{Suspension, sent};
use crate::http::v1::responses::{Finding, Versioned, Writing};

/// Suspend a platform
///
/// For the operator. At once: its clients cannot call, tokens in circulation end. What it is asked is kept for it.
/// Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "suspend_platform",
    params(
        ("id" = String, Path, description = "Identifier, `platform_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = Suspension, description = "Why."),
    responses(
        (status = 200, description = "The platform, suspended.", body = Platform, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/platforms/{id}/suspension")]
pub async fn suspend_platform(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Suspension>(&caller, Action::SuspendPlatform, &http, payload).await?;
    let expected = if_match(&http)?;
    let platform = platforms::suspend(&cx, &caller, &id, expected, body.value.reason).await?;
    Ok(view::ok(&platform, &caller))
}
