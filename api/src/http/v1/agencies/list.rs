//! `GET /v1/agencies`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Agency;
use crate::app::{Caller, Cx, agencies};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

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
/// In the order of their registration. Everybody who takes part may see who asks and how that was verified.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_agencies",
    params(Wanted),
    responses((status = 200, description = "A page of agencies.", body = AgencyPage), Calling),
)]
#[get("/v1/agencies")]
pub async fn list_agencies(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "agency")?;
    let page = agencies::list(&cx, &caller, after, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|a| (a.created_at, a.id.to_string()));
    Ok(HttpResponse::Ok().json(AgencyPage {
        items: page.items.iter().map(|a| Agency::of(a, &caller)).collect(),
        next: next(page.more, last),
    }))
}
