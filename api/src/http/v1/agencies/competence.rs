//! `PUT /v1/agencies/{id}/competence`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use takedown_core::instrument::InstrumentId;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Versioned, Writing};

/// Which orders of others an agency scrutinises.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "scrutinises": ["eu-tco-order"] }))]
pub struct Competence {
    /// Names of instruments in the catalogue; none ends it.
    #[validate(length(max = 100))]
    #[schema(value_type = Vec<String>, max_items = 100)]
    scrutinises: Vec<InstrumentId>,
}

/// Record what an agency scrutinises
///
/// For the operator: the agency is the competent authority of its country for scrutinising orders under these instruments
/// (Regulation (EU) 2021/784, Article 12(1)(c); the Commission's register names it). From then on it gets a copy of each
/// such order from another Member State to a platform of its country, while it is verified. There is one for each country
/// and instrument. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "record_competence",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = Competence, description = "The instruments."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Creating, Versioned,
    ),
)]
#[put("/v1/agencies/{id}/competence")]
pub async fn record_competence(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Competence>(&caller, Action::RecordCompetence, &http, payload).await?;
    let expected = if_match(&http)?;
    let agency = agencies::compete(&cx, &caller, &id, expected, body.value.scrutinises).await?;
    Ok(view::ok(&agency, &caller))
}
