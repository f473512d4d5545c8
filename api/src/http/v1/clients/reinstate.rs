//! `DELETE /v1/clients/{id}/suspension`

use actix_web::{HttpResponse, delete, web};

use super::view::{self, Client};
use crate::app::{Caller, Cx, clients};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// End the suspension of a client
///
/// For the operator. It gets new tokens; the old ones stay ended. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "reinstate_client",
    params(("id" = String, Path, description = "Identifier, `client_…`.")),
    responses((status = 200, description = "The client.", body = Client), Calling, Finding),
)]
#[delete("/v1/clients/{id}/suspension")]
pub async fn reinstate_client(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(view::ok(&clients::reinstate(&cx, &caller, &id).await?))
}
