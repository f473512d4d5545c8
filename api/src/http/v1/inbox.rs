//! `GET /v1/inbox`

pub mod events;

use crate::http::register::Register;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use bytes::{BufMut, BytesMut};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::inbox::{self, Page, Poll, Polled};
use crate::app::notices::{GIVEN, NoticeEvent};
use crate::app::operations::PartEvent;
use crate::app::requests::InboxEvent;
use crate::app::webhooks::WebhookEvent;
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::headers::{known_head, patience};
use crate::http::problem::Problem;
use crate::http::v1::notices::view::PriorNoticeBrief;
use crate::http::v1::paging::Wanted;
use crate::http::v1::requests::view::{AgencyBrief, Instrument, PlatformBrief, RequestSummary};
use crate::http::v1::responses::Calling;
use crate::http::wire::Instant;

/// How often a platform that does not wait should ask, in seconds.
const POLL_INTERVAL: &str = "60";

/// A page of the inbox in the order in which things were stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxPage {
    /// The entries, oldest first.
    pub items: Vec<InboxEntry>,
    /// Send it as `cursor` once you have worked through the page; always there.
    pub next: String,
    /// Whether more follows at once.
    pub more: bool,
}

/// Something that happened to one of your requests, that you were told beforehand, or that concerns an operation. It names no locator and no text: read the request for those.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxEntry {
    /// Identifier, `evt_…`; the same in a repeated delivery.
    pub id: String,
    /// Counts the entries of your inbox from 1 without a gap.
    pub position: i64,
    /// What happened, such as `request.filed` or `request.closed`. New words may come.
    pub r#type: String,
    /// When it happened.
    pub at: Instant,
    /// The request as it was then; `null` for an event that is about none.
    #[schema(required = true)]
    pub request: Option<InboxRequest>,
    /// For `notice.given`: what is told before a first order, without its text.
    #[schema(required = true)]
    pub notice: Option<PriorNoticeBrief>,
    /// For `operation.…`: whose part in which operation, without its label.
    #[schema(required = true)]
    pub operation: Option<InboxPart>,
    /// For `webhook.disabled`: which of your webhooks is told of nothing any more, and why. Left out of other events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<InboxWebhook>,
}

/// A webhook of yours as the inbox shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxWebhook {
    /// Identifier, `webhook_…`.
    pub id: String,
    /// `gone`: it answered 410. `failing`: nothing arrived while a message was tried to the end.
    pub reason: String,
}

/// An agency's part in an operation as the inbox shows it. What the operation is called stands in the operation itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxPart {
    /// Identifier of the operation, `op_…`.
    pub id: String,
    /// Short, speakable, with a check character; as mails about it have it.
    pub reference: String,
    /// Who leads it.
    pub lead: AgencyBrief,
    /// Whose part it is.
    pub agency: AgencyBrief,
    /// How that agency stands since then: `invited`, `joined` or `left`.
    pub membership: String,
}

/// A request as the inbox shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxRequest {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// `filed`, `fetched`, `acknowledged`, `needs_information`, `closed` or `withdrawn`.
    pub status: String,
    /// Once closed: `actioned`, `partly_actioned` or `not_actioned`.
    #[schema(required = true)]
    pub result: Option<String>,
    /// Counts changes, from 1; also the ETag.
    pub version: i32,
    /// `referral` or `order`.
    pub kind: String,
    /// The named power under which is asked.
    pub instrument: Instrument,
    /// One plain sentence: who asks, may or must as claimed, and by when.
    pub summary: String,
    /// Who asks, and how that was verified.
    pub agency: AgencyBrief,
    /// Who is asked.
    pub platform: PlatformBrief,
    /// The agency's own file number.
    #[schema(required = true)]
    pub agency_reference: Option<String>,
    /// How many items there are.
    pub items_count: i32,
    /// How many have no outcome yet.
    pub undecided_count: i32,
    /// The deadline of an order, once its clock runs.
    #[schema(required = true)]
    pub due_at: Option<Instant>,
    /// Whose turn it is: `platform`, `agency`, `both` or `nobody`.
    pub waiting_for: String,
    /// A decoy is suspected: the agency asks to wait rather than to remove.
    pub asks_to_wait: bool,
    /// A warning: of how many items the uploader was told while the request's non-disclosure held, as the platform says.
    pub told_against_non_disclosure: i32,
}

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config.service(read_inbox).service(events::follow_inbox);
}

/// Writes an event as the inbox shows it.
#[must_use]
pub fn render(event: &InboxEvent<'_>) -> String {
    let summary = RequestSummary::of(event.request, false);
    let told = event.request.told_all_the_same().count();
    let told = i32::try_from(told).unwrap_or(i32::MAX);
    let entry = InboxEntry {
        id: event.id.clone(),
        position: event.position,
        r#type: event.event.as_str().to_owned(),
        at: Instant(event.at),
        notice: None,
        operation: None,
        webhook: None,
        request: Some(InboxRequest {
            id: summary.id,
            reference: summary.reference,
            status: summary.status,
            result: summary.result,
            version: summary.version,
            kind: summary.kind,
            instrument: summary.instrument,
            summary: summary.summary,
            agency: summary.agency,
            platform: summary.platform,
            agency_reference: summary.agency_reference,
            items_count: summary.items_count,
            undecided_count: summary.undecided_count,
            due_at: summary.clock.and_then(|c| c.due_at),
            waiting_for: summary.waiting_for,
            asks_to_wait: summary.asks_to_wait,
            told_against_non_disclosure: told,
        }),
    };
    serde_json::to_string(&entry).unwrap_or_default()
}

/// Writes a notice as the inbox shows it.
#[must_use]
pub fn render_notice(event: &NoticeEvent<'_>) -> String {
    let entry = InboxEntry {
        id: event.id.clone(),
        position: event.position,
        r#type: GIVEN.to_owned(),
        at: Instant(event.notice.given_at),
        request: None,
        operation: None,
        webhook: None,
        notice: Some(PriorNoticeBrief::of(event.notice)),
    };
    serde_json::to_string(&entry).unwrap_or_default()
}

/// Writes what happened to an agency's part in an operation as the inbox shows it.
#[must_use]
pub fn render_part(event: &PartEvent<'_>) -> String {
    let part = event.part;
    let entry = InboxEntry {
        id: event.id.clone(),
        position: event.position,
        r#type: event.event.to_owned(),
        at: Instant(event.at),
        request: None,
        notice: None,
        webhook: None,
        operation: Some(InboxPart {
            id: part.id.to_string(),
            reference: part.reference.to_string(),
            lead: AgencyBrief::of(&part.lead),
            agency: AgencyBrief::of(&part.member),
            membership: part.membership.to_string(),
        }),
    };
    serde_json::to_string(&entry).unwrap_or_default()
}

/// Writes what became of a webhook as the inbox shows it.
#[must_use]
pub fn render_webhook(event: &WebhookEvent<'_>) -> String {
    let entry = InboxEntry {
        id: event.id.to_owned(),
        position: event.position,
        r#type: event.event.to_owned(),
        at: Instant(event.at),
        request: None,
        notice: None,
        operation: None,
        webhook: Some(InboxWebhook {
            id: event.webhook.to_owned(),
            reason: event.reason.to_string(),
        }),
    };
    serde_json::to_string(&entry).unwrap_or_default()
}

/// Poll the inbox
///
/// What happened to your requests, in the order in which it was stored, so that a poller misses nothing: a page is never
/// used up, and asking again with the same cursor gives the same entries. With `Prefer: wait=30` the answer waits up to
/// that many seconds for something new. With `If-None-Match` it is 304 while there is nothing new, which costs nothing
/// of your rate.
#[utoipa::path(
    tag = "inbox",
    operation_id = "read_inbox",
    params(
        Wanted,
        ("Prefer" = Option<String>, Header, description = "`wait=30`: wait up to 30 seconds (at most 60) for something new."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the last answer."),
    ),
    responses(
        (status = 200, description = "A page of the inbox.", body = InboxPage, headers(
            ("etag" = String, description = "Changes when something new comes in."),
            ("poll-interval" = String, description = "How many seconds to wait before asking again without `Prefer: wait`."),
        )),
        (status = 304, description = "Nothing new."),
        Calling,
    ),
)]
#[get("/v1/inbox")]
pub async fn read_inbox(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let poll = Poll {
        cursor: wanted.cursor,
        limit: usize::from(wanted.limit),
        patience: patience(&http),
        known_head: known_head(&http),
    };
    Ok(match inbox::poll(&cx, &caller, poll).await? {
        Polled::NothingNew(head) => HttpResponse::NotModified()
            .insert_header((header::ETAG, etag(head)))
            .insert_header(("poll-interval", POLL_INTERVAL))
            .finish(),
        Polled::Page(page) => HttpResponse::Ok()
            .insert_header((header::ETAG, etag(page.head)))
            .insert_header(("poll-interval", POLL_INTERVAL))
            .content_type("application/json")
            .body(body(&page)),
    })
}

fn etag(head: i64) -> String {
    format!("\"h{head}\"")
}

/// The entries were rendered when they were committed: a page is their concatenation.
fn body(page: &Page) -> bytes::Bytes {
    let mut body = BytesMut::with_capacity(page.entries.len() + 128);
    body.put_slice(b"{\"items\":[");
    body.put_slice(&page.entries);
    body.put_slice(b"],\"next\":\"");
    body.put_slice(page.next.as_bytes());
    body.put_slice(if page.more {
        b"\",\"more\":true}"
    } else {
        b"\",\"more\":false}"
    });
    body.freeze()
}
