//! `GET /v1/clients/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{self, Client};
use crate::app::{Caller, Cx, clients};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a client
///
/// For the operator. Its secret cannot be read again; whoever lost it rotates.
#[utoipa::path(
    tag = "registry",
    operation_id = "read_client",
    params(("id" = String, Path, description = "Identifier, `client_…`.")),
    responses((status = 200, description = "The client.", body = Client), Calling, Finding),
)]
#[get("/v1/clients/{id}")]
pub async fn read_client(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(view::ok(&clients::read(&cx, &caller, &id).await?))
}
