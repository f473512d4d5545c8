//! What a webhook was sent, and sending it again.

use takedown_core::id::EntryId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::{At, parse_rfc3339};
use takedown_core::webhook::WebhookStatus;
use uuid::Uuid;

use super::message::{Entry, TEST};
use super::{identifier, webhooks};
use crate::app::once::{Answer, Once, once};
use crate::app::parties::instant;
use crate::app::registering::{Page, invalid, one_more};
use crate::app::requests::keeper;
use crate::app::{Caller, Cx, Error};
use crate::store::backend::hooked;
use crate::store::webhooks::WebhookRow;
use crate::store::webhooks::deliveries::{self as rows, DeliveryRow};
use crate::store::{Conn, StoreError, feed};

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// To be sent, or to be sent again.
    Pending,
    /// Answered with 2xx.
    Delivered,
    /// Given up.
    Failed,
}

impl DeliveryStatus {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => rows::PENDING,
            Self::Delivered => rows::DELIVERED,
            Self::Failed => rows::FAILED,
        }
    }
}

/// A message and what became of it.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The message's name: that of the event.
    pub message: String,
    /// Its place in the inbox; none of a test.
    pub position: Option<i64>,
    /// What happened.
    pub event: String,
    /// `pending`, `delivered` or `failed`.
    pub status: String,
    /// How often it was tried since it was last asked for.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    pub next_at: Option<At>,
    /// When it was first to be sent.
    pub created_at: At,
    /// When it was last tried.
    pub tried_at: Option<At>,
    /// The status of the last answer, if one came.
    pub http_status: Option<i32>,
    /// The beginning of the last answer's body.
    pub answer: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// How long the last attempt took, in milliseconds.
    pub took_ms: Option<i32>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let pending = row.status == rows::PENDING;
        Ok(Self {
            next_at: pending.then(|| instant(row.next_at)).transpose()?,
            created_at: instant(row.created_at)?,
            tried_at: row.tried_at.map(instant).transpose()?,
            message: row.message_id,
            position: row.position,
            event: row.event,
            status: row.status,
            attempts: row.attempts,
            http_status: row.http_status,
            answer: row.answer,
            error: row.error,
            took_ms: row.took_ms,
        })
    }
}

/// What one of one's own webhooks was sent in the last 30 days, newest first.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn deliveries(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    status: Option<DeliveryStatus>,
    before: Option<String>,
    limit: usize,
) -> Result<Page<Delivery>, Error> {
    let resource = Resource::Exchange;
    authorize(&caller.actor, Action::ListWebhookDeliveries, &resource)?;
    let (party, _) = keeper(&caller.actor)?;
    let id = identifier(id)?.to_string();
    let found = cx
        .store
        .read(move |conn| {
            let row = webhooks::find(conn, &party, &id)?.ok_or(Error::NotFound)?;
            let status = status.map(DeliveryStatus::as_str);
            rows::page(conn, &row.id, status, before.as_deref(), one_more(limit))?
                .into_iter()
                .map(|row| Delivery::try_from(row).map_err(Error::Store))
                .collect::<Result<Vec<Delivery>, Error>>()
        })
        .await?;
    Ok(Page::cut(found, limit))
}

/// Sends one of one's own webhooks a message that tells nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] when it is disabled, [`Error::KeyMismatch`], and those of the policy and the store.
pub async fn test(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    key: Option<Once>,
    render: fn(&Delivery) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::TestWebhook, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    let whose = party.clone();
    let id = identifier(id)?.to_string();
    let now = cx.now();
    let client = caller.client.to_string();
    let message = EntryId::from_uuid(Uuid::now_v7()).to_string();
    let answer = cx
        .store
        .write(move |conn| {
            once(conn, &client, key.as_ref(), now, |conn| {
                let webhook = active(conn, &party, &id)?;
                let row = DeliveryRow {
                    webhook_id: webhook.id,
                    message_id: message.clone(),
                    position: None,
                    event: TEST.to_owned(),
                    status: rows::PENDING.to_owned(),
                    attempts: 0,
                    next_at: now.timestamp_millis(),
                    created_at: now.timestamp_millis(),
                    tried_at: None,
                    http_status: None,
                    answer: None,
                    error: None,
                    took_ms: None,
                };
                hooked::put(conn, std::slice::from_ref(&row))?;
                webhooks::wake(conn, &row.webhook_id)?;
                Ok(render(&row.try_into()?))
            })
        })
        .await;
    cx.feeds.news.of(&whose);
    answer
}

/// What is to be sent again.
#[derive(Debug, Clone)]
pub enum Replay {
    /// One message of the log.
    Message(EntryId),
    /// All that happened since then.
    Since(At),
}

/// Sends something again, under the same names as before; says how many messages that are.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] when the log has no such message, [`Error::Conflict`] when the webhook is disabled,
/// [`Error::KeyMismatch`], and those of the policy and the store.
pub async fn replay(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    key: Option<Once>,
    what: Replay,
    render: fn(i64) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::ReplayWebhook, &Resource::Exchange)?;
    caller.reads_what_he_sends(Action::ReplayWebhook)?;
    let (party, _) = keeper(&caller.actor)?;
    let whose = party.clone();
    let id = identifier(id)?.to_string();
    let now = cx.now();
    let client = caller.client.to_string();
    let answer = cx
        .store
        .write(move |conn| {
            once(conn, &client, key.as_ref(), now, |conn| {
                let webhook = active(conn, &party, &id)?;
                let messages = match &what {
                    Replay::Message(message) => {
                        let message = message.to_string();
                        let now = now.timestamp_millis();
                        if !rows::again(conn, &webhook.id, &message, now)? {
                            return Err(invalid(
                                "/message",
                                "the deliveries of this webhook name no such message; for what is older than 30 days give since",
                            ));
                        }
                        1
                    }
                    Replay::Since(at) => {
                        let before = last_before(conn, &webhook, *at)?;
                        webhooks::rewind(conn, &webhook.id, before)?;
                        // Not from its position: an earlier replay may still be on its way.
                        feed::head(conn, &party)? - before
                    }
                };
                webhooks::wake(conn, &webhook.id)?;
                Ok(render(messages))
            })
        })
        .await;
    cx.feeds.news.of(&whose);
    answer
}

fn active(conn: &mut Conn, party: &str, id: &str) -> Result<WebhookRow, Error> {
    let row = webhooks::find(conn, party, id)?.ok_or(Error::NotFound)?;
    if row.status != WebhookStatus::Active.as_str() {
        return Err(Error::Conflict(
            "This webhook is disabled; let it go on first (PATCH with status active).".into(),
        ));
    }
    Ok(row)
}

/// The last position, of those the webhook was told of, of an entry from before this instant. Entries come in the order of their
/// commits, which is that of their instants but for moments, so that halving finds it.
fn last_before(conn: &mut Conn, webhook: &WebhookRow, at: At) -> Result<i64, Error> {
    let (mut before, mut from) = (0, webhook.position + 1);
    while from - before > 1 {
        let middle = before + (from - before) / 2;
        let missing = || StoreError::Inconsistent(format!("no entry {middle} in a feed"));
        let entry = rows::entry(conn, &webhook.party_id, middle)?.ok_or_else(missing)?;
        let then = parse_rfc3339(&Entry::read(&entry)?.at);
        let then = then.map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        if then < at {
            before = middle;
        } else {
            from = middle;
        }
    }
    Ok(before)
}
