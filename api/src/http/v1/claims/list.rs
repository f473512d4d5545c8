//! `GET /v1/claims`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::claim::ClaimStatus;
use takedown_core::id::ClaimId;
use utoipa::ToSchema;

use super::view::Claim;
use crate::app::{Caller, Cx, claims};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;
use crate::http::wire;

paged! {
    /// Which claims.
    pub struct WantedClaims {
        /// In this state: `contested` are those that wait for the operator.
        #[param(schema_with = wire::claim_status)]
        status: Option<ClaimStatus>,
    }
}

/// A page of claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimPage {
    /// The page, in the order in which they were begun.
    pub items: Vec<Claim>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List claims
///
/// For the operator. Who wants to prove to be in charge of which platform, what was found, and what waits for him: a claim that was
/// proved while a client acts for the platform already is `contested` and grants nothing. Suspend that client and register
/// another one, or leave it as it is.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_claims",
    params(WantedClaims),
    responses((status = 200, description = "A page of claims.", body = ClaimPage), Calling),
)]
#[get("/v1/claims")]
pub async fn list_claims(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<WantedClaims>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), ClaimId::PREFIX)?;
    let limit = usize::from(wanted.limit);
    let page = claims::list(&cx, &caller, wanted.status, after, limit).await?;
    let last = page.items.last();
    let last = last.map(|claim| (claim.started_at, claim.id.to_string()));
    Ok(HttpResponse::Ok().json(ClaimPage {
        items: page.items.iter().map(Claim::of).collect(),
        next: next(page.more, last),
    }))
}
