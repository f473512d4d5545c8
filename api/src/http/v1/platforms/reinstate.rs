//! `DELETE /v1/platforms/{id}/suspension`

use actix_web::{HttpRequest, HttpResponse, delete, web};

use super::view::{self, Platform};
use crate::app::{Caller, Cx, platforms};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding, Versioned};

/// End the suspension of a platform
///
/// For the operator. Its clients get new tokens. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "reinstate_platform",
    params(
        ("id" = String, Path, description = "Identifier, `platform_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    responses(
        (status = 200, description = "The platform.", body = Platform, headers(("etag" = String, description = "The version."))),
        Calling, Finding, Versioned,
    ),
)]
#[delete("/v1/platforms/{id}/suspension")]
pub async fn reinstate_platform(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let platform = platforms::reinstate(&cx, &caller, &id, expected).await?;
    Ok(view::ok(&platform, &caller))
}
