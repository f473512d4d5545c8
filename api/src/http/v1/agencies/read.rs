//! `GET /v1/agencies/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read an agency
///
/// Who it is, and how, by whom and until when it was verified.
#[utoipa::path(
    tag = "registry",
    operation_id = "read_agency",
    params(("id" = String, Path, description = "Identifier, `agency_…`.")),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version, for If-Match."))),
        Calling, Finding,
    ),
)]
#[get("/v1/agencies/{id}")]
pub async fn read_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let agency = agencies::read(&cx, &caller, &id).await?;
    Ok(view::ok(&agency, &caller))
}
