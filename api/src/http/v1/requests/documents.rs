//! `POST /v1/requests/{id}/documents` and `GET /v1/requests/{id}/documents/{message}`

use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use bytes::Bytes;
use data_encoding::BASE64;
use serde::Deserialize;
use takedown_core::document::Name;
use takedown_core::history::Digest;
use takedown_core::id::MessageId;
use takedown_core::instrument::Obstacle;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::text::Language;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use validator::{Validate, ValidationError};

use super::messages::{MessageBody, MessageKind, obstacle_named, written};
use crate::app::requests::filing::Text;
use crate::app::requests::{self, MessageView, NewDocument, NewMessage};
use crate::app::{self, Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::{Query, Size, read};
use crate::http::headers::{if_match, once};
use crate::http::problem::{Code, FieldError, Problem};
use crate::http::v1::responses::{Calling, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire;

const PDF: &[&str] = &["application/pdf"];

/// How many documents are in memory at once while they are sent: two of five mebibytes.
const AT_ONCE: usize = 2;
static ROOM: Semaphore = Semaphore::const_new(AT_ONCE);
/// How long a call waits for its turn before the caller is asked to come again.
const PATIENCE: Duration = Duration::from_secs(5);

/// A PDF, byte for byte.
#[derive(Debug)]
pub struct Pdf;

impl PartialSchema for Pdf {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .into()
    }
}

impl ToSchema for Pdf {}

/// What goes with a document.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "obstacle_belongs"))]
#[into_params(parameter_in = Query)]
pub struct Attaching {
    /// What it is called: ends in `.pdf`, without folder and without characters that are not seen.
    #[validate(custom(function = "rules::document_name"))]
    #[param(min_length = 5, max_length = 100, pattern = "\\.[Pp][Dd][Ff]$")]
    name: String,
    /// What it is, in a few words: the text of the message.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[param(min_length = 1, max_length = 2000)]
    text: String,
    /// The language of that text.
    #[param(schema_with = wire::language)]
    language: Language,
    /// What the message does to the request, as in `POST /v1/requests/{id}/messages`; `note` unless said.
    #[serde(default = "note")]
    #[param(inline, required = false)]
    kind: MessageKind,
    /// For `obstacle`: which.
    #[param(schema_with = wire::obstacle)]
    obstacle: Option<Obstacle>,
    /// The earlier message of this request that it replies to.
    #[param(value_type = Option<String>, pattern = "^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    in_reply_to: Option<MessageId>,
}

fn note() -> MessageKind {
    MessageKind::Note
}

fn obstacle_belongs(attaching: &Attaching) -> Result<(), ValidationError> {
    obstacle_named(attaching.kind, attaching.obstacle)
}

/// Send a document
///
/// A message that carries a PDF of at most 5 MiB: an order, a court decision, a letter. The body is the file, byte for
/// byte; what is said of it stands in the query. A file that is no PDF, is cut off, or is encrypted is refused with the
/// rule; nothing in it is looked at beyond that. The other side is told, with name and digest, and is never sent the file.
#[utoipa::path(
    tag = "requests",
    operation_id = "attach_document",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        Attaching,
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each document; kept for 24 hours."),
    ),
    request_body(content = inline(Pdf), content_type = "application/pdf", description = "The document."),
    responses(
        (status = 201, description = "The message that carries it.", body = MessageBody, headers(
            ("etag" = String, description = "The request's version."),
            ("location" = String, description = "Where the document is downloaded."),
        )),
        Writing, Finding, Moving,
    ),
)]
#[post("/v1/requests/{id}/documents")]
pub async fn attach_document(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Query(wanted): Query<Attaching>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let allowed = authorize(&caller.actor, Action::AttachDocument, &Resource::Exchange);
    allowed.map_err(app::Error::from)?;
    let name: Name = wanted.name.parse().map_err(unexpected)?;
    let bytes = body(&http, payload).await?;
    let (expected, key) = (if_match(&http)?, once(&http, &bytes)?);
    let document = NewDocument::new(name, bytes).map_err(|refused| {
        let detail = format!("The document is refused: {refused} ({}).", refused.rule());
        Problem::invalid(vec![FieldError::at("", detail)])
    })?;
    let message = NewMessage {
        saying: wanted.kind.saying(wanted.obstacle),
        text: Text {
            text: wanted.text,
            language: wanted.language,
        },
        items: Vec::new(),
        in_reply_to: wanted.in_reply_to,
        document: Some(document),
    };
    let id = id.into_inner();
    requests::write_message(&cx, &caller, id, expected, key, message, attached)
        .await
        .map(answer)
        .map_err(of_parameters)
}

/// A document on its way in holds its place until nobody has its bytes any more, the store's queue included.
struct Held {
    bytes: Bytes,
    _place: SemaphorePermit<'static>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

async fn body(http: &HttpRequest, payload: web::Payload) -> Result<Bytes, Problem> {
    let turn = tokio::time::timeout(PATIENCE, ROOM.acquire()).await;
    let Ok(Ok(place)) = turn else {
        let detail = "Too many documents are being sent just now; nothing was done.";
        return Err(Problem::new(Code::Busy, detail).retry_after(1).closing());
    };
    let (bytes, _) = read(http.clone(), payload.into_inner(), PDF, Size::Document).await?;
    Ok(Bytes::from_owner(Held {
        bytes,
        _place: place,
    }))
}

fn attached(view: &MessageView, version: i32) -> app::once::Answer {
    let mut answer = written(view, version);
    let location = format!("/v1/requests/{}/documents/{}", view.request, view.id);
    answer.headers.push(("location".into(), location));
    answer
}

/// What the message says is refused in the query here, not in the body.
fn of_parameters(error: app::Error) -> Problem {
    let app::Error::Invalid(errors) = error else {
        return error.into();
    };
    let errors: Vec<FieldError> = errors
        .into_iter()
        .map(|error| FieldError::parameter(error.pointer.trim_start_matches('/'), error.detail))
        .collect();
    let detail = errors.iter().map(ToString::to_string).collect::<Vec<_>>();
    Problem::new(Code::InvalidParameter, detail.join("; ")).errors(errors)
}

/// Download a document
///
/// Byte for byte as it was sent, to be saved and never to be shown in place. That an auditor downloaded it is entered in
/// the history.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_document",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("message" = String, Path, description = "The message that it came with, `msg_…`."),
    ),
    responses(
        (status = 200, description = "The document.", body = inline(Pdf), content_type = "application/pdf", headers(
            ("content-disposition" = String, description = "`attachment`, with the name that the sender gave it."),
            ("repr-digest" = String, description = "SHA-256 of its bytes (RFC 9530)."),
        )),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/documents/{message}")]
pub async fn read_document(
    caller: Caller,
    cx: web::Data<Cx>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, message) = path.into_inner();
    let document = requests::open_document(&cx, &caller, &id, &message).await?;
    let bytes = u64::try_from(document.view.bytes).map_err(unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            disposition(&document.view.name),
        ))
        .insert_header(("repr-digest", repr_digest(&document.view.digest)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ))
        // The digest and the length are those of the bytes that travel.
        .insert_header(ContentEncoding::Identity)
        .body(SizedStream::new(bytes, document.pieces)))
}

/// RFC 6266: a plain name for old readers, the true one for all others.
fn disposition(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        // RFC 8187, attr-char.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"document.pdf\"; filename*=UTF-8''{encoded}")
}

fn repr_digest(digest: &Digest) -> String {
    format!("sha-256=:{}:", BASE64.encode(digest.as_bytes()))
}

fn unexpected(error: impl std::error::Error + Send + Sync + 'static) -> Problem {
    Problem::internal(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_neither_ends_the_header_nor_its_quotes() {
        assert_eq!(
            disposition("Beschluß \"1\"; x.pdf"),
            "attachment; filename=\"document.pdf\"; filename*=UTF-8''Beschlu%C3%9F%20%221%22%3B%20x.pdf"
        );
        assert!(disposition("أمر.pdf").is_ascii());
    }

    #[test]
    fn a_digest_is_a_structured_field() {
        assert_eq!(
            repr_digest(&Digest::of("")),
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
        );
    }
}
