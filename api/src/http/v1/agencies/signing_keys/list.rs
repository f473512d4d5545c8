//! `GET /v1/agencies/{id}/signing-keys`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::SigningKey;
use crate::app::{Caller, Cx, signed};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// The keys of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKeyPage {
    /// All of them, in the order in which they were added.
    pub items: Vec<SigningKey>,
    /// Always `null`: there is one page.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List the signing keys of an agency
///
/// Revoked ones as well. Each comes with the statement by which it proved itself, and the entry of the sealed history that
/// added it, with its salt: from these anybody computes the leaf, and with `/v1/log/proofs/{entry}` proves since when the
/// key is known. Do not take them for the agency's because they stand here: its own domain shows them as well.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_signing_keys",
    params(("id" = String, Path, description = "Identifier, `agency_…`.")),
    responses((status = 200, description = "The keys.", body = SigningKeyPage), Calling, Finding),
)]
#[get("/v1/agencies/{id}/signing-keys")]
pub async fn list_signing_keys(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let keys = signed::list(&cx, &caller, &id).await?;
    Ok(HttpResponse::Ok().json(SigningKeyPage {
        items: keys.iter().map(SigningKey::from).collect(),
        next: None,
    }))
}
