//! `GET /v1/texts`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::SavedText;
use crate::app::{Caller, Cx, texts};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

paged! {
/// Which texts.
pub struct WantedTexts {
    /// The one of this name.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
}
}

/// A page of saved texts.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedTextPage {
    /// The page, in the order in which they were first saved.
    pub items: Vec<SavedText>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List your saved texts
#[utoipa::path(
    tag = "texts",
    operation_id = "list_texts",
    params(WantedTexts),
    responses((status = 200, description = "A page of your texts.", body = SavedTextPage), Calling),
)]
#[get("/v1/texts")]
pub async fn list_texts(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<WantedTexts>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "text")?;
    let limit = usize::from(wanted.limit);
    let page = texts::list(&cx, &caller, wanted.name, after, limit).await?;
    let last = page.items.last().map(|t| (t.created_at, t.id.clone()));
    Ok(HttpResponse::Ok().json(SavedTextPage {
        items: page.items.iter().map(SavedText::of).collect(),
        next: next(page.more, last),
    }))
}
