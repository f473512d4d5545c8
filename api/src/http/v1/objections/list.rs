//! `GET /v1/objections` and `GET /v1/requests/{id}/objections`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Objection;
use crate::app::requests::{self, Objections};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::{Calling, Finding};

paged! {
/// Which objections.
pub struct WantedObjections {
    /// `true`: only those that are not answered yet; `false`: only those that are.
    open: Option<bool>,
}
}

/// A page of objections, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionPage {
    /// The page.
    pub items: Vec<Objection>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List what uploaders object to
///
/// Over all requests that you may see, oldest first. A platform and its auditors read the words; an agency sees that there is
/// an objection and how it ended, and never the words, which may tell who the uploader is.
#[utoipa::path(
    tag = "objections",
    operation_id = "list_objections",
    params(WantedObjections),
    responses((status = 200, description = "A page of objections.", body = ObjectionPage), Calling),
)]
#[get("/v1/objections")]
pub async fn list_objections(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<WantedObjections>,
) -> Result<HttpResponse, Problem> {
    page(&cx, &caller, None, wanted).await
}

/// List what the uploaders of a request object to
///
/// Oldest first; who reads the words is as in the list of all.
#[utoipa::path(
    tag = "objections",
    operation_id = "list_objections_of_request",
    params(("id" = String, Path, description = "Identifier, `req_…`."), WantedObjections),
    responses((status = 200, description = "A page of objections.", body = ObjectionPage), Calling, Finding),
)]
#[get("/v1/requests/{id}/objections")]
pub async fn list_objections_of_request(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<WantedObjections>,
) -> Result<HttpResponse, Problem> {
    page(&cx, &caller, Some(id.into_inner()), wanted).await
}

async fn page(
    cx: &Cx,
    caller: &Caller,
    request: Option<String>,
    wanted: WantedObjections,
) -> Result<HttpResponse, Problem> {
    let limit = usize::from(wanted.limit);
    let list = Objections {
        request,
        open: wanted.open,
        after: after(wanted.cursor.as_deref(), "obj")?,
        limit: i64::from(wanted.limit) + 1,
    };
    let mut found = requests::objections(cx, caller, list).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|one| &one.objection);
    let last = last.map(|objection| (objection.made_at, objection.id.to_string()));
    Ok(HttpResponse::Ok().json(ObjectionPage {
        items: found.iter().map(Objection::of).collect(),
        next: next(more, last),
    }))
}
