//! `POST /v1/sightings/{id}/revisions`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use takedown_core::sighting::Confidence;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{NewRemark, Sighting, made};
use crate::app::{Caller, Cx, sightings};
use crate::http::error::answer;
use crate::http::headers::{if_match, once};
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Versioned, Writing};
use crate::http::wire;

/// How sure you are now.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSightingRevision {
    /// How sure you are.
    #[schema(schema_with = wire::sighting_confidence)]
    confidence: Confidence,
    /// Why.
    #[validate(nested)]
    text: Option<NewRemark>,
}

/// Revise a sighting
///
/// You are surer than you were, less sure, or as sure for another reason. What you said before stays to be seen.
#[utoipa::path(
    tag = "sightings",
    operation_id = "revise_sighting",
    params(
        ("id" = String, Path, description = "Identifier, `sighting_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each revision; kept for 24 hours."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = NewSightingRevision, description = "How sure."),
    responses(
        (status = 201, description = "The sighting.", body = Sighting, headers(
            ("etag" = String, description = "Its version."),
            ("location" = String, description = "Where it is."),
        )),
        Writing, Finding, Creating, Versioned,
    ),
)]
#[post("/v1/sightings/{id}/revisions")]
pub async fn revise_sighting(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewSightingRevision>(&caller, Action::ReviseSighting, &http, payload).await?;
    let how = (if_match(&http)?, once(&http, &body.bytes)?);
    let said = (body.value.confidence, body.value.text.map(Into::into));
    Ok(answer(
        sightings::revise(&cx, &caller, &id, how, said, made).await?,
    ))
}
