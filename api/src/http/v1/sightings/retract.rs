//! `PUT /v1/sightings/{id}/retraction`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{NewRemark, Sighting, ok};
use crate::app::{Caller, Cx, sightings};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, SaidOnce, Versioned, Writing};

/// Why a sighting is taken back.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retraction {
    /// Why.
    #[validate(nested)]
    text: Option<NewRemark>,
}

/// Retract a sighting
///
/// It was a mistake. It stays to be seen as that, and leads to no request any more. A platform that came in by it stays.
/// Said again it changes nothing; said again for another reason it is refused, since the first one stays.
#[utoipa::path(
    tag = "sightings",
    operation_id = "retract_sighting",
    params(
        ("id" = String, Path, description = "Identifier, `sighting_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Retraction, description = "Why."),
    responses(
        (status = 200, description = "The sighting.", body = Sighting, headers(("etag" = String, description = "Its version."))),
        Writing, Finding, Versioned, SaidOnce,
    ),
)]
#[put("/v1/sightings/{id}/retraction")]
pub async fn retract_sighting(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Retraction>(&caller, Action::RetractSighting, &http, payload).await?;
    let expected = if_match(&http)?;
    let text = body.value.text.map(Into::into);
    Ok(ok(
        &sightings::retract(&cx, &caller, &id, expected, text).await?
    ))
}
