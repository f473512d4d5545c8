//! Writing down what became of what was sent.

use std::time::Duration;

use takedown_core::history::{Author, By, Data, EntryDraft, Subject, Via};
use takedown_core::id::AgencyId;
use takedown_core::request::Side;
use takedown_core::time::At;
use takedown_core::webhook::Disabled;

use super::message::WebhookEvent;
use super::sending::{Lease, Message, Work, millis};
use super::webhooks;
use crate::app::log::append;
use crate::app::notify::{WEBHOOK_DISABLED, queue};
use crate::app::parties::parsed;
use crate::app::requests::Published;
use crate::app::{Cx, Error};
use crate::store::webhooks::deliveries::{self as rows, DeliveryRow};
use crate::store::webhooks::{Standing, WebhookRow};
use crate::store::{Conn, StoreError, feed};

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It arrived.
    Delivered,
    /// To be tried again after this long.
    Retry(Duration),
    /// Given up.
    GivenUp,
    /// The receiver wants no more of anything (410).
    Gone,
    /// No attempt was made.
    Untried,
}

/// What is kept of an attempt.
#[derive(Debug, Clone)]
pub struct Settled {
    /// How it ended.
    pub outcome: Outcome,
    /// When it was made.
    pub at: At,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The beginning of its body.
    pub answer: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// Writes down how the attempts ended, in the order of the messages, and how far the webhook was told. A webhook that answered 410,
/// or to which nothing arrived while a message was tried to the end, is disabled, its party's inbox says so, and so does one mail.
///
/// The webhook is held for `time` from now. True when there may be more to send; false when it is not ours any more, or disabled.
///
/// # Errors
/// Those of the store. The lease then ends, and the messages go out again.
pub async fn settle(
    cx: &Cx,
    lease: &Lease,
    work: &Work,
    settled: Vec<Settled>,
    time: Duration,
) -> Result<bool, Error> {
    let now = cx.now();
    let until = now.timestamp_millis().saturating_add(millis(time));
    let (token, row, told) = (lease.token.clone(), work.row.clone(), work.told);
    let each: Vec<(Message, Settled)> = work.messages.iter().cloned().zip(settled).collect();
    let inner = cx.clone();
    let done = cx
        .store
        .write_then(
            move |conn| {
                // Another node has it, and sends all of it again; or it was removed.
                if !webhooks::renew(conn, &row.id, &token, until)? {
                    return Ok((false, None));
                }
                for (message, settled) in &each {
                    rows::put(conn, &stored(&row.id, message, settled, now))?;
                }
                let standing = standing(&row, told, &each);
                webhooks::settle(conn, &row.id, &token, &standing)?;
                match given_up(&standing, &each) {
                    None => Ok::<_, Error>((true, None)),
                    Some(reason) => Ok((false, disable(conn, &inner, &row, reason, now)?)),
                }
            },
            Published::announce(cx),
        )
        .await?;
    if !done.0 {
        cx.wake.notify_one();
    }
    Ok(done.0)
}

fn stored(webhook: &str, message: &Message, settled: &Settled, now: At) -> DeliveryRow {
    let at = settled.at.timestamp_millis();
    let tried = !matches!(settled.outcome, Outcome::Untried);
    let (status, next_at) = match settled.outcome {
        Outcome::Delivered => (rows::DELIVERED, at),
        Outcome::Retry(pause) => (rows::PENDING, at.saturating_add(millis(pause))),
        Outcome::GivenUp => (rows::FAILED, at),
        // For when the webhook goes on.
        Outcome::Gone => (rows::PENDING, at),
        Outcome::Untried => (rows::PENDING, now.timestamp_millis()),
    };
    let attempts = message.attempts + u32::from(tried);
    DeliveryRow {
        webhook_id: webhook.to_owned(),
        message_id: message.id.clone(),
        position: message.position,
        event: message.event.clone(),
        status: status.to_owned(),
        attempts: i32::try_from(attempts).unwrap_or(i32::MAX),
        next_at,
        created_at: message.created_at,
        tried_at: tried.then_some(at),
        http_status: settled.status.map(i32::from),
        answer: settled.answer.clone(),
        error: settled.error.clone(),
        took_ms: tried.then(|| i32::try_from(settled.took.as_millis()).unwrap_or(i32::MAX)),
    }
}

fn standing(row: &WebhookRow, told: i64, each: &[(Message, Settled)]) -> Standing {
    let mut standing = Standing {
        told: (row.position, told),
        failures: row.failures,
        failing_since: row.failing_since,
        delivered_at: row.delivered_at,
        last_error: row.last_error.clone(),
    };
    for (_, settled) in each {
        let at = settled.at.timestamp_millis();
        match settled.outcome {
            Outcome::Delivered => {
                standing.failures = 0;
                standing.failing_since = None;
                standing.delivered_at = standing.delivered_at.max(Some(at));
            }
            Outcome::Untried => {}
            _ => {
                standing.failures = standing.failures.saturating_add(1);
                standing.failing_since.get_or_insert(at);
                standing.last_error.clone_from(&settled.error);
            }
        }
    }
    standing
}

/// Why the webhook is given up as a whole, if it is.
fn given_up(standing: &Standing, each: &[(Message, Settled)]) -> Option<Disabled> {
    let ended = |(message, settled): &(Message, Settled)| {
        // Nothing arrived since this one was first tried.
        matches!(settled.outcome, Outcome::GivenUp)
            && standing
                .delivered_at
                .is_none_or(|at| at < message.created_at)
    };
    if each.iter().any(|(_, s)| matches!(s.outcome, Outcome::Gone)) {
        Some(Disabled::Gone)
    } else if each.iter().any(ended) {
        Some(Disabled::Failing)
    } else {
        None
    }
}

fn disable(
    conn: &mut Conn,
    cx: &Cx,
    row: &WebhookRow,
    reason: Disabled,
    now: At,
) -> Result<Option<Published>, Error> {
    let at = now.timestamp_millis();
    if !webhooks::disable(conn, &row.id, reason.as_str(), at)? {
        // Its party was first.
        return Ok(None);
    }
    let data = Data::WebhookDisabled {
        webhook: parsed("webhook id", &row.id)?,
        reason,
    };
    let draft = EntryDraft {
        subject: subject(&row.party_id)?,
        by: Author {
            by: By::System,
            via: Via::Worker,
            client: None,
        },
        at: now,
        data,
    };
    let id = append(conn, &draft)?;
    // Its party may read nothing but what the webhook told it.
    let to = (row.party_id.as_str(), side(&row.party_id));
    queue(conn, (&row.id, WEBHOOK_DISABLED), to, now)?;
    // Last: from here to the commit other writers to this party's feed wait.
    let position = feed::append(conn, &row.party_id, |position| {
        (cx.settings.render_webhook)(&WebhookEvent {
            id: &id,
            position,
            event: WEBHOOK_DISABLED,
            at: now,
            webhook: &row.id,
            reason,
        })
    })?;
    Ok(Some(Published::at(row.party_id.clone(), position)))
}

fn side(party: &str) -> Side {
    if party.starts_with(AgencyId::PREFIX) {
        Side::Agency
    } else {
        Side::Platform
    }
}

fn subject(party: &str) -> Result<Subject, StoreError> {
    if party.starts_with(AgencyId::PREFIX) {
        let id = parsed("agency id", party)?;
        return Ok(Subject::Agency { id });
    }
    let id = parsed("platform id", party)?;
    Ok(Subject::Platform { id })
}
