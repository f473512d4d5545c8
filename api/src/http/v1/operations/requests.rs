//! `GET /v1/operations/{id}/requests`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::RequestId;
use utoipa::ToSchema;

use super::view::OperationAgency;
use crate::app::operations::{self, Placed};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::requests::view::PlatformBrief;
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// A page of an operation's requests, in the order in which they were filed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationRequestPage {
    /// The page.
    pub items: Vec<OperationRequest>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// A request as everybody in the operation may know of it: that it exists, whom it asks, where it stands. What is asked
/// in it, and why, stays with the agency that filed it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationRequest {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// Whether you may read it in full at `/v1/requests/{id}`.
    pub readable: bool,
    /// Who asks.
    pub agency: OperationAgency,
    /// Who is asked.
    pub platform: PlatformBrief,
    /// The part of its target: `site`, `host`, `registrar`, `promoter`, `mirror` or `other`.
    #[schema(required = true)]
    pub role: Option<String>,
    /// `referral` or `order`.
    pub kind: String,
    /// Where it stands.
    pub status: String,
    /// Once closed: `actioned`, `partly_actioned` or `not_actioned`.
    #[schema(required = true)]
    pub result: Option<String>,
    /// How many items there are.
    pub items_count: i32,
    /// How many have no outcome yet.
    pub undecided_count: i32,
    /// The deadline, while one runs; never of a referral.
    #[schema(required = true)]
    pub due_at: Option<Instant>,
    /// When it was filed.
    pub filed_at: Instant,
    /// When it was put into the operation.
    pub added_at: Instant,
}

impl From<Placed> for OperationRequest {
    fn from(placed: Placed) -> Self {
        Self {
            id: placed.id.to_string(),
            readable: placed.readable,
            agency: OperationAgency::of(&placed.agency),
            platform: PlatformBrief::of(&placed.platform),
            reference: placed.row.reference,
            role: placed.row.role,
            kind: placed.row.kind,
            status: placed.row.status,
            result: placed.row.result,
            items_count: placed.row.items_count,
            undecided_count: placed.row.undecided_count,
            due_at: placed.due_at.map(Instant),
            filed_at: Instant(placed.filed_at),
            added_at: Instant(placed.added_at),
        }
    }
}

/// List the requests of an operation
///
/// In the order in which they were filed, those of every agency that takes part. One that is only invited is refused.
#[utoipa::path(
    tag = "operations",
    operation_id = "list_requests_of_operation",
    params(("id" = String, Path, description = "Identifier, `op_…`."), Wanted),
    responses((status = 200, description = "A page of requests.", body = OperationRequestPage), Calling, Finding),
)]
#[get("/v1/operations/{id}/requests")]
pub async fn list_requests_of_operation(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), RequestId::PREFIX)?;
    let limit = usize::from(wanted.limit);
    let list = operations::requests(&cx, &caller, &id, after, limit).await?;
    let last = list.items.last().map(|p| (p.filed_at, p.id.to_string()));
    let next = next(list.more, last);
    let items = list.items.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(OperationRequestPage { items, next }))
}
