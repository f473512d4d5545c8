//! `PUT /v1/agencies/{id}/signing`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Versioned, Writing};

/// Whether anything is taken from an agency without its unit's signature.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "required": true }))]
pub struct Signing {
    /// `true`: filings, and corrections and withdrawals of what was signed, are refused without the unit's signature.
    required: bool,
}

/// Require the unit's signature
///
/// For an agency whose unit signs everything it asks: from then on a filing without the signature is refused with
/// `signature-required`, and so is a correction or a withdrawal of a request that was filed with one. Whoever steals the agency's
/// login can then file nothing in its name. The agency asks for it itself, once it has a signing key that counts, or the operator
/// does; only the operator ends it. Platforms see it: a request of this agency that is not signed is older than this, or not its
/// own. Each change is recorded in the history. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "require_signatures",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = Signing, description = "Whether it is required."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        (status = 409, description = "No signing key of the agency counts: it could file nothing.", body = ProblemBody, content_type = "application/problem+json"),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/agencies/{id}/signing")]
pub async fn require_signatures(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Signing>(&caller, Action::RequireSignatures, &http, payload).await?;
    let expected = if_match(&http)?;
    let required = body.value.required;
    let agency = agencies::require_signatures(&cx, &caller, &id, expected, required).await?;
    Ok(view::ok(&agency, &caller))
}
