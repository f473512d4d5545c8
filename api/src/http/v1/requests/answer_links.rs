//! `/v1/requests/{id}/answer-links`: how a platform that never signed up is let in, and kept out.

use actix_web::{HttpResponse, delete, post, web};

use crate::app::{Caller, Cx, requests};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding, Sending};

/// Send an answer link
///
/// A mail with a new link by which the platform can answer this request without an account, to the first address that holds for
/// it now; for instance after another address was found. At most six mails with links about one request leave within 24 hours.
/// Links that were sent before go on until they expire.
#[utoipa::path(
    tag = "requests",
    operation_id = "send_link",
    params(("id" = String, Path, description = "Identifier, `req_…`.")),
    responses((status = 202, description = "The mail is queued; see `/v1/deliveries`."), Calling, Finding, Sending),
)]
#[post("/v1/requests/{id}/answer-links")]
pub async fn send_link(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    requests::send_link(&cx, &caller, &id).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// End all answer links
///
/// Whoever has one sees the same page as with a link that never was. Sending a new one begins anew.
#[utoipa::path(
    tag = "requests",
    operation_id = "revoke_links",
    params(("id" = String, Path, description = "Identifier, `req_…`.")),
    responses((status = 204, description = "No link opens this request any more."), Calling, Finding),
)]
#[delete("/v1/requests/{id}/answer-links")]
pub async fn revoke_links(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    requests::revoke_links(&cx, &caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
