//! `DELETE /v1/texts/{id}`

use actix_web::{HttpRequest, HttpResponse, delete, web};

use crate::app::{Caller, Cx, texts};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding, Versioned};

/// Remove a saved text
///
/// What was written with its help stays as it was sent.
#[utoipa::path(
    tag = "texts",
    operation_id = "remove_text",
    params(
        ("id" = String, Path, description = "Identifier, `text_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    responses((status = 204, description = "It is gone."), Calling, Finding, Versioned),
)]
#[delete("/v1/texts/{id}")]
pub async fn remove_text(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    texts::remove(&cx, &caller, &id, if_match(&http)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
