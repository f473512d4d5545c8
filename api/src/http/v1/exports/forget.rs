//! `DELETE /v1/exports/{id}`

use actix_web::{HttpResponse, delete, web};

use crate::app::{Caller, Cx, export};
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::{Calling, Finding};

/// Delete an export
///
/// It is made no further and can be downloaded no more. That it was made stays in the history.
#[utoipa::path(
    tag = "exports",
    operation_id = "forget_export",
    params(("id" = String, Path, description = "Identifier, `exp_…`.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 507, description = "The disk is full; nothing was changed.", body = ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[delete("/v1/exports/{id}", guard = "super::names_a_file")]
pub async fn forget_export(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    export::forget(&cx, &caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
