//! `GET /v1/requests/{id}/reads`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::EntryId;
use takedown_core::page::KeysetCursor;
use utoipa::ToSchema;

use crate::app::requests::{self, ReadEntry};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// A page of reads, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestReadPage {
    /// The page.
    pub items: Vec<RequestRead>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// That somebody was handed content of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestRead {
    /// Identifier of the entry of the history, `evt_…`.
    pub id: String,
    /// `request.read`, or `document.read` for a document.
    pub r#type: String,
    /// When; of the same content in the same version each client has one entry a day (UTC), the first.
    pub at: Instant,
    /// Who.
    pub by: RequestReader,
    /// Which part: `request`, `signed`, `messages`, `internal_notes`, `hold`, `corrections`, `history`, `form`, `statement`,
    /// `tombstone`, `objections` or `sightings`; `null` for a document.
    #[schema(required = true)]
    pub content: Option<String>,
    /// The version of the request that was read, where that makes a difference.
    #[schema(required = true)]
    pub version: Option<i32>,
    /// The message that the document came with, `msg_…`.
    #[schema(required = true)]
    pub message: Option<String>,
}

/// Who read.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestReader {
    /// `agency`, `platform`, `authority` (it scrutinises the order) or `auditor`.
    pub side: String,
    /// The party's name; `null` of an auditor.
    #[schema(required = true)]
    pub name: Option<String>,
    /// The client whose credentials were used, `client_…`.
    #[schema(required = true)]
    pub client: Option<String>,
    /// `api`, `console`, `link`, `page` or `cli`.
    pub via: String,
}

impl From<ReadEntry> for RequestRead {
    fn from(entry: ReadEntry) -> Self {
        Self {
            id: entry.id,
            r#type: entry.event,
            at: Instant(entry.at),
            by: RequestReader {
                side: entry.side,
                name: entry.name,
                client: entry.client,
                via: entry.via,
            },
            content: entry.content,
            version: entry.version,
            message: entry.message,
        }
    }
}

/// See who of your side read a request
///
/// Content of a request is handed out only after an entry of the history says so: which client, when, which part of it in which
/// version. You see the reads of your own side; the other one does not. An auditor of everything sees those of both sides, of
/// auditors and of the authority that scrutinises an order, an auditor of one party those by that party. The platform's first
/// read is the receipt, which the history of the request shows to both sides as `request.fetched`. Lists of requests and the
/// inbox show no content. This list shows none either.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_reads",
    params(("id" = String, Path, description = "Identifier, `req_…`."), Wanted),
    responses((status = 200, description = "The reads.", body = RequestReadPage), Calling, Finding),
)]
#[get("/v1/requests/{id}/reads")]
pub async fn list_reads(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let before = match after(wanted.cursor.as_deref(), EntryId::PREFIX)? {
        Some(entry) => {
            let cursor = wanted.cursor.as_deref().map(KeysetCursor::decode);
            let at = cursor.and_then(Result::ok).map(|cursor| cursor.at_millis);
            Some((at.unwrap_or_default(), entry))
        }
        None => None,
    };
    let limit = usize::from(wanted.limit);
    let most = i64::from(wanted.limit) + 1;
    let mut found = requests::readers(&cx, &caller, &id, before, most).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|one| (one.at, one.id.clone()));
    Ok(super::page(&RequestReadPage {
        items: found.into_iter().map(RequestRead::from).collect(),
        next: next(more, last),
    }))
}
