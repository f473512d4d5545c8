//! `GET /v1/sightings`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::{PlatformId, RequestId, SightingId};
use takedown_core::platform::Standing;
use takedown_core::sighting::{Confidence, SightingState, Week};
use utoipa::ToSchema;

use super::view::Sighting;
use crate::app::values::HostName;
use crate::app::{Caller, Cx, sightings};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;
use crate::http::wire;

paged! {
/// Which sightings to list. Everything given must hold.
pub struct WantedSightings {
    /// Those after this request.
    #[param(value_type = Option<String>)]
    request: Option<RequestId>,
    /// Those on this platform.
    #[param(value_type = Option<String>)]
    platform: Option<PlatformId>,
    /// Those at exactly this host.
    #[param(value_type = Option<String>, min_length = 1, max_length = 253)]
    host: Option<HostName>,
    /// Those on platforms of this standing.
    #[param(schema_with = wire::standing, required = false)]
    standing: Option<Standing>,
    /// Those of which you are so sure.
    #[param(schema_with = wire::sighting_confidence, required = false)]
    confidence: Option<Confidence>,
    /// Those that stand so.
    #[param(schema_with = wire::sighting_state, required = false)]
    state: Option<SightingState>,
    /// Those recorded in this week of ISO 8601, Monday to Sunday in UTC, such as `2026-W48`.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-W[0-9]{2}$")]
    week: Option<Week>,
}
}

/// A page of sightings.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightingPage {
    /// The page, newest first.
    pub items: Vec<Sighting>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List sightings
///
/// Newest first: those that your agency recorded, whatever became of them.
#[utoipa::path(
    tag = "sightings",
    operation_id = "list_sightings",
    params(WantedSightings),
    responses((status = 200, description = "A page of sightings.", body = SightingPage), Calling),
)]
#[get("/v1/sightings")]
pub async fn list_sightings(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<WantedSightings>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), SightingId::PREFIX)?;
    let filter = sightings::Wanted {
        request: wanted.request,
        platform: wanted.platform,
        host: wanted.host.map(Into::into),
        standing: wanted.standing,
        confidence: wanted.confidence,
        state: wanted.state,
        week: wanted.week,
    };
    let limit = usize::from(wanted.limit);
    let list = sightings::list(&cx, &caller, filter, before, limit).await?;
    let last = list.items.last();
    let last = last.map(|view| (view.created_at, view.sighting.id.to_string()));
    Ok(HttpResponse::Ok().json(SightingPage {
        items: list.items.iter().map(Sighting::of).collect(),
        next: next(list.more, last),
    }))
}
