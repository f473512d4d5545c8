//! Mails as a platform wishes for them: when it is awake, several in one, or not at all. What is about an order leaves at once.

use std::sync::Arc;

use chrono_tz::Tz;
use takedown_core::id::DeliveryId;
use takedown_core::notice::at_once;
use takedown_core::platform::Pace;
use takedown_core::request::Side;
use takedown_core::time::At;
use uuid::Uuid;

use super::facts::Facts;
use super::judge::{About, Letter, Verdict, Way, addresses, unreachable, verdict};
use super::outbox::{Due, load, way_to};
use crate::app::parties::Platform;
use crate::app::registry::load_platform;
use crate::app::requests::given_up_since;
use crate::app::{Cx, Error};
use crate::store::outbox::{self, OutboxRow};
use crate::store::wishes::{self, DIGEST};
use crate::store::{Conn, StoreError};

/// Said of a mail that does not leave because its platform wants none.
const READS_INBOX: &str =
    "this platform reads its inbox, and wants no mails but those about orders";
const QUIET: &str = "waits for the end of the platform's quiet hours";

/// Several notifications in one mail.
#[derive(Debug, Clone)]
pub struct Digest {
    /// Whom it goes to.
    pub platform: Arc<Platform>,
    /// What it tells, oldest first: each as the mail would have been.
    pub entries: Vec<(Due, Letter)>,
}

/// What becomes of a mail that could leave now.
pub(super) fn as_wished(verdict: Verdict, due: &Due, now: At) -> Verdict {
    let Verdict::Send(letter) = &verdict else {
        return verdict;
    };
    let About::Request(view) = &letter.about else {
        return verdict;
    };
    let pressing = at_once(view.request.kind, &due.event);
    // Whoever has no other way in can neither wish for anything nor look into an inbox.
    if due.side != Side::Platform || letter.by_link || pressing {
        return verdict;
    }
    let (wishes, zone) = (&view.platform.wishes, zone(&view.platform));
    match (wishes.mail, wishes.leaves(now, zone)) {
        (Pace::Never, _) | (_, None) => Verdict::Drop(READS_INBOX.to_owned()),
        (Pace::AtOnce, Some(at)) if at > now => Verdict::Wait(at, QUIET.to_owned()),
        (Pace::AtOnce, Some(_)) => verdict,
        (Pace::Hourly | Pace::Daily, Some(at)) => Verdict::Gather(view.platform.id.to_string(), at),
    }
}

fn zone(platform: &Platform) -> Tz {
    platform.time_zone.parse().unwrap_or(Tz::UTC)
}

/// Judges a mail that gathers others. Those that must not be told now are left out, and judged by themselves afterwards.
pub(super) fn verdict_of_digest(conn: &mut Conn, due: &Due, now: At) -> Result<Verdict, Error> {
    let platform = load_platform(conn, &due.party)?.ok_or(Error::NotFound)?;
    if let Some(verdict) = unreachable(&platform) {
        return Ok(verdict);
    }
    if platform.wishes.mail == Pace::Never {
        return Ok(Verdict::Drop(READS_INBOX.to_owned()));
    }
    let awake = platform.wishes.awake(now, zone(&platform));
    if awake > now {
        return Ok(Verdict::Wait(awake, QUIET.to_owned()));
    }
    let gathered = wishes::gathered(conn, &due.id)?;
    let mut way = way_to(conn, &due.party, &due.id)?;
    way.given_up = given_up_since(conn, &due.party, &gathered)?;
    let contacts = addresses(due, &platform, &way).or_else(|_| {
        // Some line came back from each address: what is told with it is still tried once.
        way.given_up.clear();
        addresses(due, &platform, &way)
    });
    let contacts = match contacts {
        Ok(contacts) if contacts.is_empty() => {
            return Ok(Verdict::Fail("no mail address is registered".to_owned()));
        }
        Ok(contacts) => contacts,
        Err(verdict) => return Ok(verdict),
    };
    let mut entries = Vec::new();
    for row in gathered {
        let entry = Due::try_from(row)?;
        if let Verdict::Send(letter) = of_entry(conn, &entry, &way, now)? {
            entries.push((entry, *letter));
        }
    }
    if entries.is_empty() {
        return Ok(Verdict::Drop("nothing of it is left to tell".to_owned()));
    }
    Ok(Verdict::Send(Box::new(Letter {
        contacts,
        languages: platform.languages.clone(),
        time_zone: platform.time_zone.clone(),
        to_authority: false,
        by_link: false,
        about: About::Digest(Box::new(Digest {
            platform: Arc::new(platform),
            entries,
        })),
    })))
}

fn of_entry(conn: &mut Conn, entry: &Due, way: &Way, now: At) -> Result<Verdict, Error> {
    let view = load(conn, &entry.request)?;
    let unannounced = outbox::any_with(conn, &entry.request, "request.filed", outbox::DROPPED)?;
    Ok(verdict(entry, view, None, (unannounced, way), now))
}

/// Gathers a notification into the mail of its platform that leaves at `at`, or later if there is one already that waits for the
/// mail server. False when another node has taken it over.
pub(super) async fn gather(
    cx: &Cx,
    (id, lease): (&str, &str),
    platform: &str,
    at: At,
) -> Result<bool, Error> {
    let now = cx.now();
    let (id, lease, platform) = (id.to_owned(), lease.to_owned(), platform.to_owned());
    let gathered = cx
        .store
        .write(move |conn| {
            let digest = match wishes::open_digest(conn, &platform)? {
                Some((digest, true)) => digest,
                // It is being sent: what comes now is for the next one.
                Some((_, false)) => {
                    let held = (now + SOON).timestamp_millis();
                    let held = outbox::Settlement::Held(held, QUEUED.to_owned());
                    return outbox::settle(conn, &id, &lease, &held, now.timestamp_millis());
                }
                None => open(conn, &platform, at, now)?,
            };
            wishes::gather(conn, &id, &lease, &digest)
        })
        .await;
    match gathered {
        Ok(()) => Ok(true),
        Err(StoreError::Stale) => Ok(false),
        Err(error) => Err(Error::Store(error)),
    }
}

const SOON: chrono::TimeDelta = chrono::TimeDelta::seconds(30);
const QUEUED: &str = "the mail before it is on its way";

fn open(conn: &mut Conn, platform: &str, at: At, now: At) -> Result<String, StoreError> {
    let id = DeliveryId::from_uuid(Uuid::now_v7()).to_string();
    let row = OutboxRow {
        id: id.clone(),
        request_id: platform.to_owned(),
        party_id: platform.to_owned(),
        side: Side::Platform.as_str().to_owned(),
        event: DIGEST.to_owned(),
        facts: serde_json::to_string(&Facts::none())?,
        status: outbox::PENDING.to_owned(),
        attempts: 0,
        next_at: at.timestamp_millis(),
        lease: None,
        lease_until: 0,
        last_error: None,
        created_at: now.timestamp_millis(),
        settled_at: None,
        // It waits for its time, not for the mail server.
        withheld: true,
    };
    outbox::insert(conn, &row)?;
    Ok(id)
}
