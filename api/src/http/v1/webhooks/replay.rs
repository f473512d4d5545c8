//! `POST /v1/webhooks/{id}/replays`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::EntryId;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use crate::app::once::Answer;
use crate::app::webhooks::{self, Replay};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::{FieldError, Problem};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Writing};
use crate::http::wire::Instant;

/// What is to be sent again: exactly one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedAgain {
    /// One message of the list of deliveries.
    #[schema(value_type = Option<String>, pattern = "^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    message: Option<EntryId>,
    /// All that happened since then, however old.
    #[schema(value_type = Option<Instant>)]
    since: Option<Instant>,
}

/// What is sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentAgain {
    /// How many messages that are.
    pub messages: i64,
}

/// Send again
///
/// Under the same names as before, so that a receiver that remembers them takes nothing twice. It needs the scope
/// `inbox:read` as well.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "replay_webhook",
    params(
        ("id" = String, Path, description = "Identifier, `webhook_…`."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours."),
    ),
    request_body(content = WantedAgain, description = "What is to be sent again."),
    responses((status = 202, description = "It is on its way.", body = SentAgain), Writing, Creating, Finding),
)]
#[post("/v1/webhooks/{id}/replays")]
pub async fn replay_webhook(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<WantedAgain>(&caller, Action::ReplayWebhook, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let what = match (body.value.message, body.value.since) {
        (Some(message), None) => Replay::Message(message),
        (None, Some(Instant(since))) => Replay::Since(since),
        _ => {
            let says = "give exactly one of message and since";
            return Err(Problem::invalid(vec![FieldError::at("", says)]));
        }
    };
    Ok(answer(
        webhooks::replay(&cx, &caller, &id, key, what, accepted).await?,
    ))
}

fn accepted(messages: i64) -> Answer {
    Answer {
        status: 202,
        headers: Vec::new(),
        body: serde_json::to_string(&SentAgain { messages }).unwrap_or_default(),
    }
}
