//! `PUT /v1/agencies/{id}/verification`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::agency::VerificationMethod;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::values::{Checker, HostName, Note};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Versioned, Writing};
use crate::http::wire::{self, Instant};

/// How an agency was found to be real.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerification {
    /// How.
    #[schema(schema_with = wire::verification_method)]
    method: VerificationMethod,
    /// Who of the operator's people did it; the calling client's name unless said. With `domain` it has to be said.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    by: Option<Checker>,
    /// When; now unless said.
    verified_at: Option<Instant>,
    /// Until when it holds; up to five years ahead.
    expires_at: Instant,
    /// What else a platform should know.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Option<Note>,
    /// The agency's own domain, in which a TXT record `_takedown-exchange.<domain>` or the file
    /// `/.well-known/takedown-exchange.txt` holds `takedown-exchange-agency=agency_…`; the exchange looks at once. A second person
    /// can complete the verification only with it.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 253)]
    domain: Option<HostName>,
}

impl From<NewVerification> for agencies::NewVerification {
    fn from(new: NewVerification) -> Self {
        Self {
            method: new.method,
            by: new.by,
            verified_at: new.verified_at.map(|at| at.0),
            expires_at: new.expires_at.0,
            note: new.note,
            domain: new.domain,
        }
    }
}

/// Verify an agency
///
/// For the operator. Records how the agency was found to be real; from now on it may file, until the verification
/// ends. Everybody it asks sees this, and that one person alone found it out until a second one completes it
/// (`PUT /v1/agencies/{id}/verification/confirmation`). A suspended agency stays suspended.
#[utoipa::path(
    tag = "registry",
    operation_id = "verify_agency",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = NewVerification, description = "How it was verified."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/agencies/{id}/verification")]
pub async fn verify_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewVerification>(&caller, Action::VerifyAgency, &http, payload).await?;
    let expected = if_match(&http)?;
    let agency = agencies::verify(&cx, &caller, &id, expected, body.value.into()).await?;
    Ok(view::ok(&agency, &caller))
}
