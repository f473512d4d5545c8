//! `GET` and `POST /v1/requests/{id}/internal-notes`

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::Validate;

use crate::app::once::Answer;
use crate::app::requests::filing::Text;
use crate::app::requests::{self, InternalNote as Note};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Query;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::{after, next, sent};
use crate::http::v1::responses::{Calling, Finding, Writing};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// A note for one's own side.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInternalNote {
    /// The text. Kept exactly as sent.
    #[validate(length(min = 1, max = 20000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
    /// Its language.
    #[schema(schema_with = wire::language)]
    language: Language,
}

/// A note that one side wrote for itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct InternalNote {
    /// Identifier, `note_…`.
    pub id: String,
    /// The text, exactly as it was sent.
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
    /// The client by which it was written.
    pub client: String,
    /// When it was stored.
    pub at: Instant,
}

impl InternalNote {
    fn of(note: &Note) -> Self {
        Self {
            id: note.id.clone(),
            text: note.text.text.clone(),
            language: note.text.language.to_string(),
            client: note.client.clone(),
            at: Instant(note.at),
        }
    }
}

/// A page of internal notes, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct InternalNotePage {
    /// The page.
    pub items: Vec<InternalNote>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Write a note for your own side
///
/// Nobody but your own agency or platform ever reads it: not the other side, no auditor, not the operator. It changes
/// nothing about the request, and nobody is told.
#[utoipa::path(
    tag = "requests",
    operation_id = "write_internal_note",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each note; kept for 24 hours."),
    ),
    request_body(content = NewInternalNote, description = "The note."),
    responses((status = 201, description = "The note.", body = InternalNote), Writing, Finding),
)]
#[post("/v1/requests/{id}/internal-notes")]
pub async fn write_internal_note(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewInternalNote>(&caller, Action::WriteInternalNote, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let text = Text {
        text: body.value.text,
        language: body.value.language,
    };
    Ok(answer(
        requests::write_internal_note(&cx, &caller, &id, key, text, written).await?,
    ))
}

fn written(note: &Note) -> Answer {
    Answer {
        status: 201,
        headers: Vec::new(),
        body: serde_json::to_string(&InternalNote::of(note)).unwrap_or_default(),
    }
}

/// Read the notes of your own side
///
/// Oldest first. An agency and a platform each see their own.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_internal_notes",
    params(("id" = String, Path, description = "Identifier, `req_…`."), Wanted),
    responses((status = 200, description = "The notes.", body = InternalNotePage), Calling, Finding),
)]
#[get("/v1/requests/{id}/internal-notes")]
pub async fn list_internal_notes(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = after(wanted.cursor.as_deref(), "note")?;
    let limit = usize::from(wanted.limit);
    let most = i64::from(wanted.limit) + 1;
    let mut found = requests::internal_notes(&cx, &caller, &id, after, most).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|note| (note.at, note.id.clone()));
    Ok(super::page(&InternalNotePage {
        items: found.iter().map(InternalNote::of).collect(),
        next: next(more, last),
    }))
}
