//! `PUT /v1/agencies/{id}/naming`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Versioned, Writing};

/// Whether an agency is named to others who ask about the same item.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "agreed": true }))]
pub struct Naming {
    /// `true` to be named to those agencies that agree as well, `false` to be named to none.
    agreed: bool,
}

/// Agree to be named to other agencies
///
/// For the agency itself, and for the operator on its behalf. When two agencies that both agreed ask about the same item,
/// each is told the other's name, but no reference, no reason and no officer; one that did not agree is counted and never
/// named. Nobody agrees until he says so. Each change is recorded in the history. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "name_agency",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = Naming, description = "Whether it agrees."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/agencies/{id}/naming")]
pub async fn name_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Naming>(&caller, Action::NameAgency, &http, payload).await?;
    let expected = if_match(&http)?;
    let agency = agencies::name(&cx, &caller, &id, expected, body.value.agreed).await?;
    Ok(view::ok(&agency, &caller))
}
