//! Request headers with a meaning for every resource: `If-Match`, `Idempotency-Key`, `Prefer`.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use sha2::{Digest as _, Sha256};

use super::problem::{Code, FieldError, Problem};
use crate::app::once::Once;
use crate::app::requests::Expected;

/// In an answer: whether each proof in it leads to a checkpoint that enough witnesses signed. Left out where none are asked.
pub const COSIGNED: header::HeaderName = header::HeaderName::from_static("takedown-cosigned");
/// With a proof: the leaf hash of the entry, in base64.
pub const LEAF: header::HeaderName = header::HeaderName::from_static("takedown-leaf");
/// The longest a caller may wait for news.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The longest Idempotency-Key.
const MAX_KEY: usize = 255;

fn refused(name: &str, detail: String) -> Problem {
    Problem::new(Code::InvalidParameter, format!("{name}: {detail}"))
        .errors([FieldError::header(name, detail)])
}

fn text<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = request.headers().get_all(name);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(refused(
            name,
            "was sent more than once; send it once".into(),
        ));
    }
    value
        .to_str()
        .map(|v| Some(v.trim()))
        .map_err(|_| refused(name, "must be printable ASCII".into()))
}

/// Whether the caller takes what the API answers with (RFC 9110 section 12.5.1). Preferences among what is taken make no
/// difference: there is one form of each answer, and exports take theirs from a parameter.
///
/// # Errors
/// `not-acceptable` when `Accept` names only other media types.
pub fn acceptable(request: &HttpRequest) -> Result<(), Problem> {
    const OURS: [&str; 14] = [
        "*/*",
        "application/*",
        "application/json",
        "application/jose+json",
        "application/problem+json",
        "application/x-ndjson",
        "application/pdf",
        "application/zip",
        "application/octet-stream",
        "text/*",
        "text/csv",
        "text/event-stream",
        "application/xml",
        "text/vnd.graphviz",
    ];
    let mut ranges = request
        .headers()
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .filter(|range| !range.is_empty())
        .peekable();
    let anything = ranges.peek().is_none();
    if anything || ranges.any(|range| OURS.iter().any(|ours| range.eq_ignore_ascii_case(ours))) {
        return Ok(());
    }
    Err(Problem::new(
        Code::NotAcceptable,
        "Answers are application/json, errors application/problem+json; Accept names neither.",
    ))
}

/// The version the caller has read: `If-Match` with one strong ETag of ours, or `*` (RFC 9110 section 13.1.1).
///
/// # Errors
/// `invalid-parameter` when it is neither.
pub fn if_match(request: &HttpRequest) -> Result<Expected, Problem> {
    let Some(value) = text(request, "If-Match")? else {
        return Ok(Expected::Nothing);
    };
    if value == "*" {
        return Ok(Expected::Any);
    }
    let version = value
        .strip_prefix('"')
        .and_then(|v| v.strip_suffix('"'))
        .and_then(|v| v.parse().ok())
        .filter(|v: &i32| *v > 0);
    version.map(Expected::Version).ok_or_else(|| {
        refused(
            "If-Match",
            "must be the ETag of the request exactly as it was given, with its quotes (\"3\"), or *".into(),
        )
    })
}

/// The caller's `Idempotency-Key` for a call with this body. A quoted structured-field string as the draft asks, or the
/// bare key as most clients send it.
///
/// # Errors
/// `invalid-parameter` when it is empty, too long, or has other characters than printable ASCII.
pub fn once(request: &HttpRequest, body: &[u8]) -> Result<Option<Once>, Problem> {
    let Some(value) = text(request, "Idempotency-Key")? else {
        return Ok(None);
    };
    let key = value
        .strip_prefix('"')
        .and_then(|v| v.strip_suffix('"'))
        .unwrap_or(value);
    let printable = key.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"');
    if key.is_empty() || key.len() > MAX_KEY || !printable {
        return Err(refused(
            "Idempotency-Key",
            format!("must have 1 to {MAX_KEY} printable ASCII characters, best a fresh UUID"),
        ));
    }
    let mut hash = Sha256::new();
    hash.update(request.method().as_str());
    hash.update(b"\0");
    hash.update(request.path());
    // What a call says in its query is part of it, as much as its body.
    if !request.query_string().is_empty() {
        hash.update(b"?");
        hash.update(request.query_string());
    }
    hash.update(b"\0");
    hash.update(body);
    Ok(Some(Once {
        key: key.to_owned(),
        fingerprint: hash.finalize().into(),
    }))
}

/// How long the caller is willing to wait: `Prefer: wait=30` (RFC 7240 section 4.3), capped. Other preferences are
/// ignored, as the RFC asks.
#[must_use]
pub fn patience(request: &HttpRequest) -> Duration {
    request
        .headers()
        .get_all("Prefer")
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split([',', ';']))
        .find_map(|preference| {
            let (name, value) = preference.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("wait")
                .then(|| value.trim().trim_matches('"').parse().ok())?
        })
        .map_or(Duration::ZERO, |seconds: u32| {
            Duration::from_secs(u64::from(seconds)).min(LONGEST_WAIT)
        })
}

/// Whether the caller would rather be refused than have something done that he may not have meant:
/// `Prefer: handling=strict` (RFC 7240 section 4.4).
#[must_use]
pub fn strict(request: &HttpRequest) -> bool {
    request
        .headers()
        .get_all("Prefer")
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split([',', ';']))
        .filter_map(|preference| preference.split_once('='))
        .any(|(name, value)| {
            name.trim().eq_ignore_ascii_case("handling")
                && value
                    .trim()
                    .trim_matches('"')
                    .eq_ignore_ascii_case("strict")
        })
}

/// The inbox head that the caller knows, from `If-None-Match`. Anything that is not one of ours matches nothing.
#[must_use]
pub fn known_head(request: &HttpRequest) -> Option<i64> {
    request
        .headers()
        .get(header::IF_NONE_MATCH)?
        .to_str()
        .ok()?
        .split(',')
        .find_map(|tag| {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag.strip_prefix("\"h")?.strip_suffix('"')?.parse().ok()
        })
}
