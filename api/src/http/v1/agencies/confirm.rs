//! `PUT /v1/agencies/{id}/verification/confirmation`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::agencies::Confirmation;
use crate::app::values::{Checker, Reason};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Second, Versioned, Writing};
use crate::http::wire::Instant;

/// What the second person found.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConfirmation {
    /// Who of the operator's people did it: another one than who recorded the verification.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    by: Checker,
    /// That he called the agency.
    call_back: NewCallBack,
}

/// A call on a number that the agency did not supply.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCallBack {
    /// Where the number comes from, such as the ministry's published list: one line of up to 200 characters. Platforms see it.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    source: Reason,
    /// When: not more than 30 days before the exchange saw the agency's domain.
    called_at: Instant,
}

/// Complete a verification
///
/// For the operator, by a second person: with another client than the one that recorded the verification, of which neither registered
/// the other or gave it new credentials; under another name; after he called the agency back on a number from a source that it did
/// not supply. The exchange must have seen the agency's domain (`domain` of the verification) within the last 30 days. Everybody it
/// asks sees that two people found it out.
#[utoipa::path(
    tag = "registry",
    operation_id = "confirm_agency",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = NewConfirmation, description = "Who, and how he found out."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned, Second,
    ),
)]
#[put("/v1/agencies/{id}/verification/confirmation")]
pub async fn confirm_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewConfirmation>(&caller, Action::ConfirmAgency, &http, payload).await?;
    let expected = if_match(&http)?;
    let confirmation = Confirmation {
        by: body.value.by,
        source: body.value.call_back.source,
        called_at: body.value.call_back.called_at.0,
    };
    let agency = agencies::confirm(&cx, &caller, &id, expected, confirmation).await?;
    Ok(view::ok(&agency, &caller))
}
