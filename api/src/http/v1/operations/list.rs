//! `GET /v1/operations`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::{OperationId, RequestId};
use takedown_core::operation::Membership;
use takedown_core::page::KeysetCursor;
use utoipa::ToSchema;

use super::view::Operation;
use crate::app::{Caller, Cx, operations};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::after;
use crate::http::v1::responses::Calling;
use crate::http::wire;

paged! {
/// Which operations to list. Everything given must hold.
pub struct Wanted {
    /// Those of exactly this label.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    label: Option<String>,
    /// The one that has this request.
    #[param(value_type = Option<String>)]
    request: Option<RequestId>,
    /// Those that you stand to in this way.
    #[param(schema_with = wire::membership, required = false)]
    membership: Option<Membership>,
}
}

/// A page of operations, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationPage {
    /// The page.
    pub items: Vec<Operation>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List operations
///
/// Newest first, each with its progress: those that your agency leads, has joined or is invited to.
#[utoipa::path(
    tag = "operations",
    operation_id = "list_operations",
    params(Wanted),
    responses((status = 200, description = "A page of operations.", body = OperationPage), Calling),
)]
#[get("/v1/operations")]
pub async fn list_operations(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), OperationId::PREFIX)?;
    let filter = operations::Wanted {
        label: wanted.label,
        request: wanted.request,
        membership: wanted.membership,
    };
    let limit = usize::from(wanted.limit);
    let list = operations::list(&cx, &caller, filter, before, limit).await?;
    let next = list
        .next
        .map(|(at_millis, id)| KeysetCursor { at_millis, id }.encode());
    Ok(HttpResponse::Ok().json(OperationPage {
        items: list.items.iter().map(Operation::of).collect(),
        next,
    }))
}
