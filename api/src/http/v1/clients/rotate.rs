//! `POST /v1/clients/{id}/credentials`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::register::keys;
use super::view::{ClientWithSecret, with_secret};
use crate::app::clients::{self, Rotation};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Writing};

/// New credentials.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredentials {
    /// End the older secrets and the tokens in circulation at once, because they may be in foreign hands. Otherwise
    /// the older secrets work for 24 hours more.
    #[schema(required = false)]
    #[serde(default)]
    revoke_old: bool,
    /// For a client with keys: all public keys it has from now on, as a JSON Web Key Set (RFC 7517).
    #[schema(value_type = Option<Object>)]
    jwks: Option<Map<String, Value>>,
}

/// Rotate a client's credentials
///
/// For the operator. A client with a secret gets a new one, shown in this answer only; nothing stands still meanwhile,
/// since the older one works for 24 hours more. A client with keys is given others.
#[utoipa::path(
    tag = "registry",
    operation_id = "rotate_credentials",
    params(
        ("id" = String, Path, description = "Identifier, `client_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours; the repeated answer is without the secret."),
    ),
    request_body(content = NewCredentials, description = "What becomes of the older ones."),
    responses(
        (status = 201, description = "The client and, once, its new secret.", body = ClientWithSecret, headers(
            ("location" = String, description = "The client's address."),
        )),
        Writing, Creating, Finding,
    ),
)]
#[post("/v1/clients/{id}/credentials")]
pub async fn rotate_credentials(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewCredentials>(&caller, Action::RotateCredentials, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let rotation = Rotation {
        keys: body.value.jwks.map(keys).transpose()?,
        revoke_old: body.value.revoke_old,
    };
    Ok(answer(
        clients::rotate(&cx, &caller, &id, key, rotation, with_secret).await?,
    ))
}
