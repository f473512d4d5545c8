//! `GET /v1/deliveries`

use crate::http::register::Register;
use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use takedown_core::id::{DeliveryId, RequestId};
use utoipa::ToSchema;

use super::paging::paged;
use super::registry::{after, next};
use super::responses::{Calling, Finding};
use crate::app::deliveries::{self, Filter, Status};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::wire::{self, Instant};

/// Registers the endpoint.
pub fn configure(config: &mut impl Register) {
    config.service(list_deliveries).service(send_again);
}

paged! {
/// Which deliveries to list.
pub struct Wanted {
    /// Only those that stand there; those that did not arrive, `pending` and `failed`, unless said.
    #[param(schema_with = wire::delivery_status, required = false)]
    status: Option<Status>,
    /// Only those about this request.
    #[param(value_type = Option<String>)]
    request: Option<RequestId>,
}
}

/// A page of deliveries, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryPage {
    /// The page.
    pub items: Vec<Delivery>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// A notification by mail. Nothing of the request but its identifier and its reference.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// Identifier, `dlv_…`.
    pub id: String,
    /// About which request.
    pub request: DeliveryRequest,
    /// Who is to be told.
    pub party: DeliveryParty,
    /// Of what it tells, such as `request.filed`.
    pub event: String,
    /// `pending`, `gathered` (told with others in one mail that has not left yet), `sent`, `failed` or `dropped`.
    pub status: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    #[schema(required = true)]
    pub next_at: Option<Instant>,
    /// Why the last try failed, or why it was dropped. Of a try an agency sees the mail server's status code only.
    #[schema(required = true)]
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Instant,
    /// When it was sent or given up.
    #[schema(required = true)]
    pub settled_at: Option<Instant>,
}

/// About which request, which notice before a first order, or which operation; of a digest, the platform it goes to; of what is about
/// no request, the agency whose verification ends or the webhook that was disabled.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryRequest {
    /// Identifier, `req_…`, `notice_…`, `op_…`, `platform_…`, `agency_…` or `webhook_…`.
    pub id: String,
    /// Short, speakable, with a check character; empty where there is none.
    pub reference: String,
}

/// Who is to be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryParty {
    /// `agency` or `platform`.
    pub side: String,
    /// Identifier of the party; `operator` for the operator of the exchange.
    pub id: String,
}

impl From<deliveries::Delivery> for Delivery {
    fn from(delivery: deliveries::Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            request: DeliveryRequest {
                id: delivery.request,
                reference: delivery.reference,
            },
            party: DeliveryParty {
                side: delivery.side.to_string(),
                id: delivery.party,
            },
            event: delivery.event,
            status: delivery.status,
            attempts: delivery.attempts,
            next_at: delivery.next_at.map(Instant),
            last_error: delivery.last_error,
            created_at: Instant(delivery.created_at),
            settled_at: delivery.settled_at.map(Instant),
        }
    }
}

/// List deliveries
///
/// Newest first: the mails that are on their way or could not be delivered. The operator sees all, an agency those
/// about its own requests.
#[utoipa::path(
    tag = "deliveries",
    operation_id = "list_deliveries",
    params(Wanted),
    responses((status = 200, description = "A page of deliveries.", body = DeliveryPage), Calling),
)]
#[get("/v1/deliveries")]
pub async fn list_deliveries(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), DeliveryId::PREFIX)?;
    let filter = Filter {
        status: wanted.status,
        request: wanted.request.map(|id| id.to_string()),
        before,
    };
    let page = deliveries::list(&cx, &caller, filter, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|d| (d.created_at, d.id.to_string()));
    let next = next(page.more, last);
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(DeliveryPage { items, next }))
}

/// Send a mail again
///
/// For the operator: a mail that was given up is tried again, from its first try on, to whom it would go now and only if it is still
/// true. With the identifier it had, so that a mail program knows a repeat. Repeating the call changes nothing.
#[utoipa::path(
    tag = "deliveries",
    operation_id = "send_again",
    params(("id" = String, Path, description = "Identifier, `dlv_…`.")),
    responses(
        (status = 200, description = "The delivery, on its way again.", body = Delivery),
        (status = 409, description = "It was handed over, or is no longer true.", body = ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[post("/v1/deliveries/{id}/sending")]
pub async fn send_again(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let delivery = deliveries::send_again(&cx, &caller, &id).await?;
    Ok(HttpResponse::Ok().json(Delivery::from(delivery)))
}
