//! `GET /v1/outreach`

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::PlatformId;
use takedown_core::sighting::Week;
use utoipa::ToSchema;

use super::sightings::view::{SightedPlatform, Sighting};
use crate::app::sightings::{self, OutreachEntry as Entry, WantedOutreach};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;
use crate::http::wire::Instant;

paged! {
/// Which platforms.
pub struct OutreachParameters {
    /// Those sighted or written to in this week of ISO 8601, Monday to Sunday in UTC, such as `2026-W48`; any, unless said.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-W[0-9]{2}$")]
    week: Option<Week>,
    /// Those that stand so; all, unless said.
    #[param(inline, required = false)]
    state: Option<OutreachState>,
}
}

/// What there is to do.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OutreachState {
    /// Sightings lead there that no request follows.
    ToWrite,
    /// A request lies there that nobody has fetched.
    Unanswered,
}

/// A page of platforms to write to, or to write to again.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutreachPage {
    /// The page, in the order in which the platforms came in.
    pub items: Vec<OutreachEntry>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// A platform that nobody speaks for, and what there is to do about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutreachEntry {
    /// Who.
    pub platform: SightedPlatform,
    /// `unanswered` when a request of yours lies there that nobody has fetched; else `to_write`.
    pub state: String,
    /// Since when: the filing of the oldest such request, else the oldest sighting.
    #[schema(required = true)]
    pub since: Option<Instant>,
    /// The week of ISO 8601 in which that was.
    #[schema(required = true)]
    pub week: Option<String>,
    /// Whether a mail address is registered: without one nobody is told of a request.
    pub reachable: bool,
    /// The addresses that your agency found.
    pub contacts: Vec<OutreachContact>,
    /// Your sightings there that no request follows, oldest first, at most ten.
    pub sightings: Vec<Sighting>,
    /// Your requests there that nobody has fetched, oldest first, at most ten.
    pub requests: Vec<UnansweredRequest>,
}

/// A mail address that your agency found.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutreachContact {
    /// The address.
    pub address: String,
    /// `abuse_mailbox`, `security_txt`, `rdap`, `site` or `other`.
    pub source: String,
    /// When it was recorded.
    pub found_at: Instant,
}

/// A request that nobody has fetched.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnansweredRequest {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// When it was filed.
    pub filed_at: Instant,
}

impl OutreachEntry {
    fn of(entry: &Entry) -> Self {
        let since = entry.since();
        let state = if entry.requests.is_empty() {
            "to_write"
        } else {
            "unanswered"
        };
        Self {
            platform: SightedPlatform::of(&entry.platform),
            state: state.to_owned(),
            since: since.map(Instant),
            week: since.map(|at| Week::of(at).to_string()),
            reachable: !entry.platform.contacts.is_empty(),
            contacts: entry
                .contacts
                .iter()
                .map(|(address, source, found_at)| OutreachContact {
                    address: address.clone(),
                    source: source.to_string(),
                    found_at: Instant(*found_at),
                })
                .collect(),
            sightings: entry.sightings.iter().map(Sighting::of).collect(),
            requests: entry
                .requests
                .iter()
                .map(|request| UnansweredRequest {
                    id: request.id.to_string(),
                    reference: request.reference.clone(),
                    filed_at: Instant(request.filed_at),
                })
                .collect(),
        }
    }
}

/// Read whom to write to
///
/// Platforms of standing `sighted` or `contacted`, for which nobody has proved to speak: those that your open sightings lead
/// to and that you have not written to, and those where a request of yours was not fetched. Made to be worked through once a
/// week.
#[utoipa::path(
    tag = "sightings",
    operation_id = "read_outreach",
    params(OutreachParameters),
    responses((status = 200, description = "A page of platforms.", body = OutreachPage), Calling),
)]
#[get("/v1/outreach")]
pub async fn read_outreach(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<OutreachParameters>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), PlatformId::PREFIX)?;
    let limit = usize::from(wanted.limit);
    let state = wanted.state;
    let wanted = WantedOutreach {
        week: wanted.week,
        unanswered: state.map(|state| matches!(state, OutreachState::Unanswered)),
    };
    let page = sightings::outreach(&cx, &caller, wanted, after, limit).await?;
    let last = page.items.last().map(|entry| &entry.platform);
    let last = last.map(|platform| (platform.created_at, platform.id.to_string()));
    Ok(HttpResponse::Ok().json(OutreachPage {
        items: page.items.iter().map(OutreachEntry::of).collect(),
        next: next(page.more, last),
    }))
}
