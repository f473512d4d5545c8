//! `PUT /v1/doubts/{id}/settlement`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Doubt;
use crate::app::{Caller, Cx, requests};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::{sent, versioned};
use crate::http::v1::requests::file::Text;
use crate::http::v1::responses::{Finding, Moving, Writing};

/// Whether it was the agency who asked.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// It was. If not, the request ends as one that was filed by mistake, and what was acted on is asked back.
    genuine: bool,
    /// How that was found out: both sides read it.
    #[validate(nested)]
    note: Text,
}

/// Settle a doubt
///
/// By the agency with the credentials of another client than the one that filed the request, or by the operator. When it is
/// genuine the clock goes on with what was left; when it is not the request is `withdrawn`. Both sides are told.
#[utoipa::path(
    tag = "requests",
    operation_id = "settle_doubt",
    params(
        ("id" = String, Path, description = "Identifier of the request, `req_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Settlement, description = "What was found out."),
    responses(
        (status = 200, description = "Settled.", body = Doubt, headers(("etag" = String, description = "The version of the request."))),
        Writing, Finding, Moving,
    ),
)]
#[put("/v1/doubts/{id}/settlement")]
pub async fn settle_doubt(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Settlement>(&caller, Action::SettleDoubt, &http, payload).await?;
    let expected = if_match(&http)?;
    let found = (body.value.genuine, body.value.note.into());
    let settled = requests::settle_doubt(&cx, &caller, &id, expected, found).await?;
    Ok(versioned(settled.version, &Doubt::of(&settled)))
}
