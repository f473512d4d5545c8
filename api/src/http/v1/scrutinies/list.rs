//! `GET /v1/scrutinies`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::RequestId;
use utoipa::ToSchema;

use super::view::CopiedOrderSummary;
use crate::app::{Caller, Cx, scrutinies};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of copied orders, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopiedOrderPage {
    /// The page.
    pub items: Vec<CopiedOrderSummary>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List copied orders
///
/// For the scrutinising authority of a country: the orders of other authorities to platforms of its country, newest first.
/// To everybody else the list is empty. The inbox tells of each with `order.copied`.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "list_scrutinies",
    params(Wanted),
    responses((status = 200, description = "A page of copied orders.", body = CopiedOrderPage), Calling),
)]
#[get("/v1/scrutinies")]
pub async fn list_scrutinies(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), RequestId::PREFIX)?;
    let list = scrutinies::list(&cx, &caller, before, usize::from(wanted.limit)).await?;
    let last = list.items.last().map(|view| &view.request);
    let last = last.map(|request| (request.filed_at, request.id.to_string()));
    Ok(HttpResponse::Ok().json(CopiedOrderPage {
        items: list
            .items
            .iter()
            .filter_map(CopiedOrderSummary::of)
            .collect(),
        next: next(list.more, last),
    }))
}
