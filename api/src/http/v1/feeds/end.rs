//! `DELETE /v1/feeds/{id}`

use actix_web::{HttpResponse, delete, web};

use crate::app::{Caller, Cx, private_feeds};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// End a private feed
///
/// Nothing is read at its address any more.
#[utoipa::path(
    tag = "inbox",
    operation_id = "end_feed",
    params(("id" = String, Path, description = "Identifier, `feed_…`.")),
    responses((status = 204, description = "It is over."), Calling, Finding),
)]
#[delete("/v1/feeds/{id}")]
pub async fn end_feed(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    private_feeds::end(&cx, &caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
