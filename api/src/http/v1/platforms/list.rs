//! `GET /v1/platforms`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Platform;
use crate::app::{Caller, Cx, platforms};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of platforms.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformPage {
    /// The page, in the order of registration.
    pub items: Vec<Platform>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List platforms
///
/// In the order of their registration. A platform sees itself only. Agencies see whom they can ask, without contacts.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_platforms",
    params(Wanted),
    responses((status = 200, description = "A page of platforms.", body = PlatformPage), Calling),
)]
#[get("/v1/platforms")]
pub async fn list_platforms(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "platform")?;
    let page = platforms::list(&cx, &caller, after, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|p| (p.created_at, p.id.to_string()));
    Ok(HttpResponse::Ok().json(PlatformPage {
        items: page
            .items
            .iter()
            .map(|p| Platform::of(p, &caller))
            .collect(),
        next: next(page.more, last),
    }))
}
