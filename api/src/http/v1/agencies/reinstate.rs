//! `DELETE /v1/agencies/{id}/suspension`

use actix_web::{HttpRequest, HttpResponse, delete, web};

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding, Versioned};

/// End the suspension of an agency
///
/// For the operator. The agency is what it was before; its clients get new tokens. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "reinstate_agency",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Calling, Finding, Versioned,
    ),
)]
#[delete("/v1/agencies/{id}/suspension")]
pub async fn reinstate_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let agency = agencies::reinstate(&cx, &caller, &id, expected).await?;
    Ok(view::ok(&agency, &caller))
}
