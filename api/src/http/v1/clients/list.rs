//! `GET /v1/clients`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Client;
use crate::app::{Caller, Cx, clients};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

/// A page of clients.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientPage {
    /// The page, in the order of registration.
    pub items: Vec<Client>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List clients
///
/// For the operator. In the order of their registration, without secrets.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_clients",
    params(Wanted),
    responses((status = 200, description = "A page of clients.", body = ClientPage), Calling),
)]
#[get("/v1/clients")]
pub async fn list_clients(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "client")?;
    let page = clients::list(&cx, &caller, after, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|c| (c.created_at, c.id.clone()));
    Ok(HttpResponse::Ok().json(ClientPage {
        items: page.items.iter().map(Client::of).collect(),
        next: next(page.more, last),
    }))
}
