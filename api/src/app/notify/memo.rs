//! What the exchange tells a party, or its own operator, about itself: no request is its subject.

use takedown_core::agency::{AgencyStatus, REMINDED_BEFORE};
use takedown_core::contact::MailAddress;
use takedown_core::id::AgencyId;
use takedown_core::request::Side;
use takedown_core::text::Language;
use takedown_core::time::At;
use takedown_core::webhook::{Disabled, WebhookStatus};

use super::facts::Facts;
use super::judge::{About, Letter, Verdict, addresses, unreachable};
use super::outbox::{Due, way_to};
use super::queued::queued;
use crate::app::parties::Agency;
use crate::app::registry::{load_agency, load_platform};
use crate::app::{Cx, Error};
use crate::store::outbox;
use crate::store::{Conn, StoreError, agencies, webhooks};

/// Who is written to where it is nobody but the operator.
pub const OPERATOR: &str = "operator";
/// An agency's verification is about to end.
pub(super) const ENDING: &str = "verification.ending";
/// The exchange switched a webhook off.
pub(in crate::app) const WEBHOOK_DISABLED: &str = "webhook.disabled";
/// So many agencies are looked at in one statement.
const AT_ONCE: i64 = 200;

/// What such a mail is about, as it is when it leaves.
#[derive(Debug, Clone)]
pub enum Memo {
    /// An agency's verification is about to end.
    VerificationEnding {
        /// Which agency.
        agency: Box<Agency>,
        /// When.
        until: At,
        /// Whether the operator is written to, and not the agency.
        to_operator: bool,
    },
    /// The exchange switched a webhook off.
    WebhookDisabled {
        /// Its identifier.
        webhook: String,
        /// Where it leads.
        url: String,
        /// Whether its receiver wanted no more.
        gone: bool,
        /// What failed last.
        last_error: Option<String>,
    },
}

/// Queues a mail about `about` (an agency, a webhook) in the commit of what it tells.
pub(in crate::app) fn queue(
    conn: &mut Conn,
    (about, event): (&str, &str),
    (party, side): (&str, Side),
    now: At,
) -> Result<(), StoreError> {
    let row = queued(about, (party, side), event, &Facts::none(), now)?;
    outbox::insert(conn, &row)
}

/// Tells each agency whose verification comes near its end, and the operator, each reminder once; and tells how many were reminded.
///
/// The mark and both mails are one commit: over many nodes each is told once.
///
/// # Errors
/// Those of the store; what was queued before stays queued.
pub async fn remind_of_verifications(cx: &Cx) -> Result<usize, Error> {
    let now = cx.now();
    let (mut after, mut reminded) = (None::<String>, 0);
    loop {
        let from = after.clone();
        let (last, due) = cx
            .store
            .read(move |conn| {
                let rows = agencies::page(conn, from.as_deref(), AT_ONCE)?;
                let last = rows.last().map(|row| row.id.clone());
                let mut due = Vec::new();
                for row in rows {
                    let id = row.id.clone();
                    let agency = match Agency::try_from(row) {
                        Ok(agency) => agency,
                        // The others are reminded all the same.
                        Err(error) => {
                            tracing::error!(agency = %id, %error, "an agency cannot be read; nobody is reminded of its verification");
                            continue;
                        }
                    };
                    if let Some(mark) = mark(&agency, now)
                        && agencies::reminded_of(conn, &id)? < Some(mark)
                    {
                        due.push(id);
                    }
                }
                Ok::<_, StoreError>((last, due))
            })
            .await?;
        for id in due {
            reminded += usize::from(remind(cx, id, now).await?);
        }
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    if reminded > 0 {
        cx.wake.notify_one();
    }
    Ok(reminded)
}

/// From when on its verification is to be reminded of, if that has come.
fn mark(agency: &Agency, now: At) -> Option<i64> {
    let verification = agency.verification.as_ref();
    let due = verification?.reminder(now)?;
    (agency.status == AgencyStatus::Verified).then(|| due.timestamp_millis())
}

async fn remind(cx: &Cx, id: String, now: At) -> Result<bool, Error> {
    let operator = cx.operator.is_some();
    cx.store
        .write(move |conn| {
            let Some(agency) = load_agency(conn, &id)? else {
                return Ok(false);
            };
            let Some(mark) = mark(&agency, now) else {
                return Ok(false);
            };
            if !agencies::remind(conn, &id, mark)? {
                return Ok(false);
            }
            let about = (id.as_str(), ENDING);
            queue(conn, about, (&id, Side::Agency), now)?;
            if operator {
                queue(conn, about, (OPERATOR, Side::Agency), now)?;
            } else {
                tracing::warn!(agency = %id, "an agency's verification is about to end; mail.operator would be told");
            }
            Ok::<_, Error>(true)
        })
        .await
}

/// Judges a reminder that a verification ends.
pub(super) fn verdict_of_ending(
    conn: &mut Conn,
    due: &Due,
    operator: Option<&MailAddress>,
    now: At,
) -> Result<Verdict, Error> {
    let agency = load_agency(conn, &due.request)?.ok_or(Error::NotFound)?;
    let until = agency.verification.as_ref().map(|v| v.expires_at);
    let near = |until: &At| *until > now && *until - now <= REMINDED_BEFORE[0];
    let Some(until) = until.filter(near) else {
        return Ok(Verdict::Drop(
            "the agency was verified anew, or its verification has ended".to_owned(),
        ));
    };
    if agency.status != AgencyStatus::Verified {
        return Ok(Verdict::Drop("the agency is suspended".to_owned()));
    }
    let to_operator = due.party == OPERATOR;
    let contact = if to_operator {
        operator.map(|address| address.as_str().to_owned())
    } else {
        Some(agency.mail.clone()).filter(|mail| !mail.is_empty())
    };
    let Some(contact) = contact else {
        return Ok(Verdict::Fail("no mail address is known".to_owned()));
    };
    let (languages, time_zone) = if to_operator {
        // Everything that the operator reads is in English.
        (Vec::new(), "UTC".to_owned())
    } else {
        (vec![agency.language.clone()], agency.time_zone.clone())
    };
    let memo = Memo::VerificationEnding {
        agency: Box::new(agency),
        until,
        to_operator,
    };
    Ok(letter(memo, vec![contact], languages, time_zone))
}

/// Judges the mail about a webhook that was switched off.
pub(super) fn verdict_of_webhook(conn: &mut Conn, due: &Due) -> Result<Verdict, Error> {
    let Some(row) = webhooks::find(conn, &due.party, &due.request)? else {
        return Ok(Verdict::Drop("the webhook was removed".to_owned()));
    };
    let reason: Option<Disabled> = row.disabled.as_deref().and_then(|word| word.parse().ok());
    let off = row.status == WebhookStatus::Disabled.as_str();
    if !off || !matches!(reason, Some(Disabled::Gone | Disabled::Failing)) {
        return Ok(Verdict::Drop(
            "its party has seen to the webhook since".to_owned(),
        ));
    }
    let (contacts, languages, time_zone) = if due.party.starts_with(AgencyId::PREFIX) {
        let agency = load_agency(conn, &due.party)?.ok_or(Error::NotFound)?;
        let mail = Some(agency.mail).filter(|mail| !mail.is_empty());
        (
            mail.into_iter().collect(),
            vec![agency.language],
            agency.time_zone,
        )
    } else {
        let platform = load_platform(conn, &due.party)?.ok_or(Error::NotFound)?;
        if let Some(verdict) = unreachable(&platform) {
            return Ok(verdict);
        }
        let way = way_to(conn, &due.party, &due.id)?;
        let contacts = match addresses(due, &platform, &way) {
            Ok(contacts) => contacts,
            Err(verdict) => return Ok(verdict),
        };
        (contacts, platform.languages, platform.time_zone)
    };
    if contacts.is_empty() {
        return Ok(Verdict::Fail("no mail address is registered".to_owned()));
    }
    let memo = Memo::WebhookDisabled {
        webhook: row.id,
        url: row.url,
        gone: reason == Some(Disabled::Gone),
        last_error: row.last_error,
    };
    Ok(letter(memo, contacts, languages, time_zone))
}

fn letter(
    memo: Memo,
    contacts: Vec<String>,
    languages: Vec<Language>,
    time_zone: String,
) -> Verdict {
    Verdict::Send(Box::new(Letter {
        about: About::Memo(Box::new(memo)),
        to_authority: false,
        contacts,
        languages,
        time_zone,
        by_link: false,
    }))
}
