//! Notifications that could not be delivered, or not yet.

use std::collections::HashMap;

use takedown_core::id::DeliveryId;
use takedown_core::policy::{Action, Reach, Resource, authorize};
use takedown_core::request::Side;
use takedown_core::time::At;

use super::parties::{instant, parsed};
use super::registering::{Page, one_more};
use super::{Caller, Cx, Error};
use crate::store::outbox::{self, Deliveries, OutboxRow};
use crate::store::{Conn, StoreError, wishes};

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those with this status; without one, those that did not arrive: `pending` and `failed`.
    pub status: Option<Status>,
    /// Only those about this request.
    pub request: Option<String>,
    /// Only those older than this one.
    pub before: Option<String>,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be sent, or to be sent again.
    Pending,
    /// Told with others in one mail that has not left yet.
    Gathered,
    /// Handed to the mail server.
    Sent,
    /// Given up.
    Failed,
    /// Not sent, because it was no longer true: a filing that was withdrawn before anybody was told of it.
    Dropped,
}

impl Status {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => outbox::PENDING,
            Self::Gathered => wishes::GATHERED,
            Self::Sent => outbox::SENT,
            Self::Failed => outbox::FAILED,
            Self::Dropped => outbox::DROPPED,
        }
    }
}

/// A notification on its way. Nothing of the request but its identifier and reference.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// The request, the notice before a first order, or the operation.
    pub request: String,
    /// Its reference.
    pub reference: String,
    /// Which side is to be told.
    pub side: Side,
    /// The party that is to be told.
    pub party: String,
    /// Of what.
    pub event: String,
    /// `pending`, `sent` or `failed`.
    pub status: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    pub next_at: Option<At>,
    /// Why the last try failed. An agency sees the mail server's status code only: the text holds addresses.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: At,
    /// When it was sent or given up.
    pub settled_at: Option<At>,
}

/// Deliveries, newest first: all of them to the operator, to an agency those about its own requests, and about
/// operations that it leads.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    filter: Filter,
    limit: usize,
) -> Result<Page<Delivery>, Error> {
    let permit = authorize(&caller.actor, Action::ListDeliveries, &Resource::Exchange)?;
    let agency = match permit.reach() {
        Reach::Everything => None,
        Reach::Agency(id) => Some(id.to_string()),
        Reach::Platform(_) | Reach::Nothing => return Err(Error::NotFound),
    };
    let whole = agency.is_none();
    let which = Deliveries {
        status: filter.status.map(|status| status.as_str().to_owned()),
        agency,
        request: filter.request,
        before: filter.before,
    };
    let rows = cx
        .store
        .read(move |conn| {
            let rows = outbox::deliveries(conn, &which, one_more(limit))?;
            with_references(conn, rows, whole)
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

/// Has a mail sent again that was given up, from its first try on, to whom it would go now and only if it is still true. One that
/// is on its way stays so.
///
/// # Errors
/// [`Error::Conflict`] for one that was handed over, is no longer true, or told several things, [`Error::NotFound`], and those of the policy and the store.
pub async fn send_again(cx: &Cx, caller: &Caller, id: &str) -> Result<Delivery, Error> {
    authorize(&caller.actor, Action::SendAgain, &Resource::Exchange)?;
    let id: DeliveryId = id.parse().map_err(|_| Error::NotFound)?;
    let now = cx.now().timestamp_millis();
    let (delivery, again) = cx
        .store
        .write(move |conn| {
            let id = id.to_string();
            let again = outbox::again(conn, &id, now)?;
            let row = outbox::find(conn, &id)?.ok_or(Error::NotFound)?;
            let refused = match row.status.as_str() {
                outbox::SENT => Some(
                    "The mail server took this mail; sent again it would come twice. What comes back as undeliverable is listed as failed.",
                ),
                outbox::DROPPED => Some(
                    "This mail was not sent because it was no longer true; sent now it would mislead.",
                ),
                // What is given up and is not sent again is a mail of several.
                outbox::FAILED => Some(
                    "This mail told several things and is not sent again itself. What can still be told waits for the next such mail; send again each of those that are listed as failed.",
                ),
                _ => None,
            };
            if let Some(why) = refused {
                return Err(Error::Conflict(why.into()));
            }
            let mut told = with_references(conn, vec![row], true)?;
            let delivery = told.pop().ok_or(Error::NotFound)?;
            Ok((delivery, again))
        })
        .await?;
    if again {
        tracing::info!(delivery = %delivery.id, client = %caller.client, "a mail is sent again");
        cx.wake.notify_one();
    }
    Ok(delivery)
}

fn with_references(
    conn: &mut Conn,
    rows: Vec<OutboxRow>,
    whole: bool,
) -> Result<Vec<Delivery>, StoreError> {
    let mut ids: Vec<String> = rows.iter().map(|row| row.request_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let references: HashMap<String, String> = outbox::references(conn, &ids)?.into_iter().collect();
    rows.into_iter()
        .map(|row| {
            let reference = references.get(&row.request_id).cloned();
            let reference = reference.or_else(|| other_reference(&row.request_id));
            let reference = reference.unwrap_or_default();
            delivery(row, reference, whole)
        })
        .collect()
}

/// Of a mail that is about a notice or an operation, and no request.
fn other_reference(id: &str) -> Option<String> {
    let notice = id.parse().ok().map(super::notices::reference);
    let other = || id.parse().ok().map(super::operations::part_reference);
    notice.or_else(other).map(|found| found.to_string())
}

fn delivery(row: OutboxRow, reference: String, whole: bool) -> Result<Delivery, StoreError> {
    let last_error = match (row.last_error, whole) {
        // Why we did not send it at all is in our own words.
        (Some(error), false) if row.status != outbox::DROPPED => Some(status_code(&error)),
        (error, _) => error,
    };
    Ok(Delivery {
        id: parsed("delivery id", &row.id)?,
        request: row.request_id,
        reference,
        side: parsed("side", &row.side)?,
        party: row.party_id,
        event: row.event,
        next_at: (row.status == outbox::PENDING)
            .then(|| instant(row.next_at))
            .transpose()?,
        status: row.status,
        attempts: row.attempts,
        last_error,
        created_at: instant(row.created_at)?,
        settled_at: row.settled_at.map(instant).transpose()?,
    })
}

/// The reply code of an SMTP server (RFC 5321 section 4.2), with the enhanced one (RFC 3463) where it is given; other
/// failures have no code that could be told.
pub(super) fn status_code(error: &str) -> String {
    let mut words = error
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '@')))
        .filter(|word| !word.is_empty())
        .skip_while(|word| !is_reply_code(word));
    let Some(code) = words.next() else {
        return "the mail could not be handed over".to_owned();
    };
    match words.next().filter(|word| is_enhanced(word, code)) {
        Some(enhanced) => format!("{code} {enhanced}"),
        None => code.to_owned(),
    }
}

fn is_reply_code(word: &str) -> bool {
    word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_enhanced(word: &str, code: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && code.starts_with(parts[0])
        && parts
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_learns_the_code_and_no_address() {
        for (error, shown) in [
            (
                "the server refused: 550 5.1.1 <team@forum.example>: no such user",
                "550 5.1.1",
            ),
            ("421 mx.forum.example too busy", "421"),
            ("550-5.7.26 not authenticated", "550 5.7.26"),
            ("permanent error (554): 5.7.1 rejected", "554 5.7.1"),
            (
                "cannot connect to 192.0.2.1: refused",
                "the mail could not be handed over",
            ),
        ] {
            assert_eq!(status_code(error), shown, "{error}");
        }
    }
}
