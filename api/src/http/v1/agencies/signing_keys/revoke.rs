//! `PUT /v1/agencies/{id}/signing-keys/{kid}/revocation`

use actix_web::{FromRequest, HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::SigningKey;
use crate::app::{Caller, Cx, signed};
use crate::http::extract::MaybeBody;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Finding, Writing};
use crate::http::wire::Instant;

/// That a key ends.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "compromised_at": "2026-11-22T09:30:00.000Z" }))]
pub struct Revocation {
    /// Since when the key may have been in foreign hands; left out when it never was. What was filed or
    /// changed with it since then is shown as in doubt, and keys that it signed for since then end with it.
    compromised_at: Option<Instant>,
}

/// Revoke a signing key
///
/// For the agency, and for the operator where it cannot. At once and for good: nothing that is signed with the key counts
/// from then on. Repeating the call with an earlier instant moves the instant; no call takes it back.
#[utoipa::path(
    tag = "registry",
    operation_id = "revoke_signing_key",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("kid" = String, Path, description = "The thumbprint of the key."),
    ),
    request_body(content = Option<Revocation>, description = "Since when it is compromised, if it is."),
    responses((status = 200, description = "The key.", body = SigningKey), Writing, Finding),
)]
#[put("/v1/agencies/{id}/signing-keys/{kid}/revocation")]
pub async fn revoke_signing_key(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (id, kid) = path.into_inner();
    signed::permitted(&caller, Action::RevokeSigningKey, &id)?;
    let MaybeBody(body) =
        MaybeBody::<Revocation>::from_request(&http, &mut payload.into_inner()).await?;
    let since = body.compromised_at.map(|at| at.0);
    let key = signed::revoke(&cx, &caller, (&id, &kid), since).await?;
    Ok(HttpResponse::Ok().json(SigningKey::from(&key)))
}
