//! `GET /v1/requests`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::{AgencyId, PlatformId, Reference, RequestId};
use takedown_core::page::KeysetCursor;
use takedown_core::preservation::PreservationStatus;
use takedown_core::request::{ItemRestoration, Status};
use utoipa::ToSchema;

use super::view::RequestSummary;
use crate::app::requests::{self, Filter};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Code, FieldError, Problem};
use crate::http::v1::paging::paged;
use crate::http::v1::responses::Calling;
use crate::http::wire::{self, Instant};

paged! {
/// Which requests to list. Everything given must hold.
pub struct Wanted {
    /// Where they stand.
    #[param(schema_with = wire::status)]
    status: Option<Status>,
    /// How it stands with putting things back: `asked` lists what is asked back and not yet answered.
    #[param(schema_with = wire::item_restoration)]
    restoration: Option<ItemRestoration>,
    /// How it stands with keeping what was removed, such as `held`.
    #[param(schema_with = wire::preservation_status)]
    preservation: Option<PreservationStatus>,
    /// What is to be kept until an instant before this one, or was.
    preserved_before: Option<Instant>,
    /// Who is asked.
    #[param(value_type = Option<String>)]
    platform: Option<PlatformId>,
    /// Who asks.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Under which instrument.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    instrument: Option<String>,
    /// Filed at or after this instant.
    filed_from: Option<Instant>,
    /// Filed before this instant.
    filed_to: Option<Instant>,
    /// Our short reference.
    #[param(value_type = Option<String>)]
    reference: Option<Reference>,
    /// The agency's own file number.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
}
}

/// A page of requests, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestPage {
    /// The page.
    pub items: Vec<RequestSummary>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List requests
///
/// Newest first, without their texts and items. An agency sees what it filed, a platform what it is asked, an auditor
/// what his appointment covers. To learn of every change without loss poll the inbox instead.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_requests",
    params(Wanted),
    responses((status = 200, description = "A page of requests.", body = RequestPage), Calling),
)]
#[get("/v1/requests")]
pub async fn list_requests(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = wanted
        .cursor
        .as_deref()
        .map(|cursor| {
            KeysetCursor::decode(cursor)
                .map_err(|e| Problem::new(Code::InvalidCursor, e.to_string()))
        })
        .transpose()?
        .map(|cursor| {
            cursor.id.parse::<RequestId>().map_err(|_| {
                Problem::new(
                    Code::InvalidCursor,
                    "the cursor does not belong to this list",
                )
                .errors([FieldError::parameter(
                    "cursor",
                    "begin again without a cursor",
                )])
            })
        })
        .transpose()?;
    let filter = Filter {
        status: wanted.status.map(|s| s.to_string()),
        agency: wanted.agency.map(|id| id.to_string()),
        platform: wanted.platform.map(|id| id.to_string()),
        instrument: wanted.instrument,
        reference: wanted.reference.map(|r| r.to_string()),
        agency_reference: wanted.agency_reference,
        restoration: wanted.restoration.map(|r| r.to_string()),
        preservation: wanted.preservation.map(|p| p.to_string()),
        preserved_before: wanted.preserved_before.map(|i| i.0.timestamp_millis()),
        filed_from: wanted.filed_from.map(|i| i.0.timestamp_millis()),
        filed_to: wanted.filed_to.map(|i| i.0.timestamp_millis()),
    };
    let before = before.map(|id| id.to_string());
    let list = requests::list(&cx, &caller, filter, before, usize::from(wanted.limit)).await?;
    let next = list.items.last().filter(|_| list.more).map(|last| {
        KeysetCursor {
            at_millis: last.request.filed_at.timestamp_millis(),
            id: last.request.id.to_string(),
        }
        .encode()
    });
    Ok(super::page(&RequestPage {
        items: list
            .items
            .iter()
            .map(|one| RequestSummary::of(one, caller.sees_escrowed()))
            .collect(),
        next,
    }))
}
