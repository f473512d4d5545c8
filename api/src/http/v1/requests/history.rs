//! `GET /v1/requests/{id}/history`

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use takedown_core::page::KeysetCursor;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Code, Problem};
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// Which part of the history.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Where to go on, from `next` of the page before.
    cursor: Option<String>,
    /// How many at the most, 1 to 200; 200 unless said.
    #[serde(default = "most")]
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    limit: u16,
}

fn most() -> u16 {
    200
}

/// A page of the history, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryPage {
    /// The page.
    pub items: Vec<HistoryEntry>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Something that happened to a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Identifier, `evt_…`.
    pub id: String,
    /// What happened, such as `request.filed`.
    pub r#type: String,
    /// The request's version after it.
    pub version: i32,
    /// When it happened.
    pub at: Instant,
    /// Who brought it about.
    pub by: HistoryAuthor,
    /// What is needed to recount it. Texts are there as SHA-256 digests. Empty once it was erased.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Its bytes were destroyed with what they told of; its leaf in the sealed history stays, and an entry
    /// `request.erased` says when and why.
    pub erased: bool,
}

/// Who brought it about.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryAuthor {
    /// `agency`, `platform`, `authority` (it scrutinised the order), `uploader`, `recipient` (of a mail that went to the wrong mailbox), `operator` or `system`.
    pub side: String,
    /// The name of the client or, for the exchange itself, of what it did.
    pub name: String,
    /// `api`, `console`, `link`, `page`, `cli` or `worker`.
    pub via: String,
}

/// Read the history of a request
///
/// Everything that ever happened to it, oldest first: who, when, by which way, with what outcome.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_history",
    params(("id" = String, Path, description = "Identifier, `req_…`."), Wanted),
    responses((status = 200, description = "The history.", body = HistoryPage), Calling, Finding),
)]
#[get("/v1/requests/{id}/history")]
pub async fn read_history(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = match wanted
        .cursor
        .as_deref()
        .map(KeysetCursor::decode)
        .transpose()
    {
        Ok(cursor) => cursor
            .and_then(|c| i32::try_from(c.at_millis).ok())
            .unwrap_or(0),
        Err(error) => return Err(Problem::new(Code::InvalidCursor, error.to_string())),
    };
    let limit = usize::from(wanted.limit);
    let mut entries =
        requests::history(&cx, &caller, &id, after, i64::from(wanted.limit) + 1).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(|last| {
        KeysetCursor {
            at_millis: i64::from(last.version),
            id: last.id.clone(),
        }
        .encode()
    });
    let items = entries
        .into_iter()
        .map(|e| HistoryEntry {
            id: e.id,
            r#type: e.event,
            version: e.version,
            at: Instant(e.at),
            by: HistoryAuthor {
                side: e.side,
                name: e.name,
                via: e.via,
            },
            data: e.data,
            erased: e.erased,
        })
        .collect();
    Ok(super::page(&HistoryPage { items, next }))
}
