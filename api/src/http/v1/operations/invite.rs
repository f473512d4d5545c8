//! `POST /v1/operations/{id}/agencies`

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::id::AgencyId;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Operation;
use crate::app::{Caller, Cx, operations};
use crate::http::extract::Sent;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Creating, Finding, Writing};

/// An agency to be invited.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "agency": "agency_01kapvcy0q5v2zq9v5m3c4t8hd" }))]
pub struct Invitation {
    /// Identifier, `agency_…`.
    #[schema(value_type = String, pattern = "^agency_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    agency: AgencyId,
}

/// Invite an agency to an operation
///
/// For the lead. The other agency is told by inbox and mail, finds the invitation in its list and decides for itself; the lead is told of the answer. Once it has joined, both see
/// which requests the other has in the operation and where they stand, never what is asked in them.
#[utoipa::path(
    tag = "operations",
    operation_id = "invite_to_operation",
    params(("id" = String, Path, description = "Identifier, `op_…`.")),
    request_body(content = Invitation, description = "Whom."),
    responses((status = 200, description = "The operation.", body = Operation), Writing, Finding, Creating),
)]
#[post("/v1/operations/{id}/agencies")]
pub async fn invite_to_operation(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    sent: Sent<Invitation>,
) -> Result<HttpResponse, Problem> {
    let view = operations::invite(&cx, &caller, &id, sent.value.agency).await?;
    Ok(HttpResponse::Ok().json(Operation::of(&view)))
}
