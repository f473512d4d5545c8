//! `POST /v1/claims/{id}/looks`

use actix_web::{HttpResponse, post, web};

use super::view::Claim;
use crate::app::{Caller, Cx, Error, claims};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding, Looking};

/// Look at a claim
///
/// For the operator, for a claim that he began. Asks the name servers for the record and the host for the file, and says what
/// was seen. A host is looked at every ten seconds at most, and a claim 100 times.
#[utoipa::path(
    tag = "registry",
    operation_id = "look_at_claim",
    params(("id" = String, Path, description = "Identifier, `claim_…`.")),
    responses(
        (status = 200, description = "The claim as it stands now.", body = Claim),
        Calling, Finding, Looking,
    ),
)]
#[post("/v1/claims/{id}/looks")]
pub async fn look_at_claim(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let looked = claims::look(&cx, &caller, &id).await?;
    let looked = looked.map_err(|why| Error::Conflict(why.to_string()))?;
    Ok(HttpResponse::Ok().json(Claim::of(&looked.claim)))
}
