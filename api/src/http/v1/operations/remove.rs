//! `DELETE /v1/operations/{id}/agencies/{agency}`

use actix_web::{HttpResponse, delete, web};

use super::view::Operation;
use crate::app::{Caller, Cx, operations};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Creating, Finding};

/// End an agency's part in an operation
///
/// For the lead: takes an invitation back, or ends the part of an agency that has joined; that agency is told. Its requests stay in the
/// operation and are counted; it no longer sees those of the others.
#[utoipa::path(
    tag = "operations",
    operation_id = "remove_from_operation",
    params(
        ("id" = String, Path, description = "Identifier, `op_…`."),
        ("agency" = String, Path, description = "Identifier, `agency_…`."),
    ),
    responses((status = 200, description = "The operation.", body = Operation), Calling, Finding, Creating),
)]
#[delete("/v1/operations/{id}/agencies/{agency}")]
pub async fn remove_from_operation(
    caller: Caller,
    cx: web::Data<Cx>,
    place: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, agency) = place.into_inner();
    let view = operations::remove(&cx, &caller, &id, &agency).await?;
    Ok(HttpResponse::Ok().json(Operation::of(&view)))
}
