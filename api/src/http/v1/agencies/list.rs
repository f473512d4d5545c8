//! `GET /v1/agencies`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Agency;
use crate::app::{Caller, Cx, agencies};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;
use crate::http::wire::Instant;

paged! {
    /// Which agencies.
    pub struct WantedAgencies {
        /// Those alone whose verification ends before this instant, or has ended: they are to be verified again.
        verification_ends_before: Option<Instant>,
    }
}

/// A page of agencies.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyPage {
    /// The page, in the order of registration.
    pub items: Vec<Agency>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List agencies
///
/// In the order of their registration. Everybody who takes part may see who asks and how that was verified. With
/// `verification_ends_before` a job of the operator's own reminds him in time.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_agencies",
    params(WantedAgencies),
    responses((status = 200, description = "A page of agencies.", body = AgencyPage), Calling),
)]
#[get("/v1/agencies")]
pub async fn list_agencies(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<WantedAgencies>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "agency")?;
    let limit = usize::from(wanted.limit);
    let page = match wanted.verification_ends_before {
        Some(before) => agencies::ending(&cx, &caller, before.0, after, limit).await?,
        None => agencies::list(&cx, &caller, after, limit).await?,
    };
    let last = page.items.last().map(|a| (a.created_at, a.id.to_string()));
    Ok(HttpResponse::Ok().json(AgencyPage {
        items: page.items.iter().map(|a| Agency::of(a, &caller)).collect(),
        next: next(page.more, last),
    }))
}
