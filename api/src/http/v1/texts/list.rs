//! `GET /v1/texts`

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::view::SavedText;
use crate::app::{Caller, Cx, texts};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::registry::{after, fifty, next};
use crate::http::v1::responses::Calling;

/// Which texts.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedTexts {
    /// The one of this name.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Where to go on, from `next` of the page before.
    cursor: Option<String>,
    /// How many at the most, 1 to 200; 50 unless said.
    #[serde(default = "fifty")]
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    limit: u16,
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
