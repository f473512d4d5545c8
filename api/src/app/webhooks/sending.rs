//! What is due, and who sends it.
//!
//! One node at a time works on a webhook, under a lease. It reads the party's feed from where the webhook stands, as a poller would,
//! and what is to be repeated; once the attempts are made, one commit says how they ended and how far the webhook was told. If the
//! node dies in between, the lease ends and the same messages go out again under the same names.

use std::time::Duration;

use takedown_core::agency::AgencyStatus;
use takedown_core::id::PlatformId;
use takedown_core::webhook::Keys;
use uuid::Uuid;

use super::message::{self, Entry};
use super::{keys, webhooks};
use crate::app::parties::instant;
use crate::app::{Cx, Error};
use crate::store::backend::hooked;
use crate::store::webhooks::WebhookRow;
use crate::store::webhooks::deliveries as rows;
use crate::store::{Conn, StoreError, feed};

/// The right to send what is due of one webhook, for a limited time.
#[derive(Debug, Clone)]
pub struct Lease {
    /// Of which.
    pub webhook: String,
    pub(super) token: String,
}

/// A webhook that was taken.
#[derive(Debug)]
pub struct Taken {
    /// The right to send what is due of it.
    pub lease: Lease,
    /// As it stands, for the first look at what is due.
    pub stands: Stands,
}

impl Taken {
    /// Whose webhook it is.
    #[must_use]
    pub fn party(&self) -> &str {
        &self.stands.0.party_id
    }
}

/// How a webhook stood when it was taken.
#[derive(Debug)]
pub struct Stands(pub(super) WebhookRow);

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// The message's name, the same in every attempt.
    pub id: String,
    /// What it says, the same in every attempt.
    pub body: String,
    /// How often it was tried since it was last asked for.
    pub attempts: u32,
    /// Whether it is due for the first time.
    pub first: bool,
    /// Where it stands in its party's inbox; nowhere for a test.
    pub position: Option<i64>,
    pub(super) event: String,
    pub(super) created_at: i64,
}

/// What a webhook is to be sent now.
#[derive(Debug)]
pub struct Work {
    /// Where it leads.
    pub url: String,
    /// With what it is signed.
    pub keys: Vec<Keys>,
    /// What is sent.
    pub messages: Vec<Message>,
    /// Whether there may be more than this.
    pub more: bool,
    pub(super) row: WebhookRow,
    /// Up to where of the feed it has been told then.
    pub(super) told: i64,
}

impl Work {
    /// Which webhook it is for.
    #[must_use]
    pub fn webhook(&self) -> &str {
        &self.row.id
    }
}

/// What is to be done.
#[derive(Debug)]
pub enum Next {
    /// Send this.
    Send(Box<Work>),
    /// Nothing is due, or somebody else has it.
    Nothing,
    /// Nothing may be sent for now.
    Hold(&'static str),
    /// This node cannot sign it; another one may have the key that it lacks.
    Unsigned(&'static str),
}

/// What a look for work found.
#[derive(Debug, Default)]
pub struct Found {
    /// Webhooks that have something to send and that nobody is at.
    pub due: Vec<String>,
    /// Parties of which one becomes due by the time alone, and when, in milliseconds since 1970.
    pub soon: Vec<(i64, String)>,
}

/// Looks which webhooks of these parties, or of all, are due, up to `limit` of them, and which will be within `ahead`.
///
/// # Errors
/// Those of the store.
pub async fn due(
    cx: &Cx,
    parties: Option<Vec<String>>,
    limit: usize,
    ahead: Duration,
) -> Result<Found, Error> {
    let now = cx.now().timestamp_millis();
    let until = now.saturating_add(millis(ahead));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    cx.store
        .read(move |conn| {
            let parties = parties.as_deref();
            Ok::<_, StoreError>(Found {
                due: webhooks::due(conn, parties, now, limit)?,
                soon: webhooks::soon(conn, parties, (now, until))?,
            })
        })
        .await
        .map_err(Error::Store)
}

/// Takes those of these webhooks for `time` that no other node has, all in one commit.
///
/// # Errors
/// Those of the store.
pub async fn take(cx: &Cx, ids: Vec<String>, time: Duration) -> Result<Vec<Taken>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let token = Uuid::now_v7().simple().to_string();
    let now = cx.now().timestamp_millis();
    let until = now.saturating_add(millis(time));
    let rows = cx
        .store
        .write(move |conn| hooked::take(conn, &ids, &token, now, until))
        .await
        .map_err(Error::Store)?;
    let taken = |row: WebhookRow| {
        let lease = Lease {
            webhook: row.id.clone(),
            token: row.lease.clone()?,
        };
        let stands = Stands(row);
        Some(Taken { lease, stands })
    };
    Ok(rows.into_iter().filter_map(taken).collect())
}

/// Holds it for `time` from now; false when it is not ours any more.
///
/// # Errors
/// Those of the store: then the lease ends when it would have.
pub async fn renew(cx: &Cx, lease: &Lease, time: Duration) -> Result<bool, Error> {
    let until = cx.now().timestamp_millis().saturating_add(millis(time));
    let lease = lease.clone();
    cx.store
        .write(move |conn| webhooks::renew(conn, &lease.webhook, &lease.token, until))
        .await
        .map_err(Error::Store)
}

/// Gives it back, and lets nothing be sent for `pause`, where one is given.
///
/// # Errors
/// Those of the store: then the lease ends when it would have.
pub async fn release(cx: &Cx, lease: &Lease, pause: Option<Duration>) -> Result<(), Error> {
    let now = cx.now().timestamp_millis();
    let not_before = pause.map(|pause| now.saturating_add(millis(pause)));
    let lease = lease.clone();
    cx.store
        .write(move |conn| webhooks::release(conn, &lease.webhook, &lease.token, now, not_before))
        .await
        .map_err(Error::Store)
}

/// What is to be sent now, up to `most` messages: repeats before news. `stands` is given at the first look after the webhook was
/// taken: nobody else has changed since how far it was told.
///
/// # Errors
/// Those of the store.
pub async fn next(
    cx: &Cx,
    lease: &Lease,
    stands: Option<Stands>,
    most: usize,
) -> Result<Next, Error> {
    let now = cx.now();
    let held = lease.clone();
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let found = cx
        .store
        .read(move |conn| {
            let row = match stands {
                Some(Stands(row)) => Some(row),
                None => webhooks::held(conn, &held.webhook, &held.token)?,
            };
            let Some(row) = row else {
                return Ok::<_, StoreError>(None);
            };
            let mut messages = match row.due_at {
                Some(at) if at <= now.timestamp_millis() => {
                    repeats(conn, &row, now.timestamp_millis(), limit)?
                }
                _ => Vec::new(),
            };
            let room = limit - i64::try_from(messages.len()).unwrap_or(limit);
            let news = feed::page(conn, &row.party_id, row.position, room)?;
            let more = i64::try_from(news.len()).unwrap_or(limit) >= room;
            let told = news.last().map_or(row.position, |(position, _)| *position);
            for (position, entry) in news {
                if !messages.iter().any(|m| m.position == Some(position)) {
                    messages.push(new(position, &entry, now.timestamp_millis())?);
                }
            }
            Ok(Some((row, messages, told, more)))
        })
        .await
        .map_err(Error::Store)?;
    let Some((row, messages, told, more)) = found else {
        return Ok(Next::Nothing);
    };
    if messages.is_empty() && told == row.position {
        return Ok(Next::Nothing);
    }
    if suspended(cx, &row.party_id).await? {
        return Ok(Next::Hold("its party is suspended"));
    }
    match keys::signing(cx, &row.id, &row.secrets, now) {
        Ok(keys) => Ok(Next::Send(Box::new(Work {
            url: row.url.clone(),
            keys,
            messages,
            more,
            row,
            told,
        }))),
        Err(why) => Ok(Next::Unsigned(why)),
    }
}

fn repeats(
    conn: &mut Conn,
    row: &WebhookRow,
    now: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let due = rows::due(conn, &row.id, now, limit)?;
    let positions: Vec<i64> = due.iter().filter_map(|one| one.position).collect();
    let entries = rows::entries(conn, &row.party_id, &positions)?;
    due.into_iter()
        .map(|one| {
            let body = match one.position {
                None => message::test(&one.message_id, &row.id, instant(one.created_at)?)?,
                Some(at) => {
                    let entry = entries.iter().find(|(position, _)| *position == at);
                    let (_, entry) = entry.ok_or_else(|| {
                        StoreError::Inconsistent(format!("no entry {at} in a feed"))
                    })?;
                    Entry::read(entry)?.body(at)?
                }
            };
            Ok(Message {
                id: one.message_id,
                body,
                attempts: u32::try_from(one.attempts).unwrap_or(0),
                first: false,
                position: one.position,
                event: one.event,
                created_at: one.created_at,
            })
        })
        .collect()
}

fn new(position: i64, entry: &str, now: i64) -> Result<Message, StoreError> {
    let entry = Entry::read(entry)?;
    Ok(Message {
        body: entry.body(position)?,
        id: entry.id,
        attempts: 0,
        first: true,
        position: Some(position),
        event: entry.r#type,
        created_at: now,
    })
}

async fn suspended(cx: &Cx, party: &str) -> Result<bool, Error> {
    Ok(if party.starts_with(PlatformId::PREFIX) {
        let platform = cx.registry.platform(party).await?;
        platform.is_none_or(|platform| platform.suspended)
    } else {
        let agency = cx.registry.agency(party).await?;
        agency.is_none_or(|agency| agency.status == AgencyStatus::Suspended)
    })
}

pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 2)
}
