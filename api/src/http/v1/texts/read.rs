//! `GET /v1/texts/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{SavedText, ok};
use crate::app::{Caller, Cx, texts};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a saved text
#[utoipa::path(
    tag = "texts",
    operation_id = "read_text",
    params(("id" = String, Path, description = "Identifier, `text_…`.")),
    responses(
        (status = 200, description = "The text.", body = SavedText, headers(("etag" = String, description = "Its version."))),
        Calling, Finding,
    ),
)]
#[get("/v1/texts/{id}")]
pub async fn read_text(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(ok(&texts::read(&cx, &caller, &id).await?))
}
