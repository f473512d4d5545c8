//! `GET /v1/notices`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::PriorNoticeId;
use utoipa::ToSchema;

use super::view::PriorNoticeBrief;
use crate::app::{Caller, Cx, notices};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of notices, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorNoticePage {
    /// The page.
    pub items: Vec<PriorNoticeBrief>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List notices
///
/// An agency sees those that it gave, a platform those that it was given; newest first, without their texts.
#[utoipa::path(
    tag = "notices",
    operation_id = "list_notices",
    params(Wanted),
    responses((status = 200, description = "A page of notices.", body = PriorNoticePage), Calling),
)]
#[get("/v1/notices")]
pub async fn list_notices(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), PriorNoticeId::PREFIX)?;
    let list = notices::list(&cx, &caller, before, usize::from(wanted.limit)).await?;
    let last = list.items.last().map(|n| (n.given_at, n.id.to_string()));
    Ok(HttpResponse::Ok().json(PriorNoticePage {
        items: list.items.iter().map(PriorNoticeBrief::of).collect(),
        next: next(list.more, last),
    }))
}
