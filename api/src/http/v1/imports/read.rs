//! `GET /v1/imports/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::ImportedRecord;
use crate::app::{Caller, Cx, imports};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read an imported record
#[utoipa::path(
    tag = "imports",
    operation_id = "read_import",
    params(("id" = String, Path, description = "Identifier, `imp_…`.")),
    responses((status = 200, description = "The record.", body = ImportedRecord), Calling, Finding),
)]
#[get("/v1/imports/{id}")]
pub async fn read_import(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let record = imports::read(&cx, &caller, &id).await?;
    Ok(HttpResponse::Ok().json(ImportedRecord::of(&record)))
}
