//! `GET /v1/notices/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::PriorNotice;
use crate::app::{Caller, Cx, notices};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a notice
///
/// When its platform reads it for the first time, that is recorded, and the agency sees it as `read_at`. Nothing starts by it.
#[utoipa::path(
    tag = "notices",
    operation_id = "read_notice",
    params(("id" = String, Path, description = "Identifier, `notice_…`.")),
    responses((status = 200, description = "The notice.", body = PriorNotice), Calling, Finding),
)]
#[get("/v1/notices/{id}")]
pub async fn read_notice(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let notice = notices::read(&cx, &caller, &id).await?;
    Ok(HttpResponse::Ok().json(PriorNotice::of(&notice)))
}
