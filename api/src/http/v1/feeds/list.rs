//! `GET /v1/feeds`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Feed;
use crate::app::{Caller, Cx, private_feeds};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of private feeds.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedPage {
    /// The page, in the order in which they were opened.
    pub items: Vec<Feed>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List your private feeds
///
/// Without their addresses.
#[utoipa::path(
    tag = "inbox",
    operation_id = "list_feeds",
    params(Wanted),
    responses((status = 200, description = "A page of your private feeds.", body = FeedPage), Calling),
)]
#[get("/v1/feeds")]
pub async fn list_feeds(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "feed")?;
    let page = private_feeds::list(&cx, &caller, after, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|f| (f.created_at, f.id.clone()));
    Ok(HttpResponse::Ok().json(FeedPage {
        items: page.items.iter().map(Feed::of).collect(),
        next: next(page.more, last),
    }))
}
