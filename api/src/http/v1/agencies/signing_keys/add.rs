//! `POST /v1/agencies/{id}/signing-keys`

use actix_web::{FromRequest, HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::SigningKey;
use crate::app::once::Answer;
use crate::app::signed::{self, Key, NewKey};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::created;
use crate::http::v1::requests::signed::SignedStatement;
use crate::http::v1::responses::{Creating, Finding, Writing};

/// A key with which an agency signs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSigningKey {
    /// Signed by the new key: `typ` takedown-key+jws, payload `v` 1, `unit`, `domain`, `jwk` and `iat`.
    #[validate(nested)]
    proof: SignedStatement,
    /// The same payload signed by an earlier key of the agency that counts: then the new one counts at once.
    #[validate(nested)]
    cosigned: Option<SignedStatement>,
}

fn added(key: &Key, agency: &str) -> Answer {
    let location = format!("/v1/agencies/{agency}/signing-keys");
    created(location, None, &SigningKey::from(key))
}

/// Register a signing key
///
/// For the agency. The new key proves itself by signing that it is the agency's, and at which domain of its own the agency
/// shows it. It counts at once when an earlier key of the agency says the same; otherwise once the operator has confirmed it
/// by another way, and it is known for as long as this exchange asks. The private half is never sent. `takedown keys add`
/// makes this call.
#[utoipa::path(
    tag = "registry",
    operation_id = "add_signing_key",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours."),
    ),
    request_body(content = NewSigningKey, description = "The key's own statement."),
    responses(
        (status = 201, description = "The key.", body = SigningKey, headers(("location" = String, description = "Where the keys are."))),
        Writing, Finding, Creating,
    ),
)]
#[post("/v1/agencies/{id}/signing-keys")]
pub async fn add_signing_key(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    // Whose agency it is not learns nothing, not even about his body.
    signed::permitted(&caller, Action::AddSigningKey, &id)?;
    let sent = Sent::<NewSigningKey>::from_request(&http, &mut payload.into_inner()).await?;
    let key = once(&http, &sent.bytes)?;
    let new = NewKey {
        proof: sent.value.proof.bytes().into(),
        cosignature: sent.value.cosigned.map(|other| other.bytes().into()),
    };
    Ok(answer(
        signed::add(&cx, &caller, &id, key, new, added).await?,
    ))
}
