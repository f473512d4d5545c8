//! Taking notifications, and writing down what became of them.

use std::sync::Arc;
use std::time::Duration;

use takedown_core::id::DeliveryId;
use takedown_core::request::Side;
use takedown_core::time::At;
use uuid::Uuid;

use super::facts::Facts;
use super::gather::{as_wished, gather, verdict_of_digest};
use super::judge::{DEADLINE_NEAR, Verdict, Way, verdict, verdict_of_notice, verdict_of_part};
use super::memo::{ENDING, WEBHOOK_DISABLED, verdict_of_ending, verdict_of_webhook};
use crate::app::notices::{GIVEN, load as load_notice};
use crate::app::operations::load_part;
use crate::app::parties::{Agency, instant, parsed};
use crate::app::requests::{Published, from_rows, given_up, refused};
use crate::app::{Cx, Error, registry};
use crate::store::outbox::{self, MailRow, OutboxRow, Settlement};
use crate::store::requests::{self, Scope};
use crate::store::wishes::{self, DIGEST};
use crate::store::{Conn, StoreError, bounces, links, notices};

/// The right to send what was taken, for a limited time. Every run of every node has one of its own.
#[derive(Debug, Clone)]
pub struct Lease(String);

/// A notification that is to be sent now.
#[derive(Debug, Clone)]
pub struct Due {
    /// Identifier of the delivery, `dlv_…`.
    pub id: String,
    /// The request it is about, or the notice, the operation, the agency or the webhook.
    pub request: String,
    /// The side that is written to.
    pub side: Side,
    /// The party that is written to: of an agency's side also an authority that has a copy.
    pub party: String,
    /// What happened: an event type, or `deadline.near`.
    pub event: String,
    /// What was true then.
    pub facts: Facts,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was queued: in the commit of what it tells.
    pub created_at: At,
}

impl TryFrom<OutboxRow> for Due {
    type Error = StoreError;

    fn try_from(row: OutboxRow) -> Result<Self, StoreError> {
        Ok(Self {
            side: parsed("side", &row.side)?,
            facts: serde_json::from_str(&row.facts)?,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            created_at: instant(row.created_at)?,
            id: row.id,
            request: row.request_id,
            party: row.party_id,
            event: row.event,
        })
    }
}

/// Takes up to `limit` due notifications for `time`, oldest first. Two nodes never hold one at the same time as long
/// as their clocks differ by less than `time` less the pause between two renewals.
///
/// # Errors
/// Those of the store.
pub async fn lease(cx: &Cx, time: Duration, limit: i64) -> Result<(Lease, Vec<Due>), Error> {
    let lease = Lease(Uuid::now_v7().simple().to_string());
    let now = cx.now().timestamp_millis();
    // A look first: an idle worker then never makes the writer begin a transaction.
    let due = cx
        .store
        .read(move |conn| outbox::is_due(conn, now))
        .await
        .map_err(Error::Store)?;
    if !due {
        return Ok((lease, Vec::new()));
    }
    let until = now + i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 2);
    let token = lease.0.clone();
    let taken = cx
        .store
        .write(move |conn| {
            let rows = outbox::lease(conn, &token, now, until, limit)?;
            let mut taken = Vec::with_capacity(rows.len());
            for row in rows {
                let id = row.id.clone();
                match Due::try_from(row) {
                    Ok(due) => taken.push(due),
                    // One row that cannot be read must not keep the others from leaving.
                    Err(error) => {
                        tracing::error!(delivery = %id, %error, "a notification cannot be read");
                        let failed = Settlement::Failed(error.to_string());
                        outbox::settle(conn, &id, &token, &failed, now)?;
                    }
                }
            }
            Ok::<_, StoreError>(taken)
        })
        .await
        .map_err(Error::Store)?;
    Ok((lease, taken))
}

/// Holds what is not yet settled of these for `time` from now, and tells how many that are.
///
/// # Errors
/// Those of the store: then the lease ends when it would have.
pub async fn renew(cx: &Cx, lease: &Lease, ids: &[String], time: Duration) -> Result<usize, Error> {
    let until = cx.now().timestamp_millis() + i64::try_from(time.as_millis()).unwrap_or(0);
    let (token, ids) = (lease.0.clone(), ids.to_vec());
    cx.store
        .write(move |conn| outbox::renew(conn, &ids, &token, until))
        .await
        .map_err(Error::Store)
}

/// Whether a notification should be sent now, on what is true at this moment: everything is read anew.
///
/// # Errors
/// Those of the store; [`Error::NotFound`] when the request does not exist.
pub async fn judge(cx: &Cx, due: &Due) -> Result<Verdict, Error> {
    let due = due.clone();
    let now = cx.now();
    let known = cx.clone();
    cx.store
        .read(move |conn| {
            if due.event == DIGEST {
                return verdict_of_digest(conn, &due, now);
            }
            if due.event == ENDING {
                return verdict_of_ending(conn, &due, known.operator.as_ref(), now);
            }
            if due.event == WEBHOOK_DISABLED {
                return verdict_of_webhook(conn, &due);
            }
            if due.event == GIVEN {
                let row = notices::by_id(conn, &due.request)?.ok_or(Error::NotFound)?;
                return Ok(verdict_of_notice(load_notice(&known, conn, row)?));
            }
            if let Some(member) = &due.facts.member {
                let part = load_part(conn, &due.request, member)?;
                return Ok(verdict_of_part(&due, part));
            }
            let view = load(conn, &due.request)?;
            let unannounced =
                outbox::any_with(conn, &due.request, "request.filed", outbox::DROPPED)?;
            let authority = authority(conn, &due, &view)?;
            let platform = view.platform.id.to_string();
            let way = match due.side {
                Side::Platform => {
                    let mut way = way_to(conn, &platform, &due.id)?;
                    // Whoever was written to has not opened it: the reminder goes to somebody else first.
                    if due.event == DEADLINE_NEAR && view.request.state.fetched_at().is_none() {
                        way.last.extend(bounces::written_to(conn, &due.request)?);
                    }
                    way
                }
                Side::Agency => Way::default(),
            };
            let verdict = verdict(&due, view, authority, (unannounced, &way), now);
            Ok::<_, Error>(as_wished(verdict, &due, now))
        })
        .await
}

/// What is known of the way to a platform besides itself.
pub(super) fn way_to(conn: &mut Conn, platform: &str, delivery: &str) -> Result<Way, StoreError> {
    Ok(Way {
        rejected: rejected(conn, platform)?,
        given_up: given_up(conn, delivery)?,
        last: bounces::addresses(conn, platform)?,
        has_client: links::has_client(conn, platform)?,
    })
}

fn rejected(conn: &mut Conn, platform: &str) -> Result<Vec<String>, StoreError> {
    let rows = links::rejected(conn, platform)?.into_iter();
    Ok(rows.map(|row| row.address).collect())
}

/// Whoever is written to beside the two sides: an authority that has a copy of the order.
fn authority(
    conn: &mut Conn,
    due: &Due,
    view: &crate::app::requests::RequestView,
) -> Result<Option<Agency>, Error> {
    if due.side == Side::Platform || due.party == view.agency.id.to_string() {
        return Ok(None);
    }
    let missing = || StoreError::Inconsistent(format!("{} does not exist", due.party));
    let found = registry::load_agency(conn, &due.party)?;
    Ok(Some(found.ok_or_else(missing)?))
}

/// A request with its parties, past anything remembered.
pub(super) fn load(conn: &mut Conn, id: &str) -> Result<crate::app::requests::RequestView, Error> {
    let row = requests::find(conn, &Scope::All, id)?.ok_or(Error::NotFound)?;
    let items = requests::items(conn, id)?;
    let missing = |id: &str| StoreError::Inconsistent(format!("{id} does not exist"));
    let agency =
        registry::load_agency(conn, &row.agency_id)?.ok_or_else(|| missing(&row.agency_id))?;
    let platform = registry::load_platform(conn, &row.platform_id)?
        .ok_or_else(|| missing(&row.platform_id))?;
    Ok(from_rows(row, items, Arc::new(agency), Arc::new(platform))?)
}

/// A mail that was handed over.
#[derive(Debug, Clone)]
pub struct SentMail {
    /// To which address.
    pub recipient: String,
    /// What the mail server said.
    pub reply: String,
    /// The exact bytes.
    pub raw: Vec<u8>,
}

/// What became of a notification.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Handed over; with what is worth knowing besides.
    Sent(SentMail, Option<String>),
    /// Tried in vain; to be tried again after this long.
    Retry(Duration, String),
    /// Not tried; to be looked at again after this long.
    Held(Duration, String),
    /// Given up.
    Failed(String),
    /// No longer true.
    Dropped(String),
    /// Not begun; anybody may take it at once.
    Released,
    /// Gathered into the mail that goes to this party at this instant.
    Gathered(String, At),
    /// How a mail that gathers others ended, and which of them it told.
    OfDigest(Box<Outcome>, Vec<String>),
}

/// Writes down what became of a notification; the exact mail is kept in the same commit.
///
/// False when another node has taken it over meanwhile. A mail that was sent is kept all the same: it was sent.
///
/// # Errors
/// Those of the store. The lease then lapses, and the notification is sent again.
pub async fn settle(cx: &Cx, lease: &Lease, id: &str, outcome: &Outcome) -> Result<bool, Error> {
    let (outcome, told) = match outcome {
        Outcome::Gathered(platform, at) => {
            return gather(cx, (id, &lease.0), platform, *at).await;
        }
        Outcome::OfDigest(outcome, told) => (outcome.as_ref(), Some(told.clone())),
        outcome => (outcome, None),
    };
    let now = cx.now().timestamp_millis();
    let at = |pause: &Duration| now + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2);
    let mut mail = None;
    let settlement = match outcome {
        Outcome::Sent(sent, remark) => {
            mail = Some(MailRow {
                id: DeliveryId::from_uuid(Uuid::now_v7()).to_string(),
                outbox_id: id.to_owned(),
                recipient: sent.recipient.clone(),
                sent_at: now,
                reply: sent.reply.clone(),
                raw: sent.raw.clone(),
            });
            Settlement::Sent(remark.clone())
        }
        Outcome::Retry(pause, why) => Settlement::Retry(at(pause), why.clone()),
        Outcome::Held(pause, why) => Settlement::Held(at(pause), why.clone()),
        Outcome::Failed(why) => Settlement::Failed(why.clone()),
        Outcome::Dropped(why) => Settlement::Dropped(why.clone()),
        Outcome::Released | Outcome::Gathered(..) | Outcome::OfDigest(..) => Settlement::Released,
    };
    let (id, lease) = (id.to_owned(), lease.0.clone());
    let cx2 = cx.clone();
    let (settled, _) = cx
        .store
        .write_then(
            move |conn| {
                if let Some(mail) = &mail {
                    outbox::keep_mail(conn, mail)?;
                }
                match outbox::settle(conn, &id, &lease, &settlement, now) {
                    Ok(()) => {}
                    Err(StoreError::Stale) => return Ok((false, Vec::new())),
                    Err(error) => return Err(error.into()),
                }
                if let (Some(told), Some(ended)) = (&told, settlement.ended()) {
                    wishes::settle_gathered(conn, &id, told, ended, now)?;
                }
                let lines = told.as_deref().unwrap_or(std::slice::from_ref(&id));
                let published = match &settlement {
                    Settlement::Failed(why) => refused(conn, &cx2, lines, why)?,
                    _ => Vec::new(),
                };
                Ok::<_, Error>((true, published))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(settled)
}
