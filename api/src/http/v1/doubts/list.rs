//! `GET /v1/doubts`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::RequestId;
use utoipa::ToSchema;

use super::view::Doubt;
use crate::app::{Caller, Cx, requests};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of doubts.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoubtPage {
    /// The page, in the order in which the requests were filed.
    pub items: Vec<Doubt>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List what is doubted
///
/// Requests of which somebody who is asked doubts that it is really the agency who asks, and nobody has settled it: to an agency
/// its own, to the operator all. Who asks and who is asked, nothing of what is asked about.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_doubts",
    params(Wanted),
    responses((status = 200, description = "A page of doubts.", body = DoubtPage), Calling),
)]
#[get("/v1/doubts")]
pub async fn list_doubts(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), RequestId::PREFIX)?;
    let limit = usize::from(wanted.limit);
    let page = requests::doubts(&cx, &caller, after, limit).await?;
    let last = page.items.last();
    let last = last.map(|doubt| (doubt.filed_at, doubt.request.to_string()));
    Ok(HttpResponse::Ok().json(DoubtPage {
        items: page.items.iter().map(Doubt::of).collect(),
        next: next(page.more, last),
    }))
}
