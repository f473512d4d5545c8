//! `GET` and `POST /v1/requests/{id}/messages`

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::{ItemId, MessageId};
use takedown_core::instrument::Obstacle;
use takedown_core::page::KeysetCursor;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::app::once::Answer;
use crate::app::requests::filing::Text;
use crate::app::requests::{self, MessageView, NewMessage as Message, Saying};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::{Query, Sent};
use crate::http::headers::{if_match, once};
use crate::http::problem::{Code, Problem};
use crate::http::v1::paging::Wanted;
use crate::http::v1::responses::{Calling, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The platform asks; the clock stands still until the agency answers.
    Question,
    /// The platform cannot act; the clock stands still.
    Obstacle,
    /// The obstacle is gone.
    ObstacleOver,
    /// The agency answers; the clock goes on.
    Answer,
    /// Changes nothing.
    Note,
}

impl MessageKind {
    /// With the obstacle, where it is one.
    pub(super) fn saying(self, obstacle: Option<Obstacle>) -> Saying {
        match (self, obstacle) {
            (Self::Obstacle, Some(obstacle)) => Saying::Obstacle(obstacle),
            (Self::Question | Self::Obstacle, _) => Saying::Question,
            (Self::ObstacleOver, _) => Saying::ObstacleOver,
            (Self::Answer, _) => Saying::Answer,
            (Self::Note, _) => Saying::Note,
        }
    }
}

/// A message to the other side.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "obstacle_belongs"))]
pub struct NewMessage {
    /// What it does to the request.
    kind: MessageKind,
    /// The text. Kept exactly as sent.
    #[validate(length(min = 1, max = 20000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
    /// Its language.
    #[schema(schema_with = wire::language)]
    language: Language,
    /// For `obstacle`: which (Regulation (EU) 2021/784, Annex III).
    #[schema(schema_with = wire::obstacle_or_null, required = false)]
    obstacle: Option<Obstacle>,
    /// The items it is about; all unless said.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(value_type = Vec<String>, max_items = 1000)]
    items: Vec<ItemId>,
    /// The earlier message of this request that it replies to.
    #[schema(value_type = Option<String>, pattern = "^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    in_reply_to: Option<MessageId>,
}

fn obstacle_belongs(message: &NewMessage) -> Result<(), ValidationError> {
    obstacle_named(message.kind, message.obstacle)
}

/// An obstacle is named where one is reported, and nowhere else.
pub(super) fn obstacle_named(
    kind: MessageKind,
    obstacle: Option<Obstacle>,
) -> Result<(), ValidationError> {
    if (kind == MessageKind::Obstacle) != obstacle.is_some() {
        let says = "`obstacle` belongs to kind `obstacle`, which cannot do without it";
        return Err(ValidationError::new("obstacle").with_message(says.into()));
    }
    Ok(())
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageBody {
    /// Identifier, `msg_…`.
    pub id: String,
    /// `question`, `obstacle`, `obstacle_over`, `answer`, `note`; or the text of a `withdrawal` or `reopening`; or the
    /// `objection` of an uploader and the `objection_answer`, which the agency does not see.
    pub kind: String,
    /// Who wrote it: `agency`, `platform` or `uploader`.
    pub side: String,
    /// The text, exactly as it was sent.
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
    /// For an obstacle: which.
    #[schema(required = true)]
    pub obstacle: Option<String>,
    /// The items it is about; none means all.
    pub items: Vec<String>,
    /// When it was stored.
    pub at: Instant,
    /// The earlier message that it replies to.
    #[schema(required = true)]
    pub in_reply_to: Option<String>,
    /// The document that came with it.
    #[schema(required = true)]
    pub document: Option<Document>,
}

/// A document that came with a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    /// What its sender called it.
    pub name: String,
    /// How many bytes it has.
    #[schema(minimum = 1)]
    pub bytes: i64,
    /// SHA-256 of its bytes, in hexadecimal digits: compare it with that of what you downloaded or were given by other ways.
    pub sha256: String,
    /// Where it is downloaded.
    pub url: String,
}

impl MessageBody {
    pub(super) fn of(view: &MessageView) -> Self {
        Self {
            id: view.id.clone(),
            kind: view.kind.clone(),
            side: view.side.to_string(),
            text: view.text.text.clone(),
            language: view.text.language.to_string(),
            obstacle: view.obstacle.clone(),
            items: view.items.clone(),
            at: Instant(view.at),
            in_reply_to: view.in_reply_to.clone(),
            document: view.document.as_ref().map(|document| Document {
                name: document.name.clone(),
                bytes: document.bytes,
                sha256: document.digest.to_string(),
                url: format!("/v1/requests/{}/documents/{}", view.request, view.id),
            }),
        }
    }
}

/// A page of messages, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// The page.
    pub items: Vec<MessageBody>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Write a message
///
/// A question or an obstacle of the platform stops the clock, an answer of the agency starts it again. A note changes
/// nothing. The other side is told.
#[utoipa::path(
    tag = "requests",
    operation_id = "post_message",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each message; kept for 24 hours."),
    ),
    request_body(content = NewMessage, description = "The message."),
    responses(
        (status = 201, description = "The message.", body = MessageBody, headers(("etag" = String, description = "The request's version."))),
        Writing, Finding, Moving,
    ),
)]
#[post("/v1/requests/{id}/messages")]
pub async fn post_message(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    sent: Sent<NewMessage>,
) -> Result<HttpResponse, Problem> {
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let body = sent.value;
    let message = Message {
        saying: body.kind.saying(body.obstacle),
        text: Text {
            text: body.text,
            language: body.language,
        },
        items: body.items,
        in_reply_to: body.in_reply_to,
        document: None,
    };
    let id = id.into_inner();
    Ok(answer(
        requests::write_message(&cx, &caller, id, expected, key, message, written).await?,
    ))
}

/// 201 with the message and the version of its request.
pub(super) fn written(view: &MessageView, version: i32) -> Answer {
    Answer {
        status: 201,
        headers: vec![("etag".into(), format!("\"{version}\""))],
        body: serde_json::to_string(&MessageBody::of(view)).unwrap_or_default(),
    }
}

/// Read the messages of a request
///
/// Oldest first: questions, obstacles, answers, notes, and the texts of withdrawals and reopenings.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_messages",
    params(("id" = String, Path, description = "Identifier, `req_…`."), Wanted),
    responses((status = 200, description = "The messages.", body = MessagePage), Calling, Finding),
)]
#[get("/v1/requests/{id}/messages")]
pub async fn list_messages(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let after = wanted
        .cursor
        .as_deref()
        .map(KeysetCursor::decode)
        .transpose()
        .map_err(|error| Problem::new(Code::InvalidCursor, error.to_string()))?;
    let limit = usize::from(wanted.limit);
    let after = after.map(|cursor| cursor.id);
    let mut found =
        requests::messages(&cx, &caller, &id, after, i64::from(wanted.limit) + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| {
        KeysetCursor {
            at_millis: last.at.timestamp_millis(),
            id: last.id.clone(),
        }
        .encode()
    });
    Ok(super::page(&MessagePage {
        items: found.iter().map(MessageBody::of).collect(),
        next,
    }))
}
