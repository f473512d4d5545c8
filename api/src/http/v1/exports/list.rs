//! `GET /v1/exports`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::ExportFile;
use crate::app::{Caller, Cx, export};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of exports that are made as files, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportFilePage {
    /// The page.
    pub items: Vec<ExportFile>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List your exports
///
/// Those that this client asked for; nobody else sees them.
#[utoipa::path(
    tag = "exports",
    operation_id = "list_exports",
    params(Wanted),
    responses((status = 200, description = "A page of your exports.", body = ExportFilePage), Calling),
)]
#[get("/v1/exports")]
pub async fn list_exports(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), "exp")?;
    let page = export::list(&cx, &caller, before, usize::from(wanted.limit)).await?;
    let last = page
        .items
        .last()
        .map(|file| (file.created_at, file.id.clone()));
    Ok(HttpResponse::Ok().json(ExportFilePage {
        items: page.items.iter().map(ExportFile::of).collect(),
        next: next(page.more, last),
    }))
}
