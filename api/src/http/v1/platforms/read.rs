//! `GET /v1/platforms/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{self, Platform};
use crate::app::{Caller, Cx, platforms};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a platform
///
/// A platform reads itself only; to it no other exists.
#[utoipa::path(
    tag = "registry",
    operation_id = "read_platform",
    params(("id" = String, Path, description = "Identifier, `platform_…`.")),
    responses(
        (status = 200, description = "The platform.", body = Platform, headers(("etag" = String, description = "The version, for If-Match."))),
        Calling, Finding,
    ),
)]
#[get("/v1/platforms/{id}")]
pub async fn read_platform(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let platform = platforms::read(&cx, &caller, &id).await?;
    Ok(view::ok(&platform, &caller))
}
