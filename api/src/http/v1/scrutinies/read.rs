//! `GET /v1/scrutinies/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{self, CopiedOrder};
use crate::app::{Caller, Cx, scrutinies};
use crate::http::error::answer;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a copied order
///
/// For the authority that has the copy: the order as the platform sees it, and what became of it. Reading it is no receipt
/// and moves nothing.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "read_scrutiny",
    params(("id" = String, Path, description = "Identifier of the order, `req_…`.")),
    responses(
        (status = 200, description = "The order.", body = CopiedOrder, headers(("etag" = String, description = "The version, for If-Match."))),
        Calling, Finding,
    ),
)]
#[get("/v1/scrutinies/{id}")]
pub async fn read_scrutiny(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = scrutinies::read(&cx, &caller, &id).await?;
    Ok(answer(view::ok(&view, &caller)))
}
