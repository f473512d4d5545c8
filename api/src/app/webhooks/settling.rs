//! Writing down what became of what was sent.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use takedown_core::history::{Author, By, Data, EntryDraft, Subject, Via};
use takedown_core::id::AgencyId;
use takedown_core::time::At;
use takedown_core::webhook::Disabled;

use super::message::WebhookEvent;
use super::sending::{Lease, Message, Work, millis};
use super::webhooks;
use crate::app::log::append;
use crate::app::notify::{WEBHOOK_DISABLED, queue, side_of};
use crate::app::parties::parsed;
use crate::app::requests::Published;
use crate::app::{Cx, Error};
use crate::store::backend::hooked;
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
    /// No attempt was made, on purpose: for this long.
    HeldBack(Duration),
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

/// A round of one webhook: what was sent, and how it fared.
#[derive(Debug)]
pub struct Round {
    /// Under which it was sent.
    pub lease: Lease,
    /// What was sent.
    pub work: Work,
    /// How the attempts ended, in the order of the messages.
    pub settled: Vec<Settled>,
    /// Whether another round follows; otherwise the webhook is given back.
    pub goes_on: bool,
    /// For how long nothing is to be sent then.
    pub pause: Option<Duration>,
}

/// What became of a round that was to be written with others.
#[derive(Debug)]
pub enum Written {
    /// It was written down. Whether another one follows: none does when the webhook is not ours any more, or disabled.
    Done(bool),
    /// It was not, because of its own rows or those of another one: it is to be written by itself, see [`settle_alone`].
    NotYet(Arc<Round>),
}

/// Writes down how the attempts of these rounds ended, and how far each webhook was told, all in one commit. A webhook that answered
/// 410, or to which nothing arrived while a message was tried to the end, is disabled, its party's inbox says so, and so does one mail.
///
/// Those that go on are held for `time` from now. What is wrong with one round holds up and fails only that one.
///
/// # Errors
/// Those of the store. The leases then end, and the messages go out again.
pub async fn settle(cx: &Cx, rounds: Vec<Round>, time: Duration) -> Result<Vec<Written>, Error> {
    let rounds: Vec<Arc<Round>> = rounds.into_iter().map(Arc::new).collect();
    match written(cx, rounds.clone(), time).await {
        Ok(each) => Ok(rounds
            .into_iter()
            .zip(each)
            .map(|(round, went)| went.map_or(Written::NotYet(round), Written::Done))
            .collect()),
        Err(error) if rounds.len() > 1 && is_of_one(&error) => {
            tracing::warn!(%error, "webhooks are settled one by one");
            Ok(rounds.into_iter().map(Written::NotYet).collect())
        }
        Err(error) => Err(error),
    }
}

/// As [`settle`], of one, whose row it waits for. Says whether another one follows.
///
/// # Errors
/// Those of the store. The lease then ends, and the messages go out again.
pub async fn settle_alone(cx: &Cx, round: Arc<Round>, time: Duration) -> Result<bool, Error> {
    let went = written(cx, vec![round], time).await?;
    // Nobody was passed over, so it was removed.
    Ok(went.first().copied().flatten().unwrap_or(false))
}

/// Whether the rows of one webhook may be the reason, rather than a database that serves nobody.
fn is_of_one(error: &Error) -> bool {
    !matches!(
        error,
        Error::Store(
            StoreError::Busy
                | StoreError::Unavailable(_)
                | StoreError::Full(_)
                | StoreError::ReadOnly(_)
        )
    )
}

/// For each round whether another one follows; nothing where its webhook was passed over, or is not there.
async fn written(
    cx: &Cx,
    rounds: Vec<Arc<Round>>,
    time: Duration,
) -> Result<Vec<Option<bool>>, Error> {
    let now = cx.now();
    let until = now.timestamp_millis().saturating_add(millis(time));
    let ids: Vec<String> = rounds.iter().map(|r| r.lease.webhook.clone()).collect();
    let inner = cx.clone();
    let done = cx
        .store
        .write_then(
            move |conn| {
                let holders: HashMap<String, (Option<String>, i32)> = hooked::holders(conn, &ids)?
                    .into_iter()
                    .map(|(id, lease, version)| (id, (lease, version)))
                    .collect();
                // Of the others another node has it, and sends all of it again.
                let ours: Vec<(&Round, i32)> = rounds
                    .iter()
                    .filter_map(|round| {
                        let (lease, version) = holders.get(&round.lease.webhook)?;
                        let held = lease.as_ref() == Some(&round.lease.token);
                        held.then_some((&**round, *version))
                    })
                    .collect();
                // Of two messages of one name the later one counts.
                let rows: BTreeMap<(String, String), DeliveryRow> = ours
                    .iter()
                    .flat_map(|(round, _)| stored(round, now))
                    .map(|row| ((row.webhook_id.clone(), row.message_id.clone()), row))
                    .collect();
                let rows: Vec<DeliveryRow> = rows.into_values().collect();
                hooked::put(conn, &rows)?;
                let stand: Vec<Standing> = ours
                    .iter()
                    .map(|(round, version)| standing(round, *version, now, until))
                    .collect();
                hooked::settle(conn, &stand)?;
                let mut published = Vec::new();
                for ((round, _), stands) in ours.iter().zip(&stand) {
                    if let Some(reason) = given_up(stands, round) {
                        published.extend(disable(conn, &inner, &round.work.row, reason, now)?);
                    }
                }
                let went = |round: &Arc<Round>| {
                    let mut kept = stand.iter().filter(|stands| stands.kept);
                    let goes_on = kept.any(|stands| stands.id == round.lease.webhook);
                    holders
                        .contains_key(&round.lease.webhook)
                        .then_some(goes_on)
                };
                let each: Vec<Option<bool>> = rounds.iter().map(went).collect();
                Ok::<_, Error>((each, published))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(done.0)
}

/// What is written of the messages of a round.
fn stored(round: &Round, now: At) -> Vec<DeliveryRow> {
    let each = round.work.messages.iter().zip(&round.settled);
    each.map(|(message, settled)| row(&round.lease.webhook, message, settled, now))
        .collect()
}

fn row(webhook: &str, message: &Message, settled: &Settled, now: At) -> DeliveryRow {
    let at = settled.at.timestamp_millis();
    let tried = !matches!(settled.outcome, Outcome::Untried | Outcome::HeldBack(_));
    let (status, next_at) = match settled.outcome {
        Outcome::Delivered => (rows::DELIVERED, at),
        Outcome::Retry(pause) | Outcome::HeldBack(pause) => {
            (rows::PENDING, at.saturating_add(millis(pause)))
        }
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

/// How a webhook stands after a round, now that it has this version.
fn standing(round: &Round, version: i32, now: At, until: i64) -> Standing {
    let Work { row, told, .. } = &round.work;
    let now = now.timestamp_millis();
    let mut standing = Standing {
        id: row.id.clone(),
        told: (row.position, *told),
        failures: row.failures,
        failing_since: row.failing_since,
        delivered_at: row.delivered_at,
        last_error: row.last_error.clone(),
        kept: false,
        lease_until: now,
        not_before: None,
        changed: version != row.version,
    };
    for settled in &round.settled {
        let at = settled.at.timestamp_millis();
        match settled.outcome {
            Outcome::Delivered => {
                standing.failures = 0;
                standing.failing_since = None;
                standing.delivered_at = standing.delivered_at.max(Some(at));
            }
            Outcome::Untried | Outcome::HeldBack(_) => {}
            _ => {
                standing.failures = standing.failures.saturating_add(1);
                standing.failing_since.get_or_insert(at);
                standing.last_error.clone_from(&settled.error);
            }
        }
    }
    if round.goes_on && given_up(&standing, round).is_none() {
        standing.kept = true;
        standing.lease_until = until;
    } else if !standing.changed {
        standing.not_before = round.pause.map(|pause| now.saturating_add(millis(pause)));
    }
    standing
}

/// Why the webhook is given up as a whole, if it is.
fn given_up(standing: &Standing, round: &Round) -> Option<Disabled> {
    if standing.changed {
        return None;
    }
    let gone = |settled: &Settled| matches!(settled.outcome, Outcome::Gone);
    let ended = |(message, settled): (&Message, &Settled)| {
        // Nothing arrived since this one was first tried.
        matches!(settled.outcome, Outcome::GivenUp)
            && standing
                .delivered_at
                .is_none_or(|at| at < message.created_at)
    };
    if round.settled.iter().any(gone) {
        Some(Disabled::Gone)
    } else if round.work.messages.iter().zip(&round.settled).any(ended) {
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
    let to = (row.party_id.as_str(), side_of(&row.party_id));
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

fn subject(party: &str) -> Result<Subject, StoreError> {
    if party.starts_with(AgencyId::PREFIX) {
        let id = parsed("agency id", party)?;
        return Ok(Subject::Agency { id });
    }
    let id = parsed("platform id", party)?;
    Ok(Subject::Platform { id })
}
