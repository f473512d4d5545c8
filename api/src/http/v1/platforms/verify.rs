//! `PUT /v1/platforms/{id}/verification`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::platform::ControlMethod;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Platform};
use crate::app::values::Note;
use crate::app::{Caller, Cx, platforms};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Versioned, Writing};
use crate::http::wire;

/// How somebody proved to be in charge of a platform.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlProof {
    /// By a TXT record, by a file under `/.well-known/`, or in another way that the note tells.
    #[schema(schema_with = wire::control_method)]
    method: ControlMethod,
    /// What else is to be remembered; kept in the history.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Option<Note>,
}

/// Verify who is in charge of a platform
///
/// For the operator. Records that somebody proved control of the platform's domain: it is `claimed` from now on, or
/// stays `active`.
#[utoipa::path(
    tag = "registry",
    operation_id = "verify_platform",
    params(
        ("id" = String, Path, description = "Identifier, `platform_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = ControlProof, description = "How it was proved."),
    responses(
        (status = 200, description = "The platform.", body = Platform, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/platforms/{id}/verification")]
pub async fn verify_platform(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<ControlProof>(&caller, Action::VerifyPlatform, &http, payload).await?;
    let expected = if_match(&http)?;
    let proof = body.value;
    let platform = platforms::verify(&cx, &caller, &id, expected, proof.method, proof.note).await?;
    Ok(view::ok(&platform, &caller))
}
