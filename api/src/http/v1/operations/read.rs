//! `GET /v1/operations/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::Operation;
use crate::app::{Caller, Cx, operations};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read an operation
///
/// Who works on it, and how far it is over all its requests, whichever agency filed them.
#[utoipa::path(
    tag = "operations",
    operation_id = "read_operation",
    params(("id" = String, Path, description = "Identifier, `op_…`.")),
    responses((status = 200, description = "The operation.", body = Operation), Calling, Finding),
)]
#[get("/v1/operations/{id}")]
pub async fn read_operation(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = operations::read(&cx, &caller, &id).await?;
    Ok(HttpResponse::Ok().json(Operation::of(&view)))
}
