//! `GET /v1/platforms/{id}/final-orders`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{Caller, Cx, scrutinies};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// How many final orders a platform got. A count says nothing about what the platform did.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinalOrders {
    /// Identifier, `platform_…`.
    pub platform: String,
    /// One for each instrument under which final orders are counted.
    pub counts: Vec<FinalOrderCount>,
}

/// How many under one instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinalOrderCount {
    /// The instrument.
    pub instrument: String,
    /// Orders that became final since then.
    pub since: Instant,
    /// How many that are.
    pub orders: i64,
    /// From how many on the competent authority may find the platform exposed; it decides that, and nothing follows by itself.
    pub exposed_from: u32,
    /// Where that is written down.
    pub citation: String,
}

/// Count final orders
///
/// For the platform itself, and for the scrutinising authority of its country: the orders of the last months that are
/// recorded as final (Regulation (EU) 2021/784, Article 5(4)).
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "count_final_orders",
    params(("id" = String, Path, description = "Identifier, `platform_…`.")),
    responses((status = 200, description = "The counts.", body = FinalOrders), Calling, Finding),
)]
#[get("/v1/platforms/{id}/final-orders")]
pub async fn count_final_orders(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let counted = scrutinies::count_final(&cx, &caller, &id).await?;
    let counts = counted.into_iter().map(|count| FinalOrderCount {
        instrument: count.instrument,
        since: Instant(count.since),
        orders: count.orders,
        exposed_from: count.exposed_from,
        citation: count.citation,
    });
    Ok(HttpResponse::Ok().json(FinalOrders {
        platform: id.into_inner(),
        counts: counts.collect(),
    }))
}
