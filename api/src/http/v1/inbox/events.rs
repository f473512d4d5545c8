//! `GET /v1/inbox/events`

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, get, web};
use bytes::Bytes;
use chrono::Utc;
use futures_util::StreamExt as _;
use futures_util::stream::poll_fn;
use serde::Deserialize;
use serde_json::json;
use takedown_core::policy::Actor;
use tokio::sync::mpsc;
use utoipa::IntoParams;
use validator::Validate;

use crate::app::inbox::{Followed, Following, follow, may_follow};
use crate::app::{Caller, Cx};
use crate::auth::{AccessToken, Refused, Tokens};
use crate::http::extract::{Authenticated, Query};
use crate::http::middleware::Edge;
use crate::http::problem::{Code, FieldError, Problem};
use crate::http::streams::{Leave, Place};
use crate::http::v1::responses::Calling;

/// What is answered here.
const EVENT_STREAM: &str = "text/event-stream";
/// What a sandbox says before it breaks a stream on purpose.
const CUT: &[u8] = b": cut on purpose by the sandbox\n\n";
/// How long a client waits before it connects again, in milliseconds.
const RETRY: u32 = 3_000;

/// From where on.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedEvents {
    /// Where to go on: `next` of a page of the inbox, or the `id` of the last event. `Last-Event-ID` counts more.
    cursor: Option<String>,
}

/// Follow the inbox
///
/// Server-sent events (the HTML standard, section 9.2), for as long as the connection holds: each event is an entry of the inbox as
/// `GET /v1/inbox` has it, and its `id` the cursor after it. Without a cursor all that there is comes first. Whoever comes again
/// sends the last `id` as `Last-Event-ID`, as `EventSource` does by itself, and has missed nothing. Events have no name of their own
/// (`event:`), so that new types arrive as well. The stream ends with the access token, when the client or its party may not act any more,
/// when the client opens more than it may have, and when the node stops: an event named `end` says why. Only whoever asks for `text/event-stream` by name gets an answer
/// without an end.
#[utoipa::path(
    tag = "inbox",
    operation_id = "follow_inbox",
    params(
        WantedEvents,
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was read."),
    ),
    responses(
        (status = 200, description = "Events.", content_type = "text/event-stream", body = String),
        Calling,
    ),
)]
#[get("/v1/inbox/events")]
pub async fn follow_inbox(
    who: Authenticated,
    cx: web::Data<Cx>,
    edge: web::Data<Edge>,
    tokens: web::Data<Tokens>,
    http: HttpRequest,
    Query(wanted): Query<WantedEvents>,
) -> Result<HttpResponse, Problem> {
    let caller = Caller::from(&who);
    may_follow(&caller.actor)?;
    asks_for_events(&http)?;
    let cursor = last_event(&http)?.or(wanted.cursor);
    let following = follow(&cx, &caller, cursor.as_deref()).await?;
    let place = edge.streams.enter(who.id())?;
    // One piece is in the hands of the connection, one waits: what a slow reader costs.
    let (pieces, mut taken) = mpsc::channel(1);
    let stream = Stream {
        cx: cx.get_ref().clone(),
        token: who.token,
        tokens: tokens.into_inner(),
        pieces,
        heartbeat: edge.streams.heartbeat,
        patience: edge.streams.patience,
    };
    tokio::spawn(stream.run(following, place));
    let body = poll_fn(move |context| taken.poll_recv(context)).map(Ok::<Bytes, Infallible>);
    Ok(HttpResponse::Ok()
        .content_type(EVENT_STREAM)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Proxies that hold answers back until they are whole would hold this one for ever.
        .insert_header(("x-accel-buffering", "no"))
        // Compression waits for more.
        .insert_header(ContentEncoding::Identity)
        .streaming(body))
}

/// An answer without an end is for whoever asks for it by name: programs that read an answer to its end before they do anything else
/// would wait for ever.
fn asks_for_events(http: &HttpRequest) -> Result<(), Problem> {
    let named = http
        .headers()
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .any(|range| range.eq_ignore_ascii_case(EVENT_STREAM));
    if named {
        return Ok(());
    }
    Err(Problem::new(
        Code::NotAcceptable,
        "This answer has no end. Ask for it by name, with `Accept: text/event-stream`; to be answered at once, poll /v1/inbox.",
    ))
}

/// What `EventSource` says when it connects again; nothing when it has read nothing yet.
fn last_event(http: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = http.headers().get("last-event-id") else {
        return Ok(None);
    };
    match value.to_str().map(str::trim) {
        Ok("") => Ok(None),
        Ok(id) => Ok(Some(id.to_owned())),
        Err(_) => {
            let detail = "send the `id` of the last event exactly as it was given";
            Err(
                Problem::new(Code::InvalidCursor, format!("Last-Event-ID: {detail}."))
                    .errors([FieldError::header("Last-Event-ID", detail)]),
            )
        }
    }
}

/// What a stream needs to go on by itself: the connection only takes what it is handed.
struct Stream {
    cx: Cx,
    token: Arc<AccessToken>,
    tokens: Arc<Tokens>,
    pieces: mpsc::Sender<Bytes>,
    heartbeat: Duration,
    patience: Duration,
}

/// Why a stream ends while its reader is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    TokenExpired,
    AccessEnded,
    Stopping,
    Replaced,
    Unavailable,
}

impl From<Leave> for End {
    fn from(leave: Leave) -> Self {
        match leave {
            Leave::Stopping => Self::Stopping,
            Leave::Replaced => Self::Replaced,
        }
    }
}

/// The reader has gone, or takes nothing any more.
struct Gone;

impl Stream {
    async fn run(self, following: Following, mut place: Place) {
        let told = tokio::select! {
            told = self.tell(following) => told,
            () = self.pieces.closed() => Err(Gone),
            leave = place.leave() => Ok(leave.into()),
        };
        if let Ok(end) = told {
            // Nobody waits for whether it arrives.
            let _ = self.send(end.event()).await;
        }
    }

    /// Sends entries until there is a reason to end.
    async fn tell(&self, mut following: Following) -> Result<End, Gone> {
        self.send(format!("retry: {RETRY}\n\n").into()).await?;
        loop {
            let Some(left) = self.left() else {
                return Ok(End::TokenExpired);
            };
            let patience = self.heartbeat.min(left);
            let Ok(entries) = following.next(&self.cx, patience).await else {
                return Ok(End::Unavailable);
            };
            // After the waiting and before anything is told: whoever was suspended meanwhile learns nothing more.
            if let Err(end) = self.may_go_on().await {
                return Ok(end);
            }
            let Some(told) = self.until_cut(&entries) else {
                self.send(written(&entries)).await?;
                continue;
            };
            // Without an `end`, as a connection breaks; whoever comes again is given what follows.
            self.send(written(told)).await?;
            self.send(Bytes::from_static(CUT)).await?;
            return Err(Gone);
        }
    }

    /// In a sandbox: the entries up to the one after which the stream breaks on purpose.
    fn until_cut<'a>(&self, entries: &'a [Followed]) -> Option<&'a [Followed]> {
        let mischief = self.cx.sandbox.as_ref()?.mischief;
        let last = entries
            .iter()
            .position(|entry| mischief.cuts_after(entry.position))?;
        entries.get(..=last)
    }

    /// How long the token still holds.
    fn left(&self) -> Option<Duration> {
        left(self.token.expires_at, Utc::now().timestamp_millis())
    }

    async fn may_go_on(&self) -> Result<(), End> {
        if self.left().is_none() {
            return Err(End::TokenExpired);
        }
        let client = match self.tokens.still_holds(&self.token).await {
            Ok(client) => client,
            Err(Refused::Directory(_)) => return Err(End::Unavailable),
            Err(Refused::Token(_) | Refused::Revoked) => return Err(End::AccessEnded),
        };
        let scopes = self.token.scopes.and(client.scopes);
        may_follow(&Actor::new(client.party, scopes)).map_err(|_| End::AccessEnded)
    }

    /// Hands a piece to the connection, which takes it once the reader has taken the one before.
    async fn send(&self, piece: Bytes) -> Result<(), Gone> {
        let sent = self.pieces.send_timeout(piece, self.patience).await;
        sent.map_err(|_| Gone)
    }
}

/// How long it is from `now`, in milliseconds, to an instant in seconds; nothing once it is over.
fn left(until: i64, now: i64) -> Option<Duration> {
    let left = u64::try_from(until.saturating_mul(1_000).saturating_sub(now)).ok()?;
    (left > 0).then(|| Duration::from_millis(left))
}

/// Entries as events; a comment when there are none.
fn written(entries: &[Followed]) -> Bytes {
    if entries.is_empty() {
        return Bytes::from_static(b": still here\n\n");
    }
    let mut text = String::new();
    for Followed { entry, cursor, .. } in entries {
        // An entry is JSON on one line.
        let _ = write!(text, "id: {cursor}\ndata: {entry}\n\n");
    }
    text.into()
}

impl End {
    fn event(self) -> Bytes {
        let (reason, detail) = match self {
            Self::TokenExpired => (
                "token_expired",
                "The access token is over. Get a new one and connect again with Last-Event-ID.",
            ),
            Self::AccessEnded => (
                "access_ended",
                "The token was revoked, lost its scope, or its client or party is suspended. If a new token is refused, ask the operator.",
            ),
            Self::Stopping => (
                "stopping",
                "This node stops. Connect again with Last-Event-ID.",
            ),
            Self::Replaced => (
                "replaced",
                "This client opened more streams than it may have, and this is its oldest. Do not connect again with it.",
            ),
            Self::Unavailable => (
                "unavailable",
                "The database does not answer just now. Connect again with Last-Event-ID.",
            ),
        };
        let data = json!({ "reason": reason, "detail": detail });
        format!("event: end\ndata: {data}\n\n").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_lines_and_an_empty_one() {
        let entries = [("a", "{\"x\":1}"), ("b", "{\"x\":2}")].map(|(cursor, entry)| Followed {
            entry: entry.to_owned(),
            cursor: cursor.to_owned(),
            position: 1,
        });
        assert_eq!(
            written(&entries),
            "id: a\ndata: {\"x\":1}\n\nid: b\ndata: {\"x\":2}\n\n"
        );
        assert_eq!(written(&[]), ": still here\n\n");
    }

    #[test]
    fn a_token_holds_until_its_second_begins() {
        assert_eq!(left(10, 9_000), Some(Duration::from_secs(1)));
        assert_eq!(left(10, 9_999), Some(Duration::from_millis(1)));
        assert_eq!(left(10, 10_000), None);
        assert_eq!(left(10, i64::MAX), None);
    }

    #[test]
    fn every_end_says_what_to_do() {
        for end in [
            End::TokenExpired,
            End::AccessEnded,
            End::Stopping,
            End::Replaced,
            End::Unavailable,
        ] {
            let event = String::from_utf8_lossy(&end.event()).into_owned();
            assert!(event.starts_with("event: end\ndata: {"), "{event}");
            assert!(
                event.ends_with("}\n\n") && event.contains("detail"),
                "{event}"
            );
        }
    }
}
