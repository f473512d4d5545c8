//! `PUT /v1/clients/{id}/suspension`

use actix_web::{HttpRequest, HttpResponse, put, web};
use takedown_core::policy::Action;

use super::view::{self, Client};
use crate::app::{Caller, Cx, clients};
use crate::http::problem::Problem;
use crate::http::v1::registry::{Suspension, sent};
use crate::http::v1::responses::{Finding, Writing};

/// Suspend a client
///
/// For the operator. At once: it gets no tokens, and those in circulation end. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "suspend_client",
    params(("id" = String, Path, description = "Identifier, `client_…`.")),
    request_body(content = Suspension, description = "Why."),
    responses((status = 200, description = "The client, suspended.", body = Client), Writing, Finding),
)]
#[put("/v1/clients/{id}/suspension")]
pub async fn suspend_client(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Suspension>(&caller, Action::SuspendClient, &http, payload).await?;
    let client = clients::suspend(&cx, &caller, &id, body.value.reason).await?;
    Ok(view::ok(&client))
}
