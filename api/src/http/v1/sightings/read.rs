//! `GET /v1/sightings/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::{Sighting, ok};
use crate::app::{Caller, Cx, sightings};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a sighting
#[utoipa::path(
    tag = "sightings",
    operation_id = "read_sighting",
    params(("id" = String, Path, description = "Identifier, `sighting_…`.")),
    responses(
        (status = 200, description = "The sighting.", body = Sighting, headers(("etag" = String, description = "Its version."))),
        Calling, Finding,
    ),
)]
#[get("/v1/sightings/{id}")]
pub async fn read_sighting(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(ok(&sightings::read(&cx, &caller, &id).await?))
}
