//! `POST /v1/platforms/{id}/claims`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Claim;
use crate::app::{Caller, Cx, claims};
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Claiming, Finding, Writing};

/// A claim to be begun.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClaim {
    /// For which of the platform's hosts, exactly as it is registered.
    #[validate(length(min = 1, max = 253))]
    host: String,
}

/// Begin a claim
///
/// For the operator, in the name of somebody who came to him by another way than the answer link of a mail: the answer says which
/// record or file to put up. Once it is there the platform is `claimed`; credentials are the operator's to give. While one is
/// open, the same call answers with it.
#[utoipa::path(
    tag = "registry",
    operation_id = "start_claim",
    params(("id" = String, Path, description = "Identifier of the platform, `platform_…`.")),
    request_body(content = NewClaim, description = "For which host."),
    responses((status = 200, description = "The claim.", body = Claim), Writing, Finding, Claiming),
)]
#[post("/v1/platforms/{id}/claims")]
pub async fn start_claim(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewClaim>(&caller, Action::StartClaim, &http, payload).await?;
    let claim = claims::start(&cx, &caller, &id, &body.value.host).await?;
    Ok(HttpResponse::Ok().json(Claim::of(&claim)))
}
