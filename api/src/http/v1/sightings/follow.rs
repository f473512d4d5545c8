//! `PUT /v1/sightings/{id}/request`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Deserializer, Serialize};
use takedown_core::id::RequestId;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{Sighting, ok};
use crate::app::{Caller, Cx, sightings};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Versioned, Writing};

/// The request that follows a sighting.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Following {
    /// One that your agency filed; `null` when a link was a mistake.
    // Left out by mistake it must not undo a link.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>, required = true, pattern = "^req_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    request: Option<RequestId>,
}

/// Reads a member that may be `null` and is never left out.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RequestId>, D::Error> {
    Option::deserialize(deserializer)
}

/// Say which request follows a sighting
///
/// A filing can say so itself, in `sightings`. Requests and sightings make a chain; a link by which the chain would lead back
/// to where it began is refused, with the way that it would go.
#[utoipa::path(
    tag = "sightings",
    operation_id = "follow_sighting",
    params(
        ("id" = String, Path, description = "Identifier, `sighting_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Following, description = "Which."),
    responses(
        (status = 200, description = "The sighting.", body = Sighting, headers(("etag" = String, description = "Its version."))),
        Writing, Finding, Creating, Versioned,
    ),
)]
#[put("/v1/sightings/{id}/request")]
pub async fn follow_sighting(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Following>(&caller, Action::FollowSighting, &http, payload).await?;
    let expected = if_match(&http)?;
    let request = body.value.request;
    let view = sightings::follow(&cx, &caller, &id, expected, request).await?;
    Ok(ok(&view))
}
