//! Reading a body within a size and a time.

use std::time::Duration;

use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, dev};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use takedown_core::document;
use tokio::time::Instant;

use crate::http::problem::{Code, Problem};

/// How deep a body may nest arrays and objects.
pub const MAX_DEPTH: usize = 16;

/// Largest bodies, in bytes, as app data.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// Of most endpoints.
    pub usual: usize,
    /// Of filings: a thousand links of eight kilobytes do not fit into less, and neither does a batch.
    pub filing: usize,
}

impl Default for BodyLimit {
    fn default() -> Self {
        Self {
            usual: 64 << 10,
            filing: 8 << 20,
        }
    }
}

/// Which of the limits holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// That of most endpoints.
    Usual,
    /// That of filings.
    Filing,
    /// That of documents, which no setting changes.
    Document,
}

/// The instant by which a body must have arrived, as a request extension.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Instant);

/// Without a deadline of the middleware a body still may not take for ever.
const FALLBACK: Duration = Duration::from_secs(30);

/// Reads the body of a request whose media type is one of `accepted`; returns the media type that it was.
///
/// # Errors
/// 415 for another media type or a coded body, 413 above the limit, 408 past the deadline, 400 for a broken transfer.
pub async fn read(
    request: HttpRequest,
    payload: dev::Payload,
    accepted: &'static [&'static str],
    size: Size,
) -> Result<(Bytes, &'static str), Problem> {
    let media = media_type(&request, accepted)?;
    let bytes = bounded(&request, payload, size).await?;
    Ok((bytes, media))
}

/// Reads the body of a request, whatever its media type is.
pub(super) async fn bounded(
    request: &HttpRequest,
    payload: dev::Payload,
    size: Size,
) -> Result<Bytes, Problem> {
    if let Some(coding) = request.headers().get(CONTENT_ENCODING)
        && !coding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            "Bodies are read without Content-Encoding only.",
        )
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
        .closing());
    }
    let limits = request.app_data::<BodyLimit>().copied().unwrap_or_default();
    let limit = match size {
        Size::Usual => limits.usual,
        Size::Filing => limits.filing,
        Size::Document => document::MAX_BYTES,
    };
    let too_large = || {
        Problem::new(
            Code::BodyTooLarge,
            format!("The body is larger than the limit of {limit} bytes."),
        )
        .closing()
    };
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let deadline = request
        .extensions()
        .get::<Deadline>()
        .map_or_else(|| Instant::now() + FALLBACK, |deadline| deadline.0);

    let mut payload = payload;
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(limit));
    loop {
        match tokio::time::timeout_at(deadline, payload.next()).await {
            Err(_) => return Err(Problem::slow_body()),
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(Ok(chunk))) if body.len() + chunk.len() > limit => return Err(too_large()),
            Ok(Some(Ok(chunk))) => body.extend_from_slice(&chunk),
            Ok(Some(Err(_))) => {
                return Err(Problem::new(
                    Code::MalformedBody,
                    "The body broke off before its end.",
                )
                .closing());
            }
        }
    }
}

fn media_type(
    request: &HttpRequest,
    accepted: &'static [&'static str],
) -> Result<&'static str, Problem> {
    let sent = request.content_type();
    accepted
        .iter()
        .find(|media| sent.eq_ignore_ascii_case(media))
        .copied()
        .ok_or_else(|| {
            if sent.is_empty() {
                return undeclared(accepted);
            }
            Problem::new(
                Code::UnsupportedMediaType,
                format!("Send the body as {}.", accepted.join(" or ")),
            )
            .closing()
        })
}

/// A body that nobody said the media type of.
pub(super) fn undeclared(accepted: &[&str]) -> Problem {
    Problem::new(
        Code::UnsupportedMediaType,
        format!(
            "Say what the body is: Content-Type: {}.",
            accepted.join(" or ")
        ),
    )
    .closing()
}
