//! `GET /v1/exports/{id}`

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::view::ExportFile;
use crate::app::{Caller, Cx, export};
use crate::http::headers::patience;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// See how it stands with an export
///
/// `rows` and `rows_estimated` say how far it has come. With `Prefer: wait=30` the answer waits until it is made, or could not be. Only the client that asked for it sees it.
#[utoipa::path(
    tag = "exports",
    operation_id = "read_export",
    params(
        ("id" = String, Path, description = "Identifier, `exp_…`."),
        ("Prefer" = Option<String>, Header, description = "`wait=30`: how many seconds to wait until it is made, at most 60."),
    ),
    responses((status = 200, description = "How it stands.", body = ExportFile), Calling, Finding),
)]
#[get("/v1/exports/{id}", guard = "super::names_a_file")]
pub async fn read_export(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let file = export::read(&cx, &caller, &id, patience(&http)).await?;
    Ok(HttpResponse::Ok().json(ExportFile::of(&file)))
}
