//! `PUT /v1/agencies/{id}/signing-keys/{kid}/confirmation`

use actix_web::{HttpResponse, put, web};

use super::view::SigningKey;
use crate::app::{Caller, Cx, signed};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Creating, Finding};

/// Confirm a signing key
///
/// For the operator, once he has heard the thumbprint from the agency by another way than this exchange: by calling back a
/// number from a source of his own, or from its domain. From then on the key counts, once it is known for as long as this
/// exchange asks. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "confirm_signing_key",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("kid" = String, Path, description = "The thumbprint of the key."),
    ),
    responses((status = 200, description = "The key.", body = SigningKey), Calling, Finding, Creating),
)]
#[put("/v1/agencies/{id}/signing-keys/{kid}/confirmation")]
pub async fn confirm_signing_key(
    caller: Caller,
    cx: web::Data<Cx>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, kid) = path.into_inner();
    let key = signed::confirm(&cx, &caller, &id, &kid).await?;
    Ok(HttpResponse::Ok().json(SigningKey::from(&key)))
}
