//! `POST /v1/exports/{id}/retry`

use actix_web::{HttpRequest, HttpResponse, post, web};

use super::view::{ExportFile, accepted};
use crate::app::{Caller, Cx, export};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::{Calling, Finding};

/// Have an export made again
///
/// One that failed, for instance because the disk was full. It is begun anew.
#[utoipa::path(
    tag = "exports",
    operation_id = "retry_export",
    params(
        ("id" = String, Path, description = "Identifier, `exp_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    responses(
        (status = 202, description = "It will be made.", body = ExportFile, headers(
            ("location" = String, description = "Where to look how it stands."),
        )),
        (status = 409, description = "It did not fail.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The Idempotency-Key was used for another call.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 507, description = "The disk is full; nothing was changed.", body = ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[post("/v1/exports/{id}/retry")]
pub async fn retry_export(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let key = once(&http, b"")?;
    Ok(answer(
        export::retry(&cx, &caller, key, &id, accepted).await?,
    ))
}
