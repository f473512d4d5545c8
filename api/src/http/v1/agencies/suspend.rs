//! `PUT /v1/agencies/{id}/suspension`

use actix_web::{HttpRequest, HttpResponse, put, web};
use takedown_core::policy::Action;

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::{Suspension, sent};
use crate::http::v1::responses::{Finding, Versioned, Writing};

/// Suspend an agency
///
/// For the operator. At once: it cannot file, its clients cannot call, tokens in circulation end. Repeating the call
/// changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "suspend_agency",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = Suspension, description = "Why."),
    responses(
        (status = 200, description = "The agency, suspended.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/agencies/{id}/suspension")]
pub async fn suspend_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Suspension>(&caller, Action::SuspendAgency, &http, payload).await?;
    let expected = if_match(&http)?;
    let agency = agencies::suspend(&cx, &caller, &id, expected, body.value.reason).await?;
    Ok(view::ok(&agency, &caller))
}
