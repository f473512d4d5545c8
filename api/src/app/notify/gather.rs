//! Mails as a party wishes for them: when it is awake, several in one, or not at all. What presses leaves at once: for a platform what
//! is about an order, for an agency what waits for it.

use std::sync::Arc;

use chrono_tz::Tz;
use takedown_core::agency::AgencyStatus;
use takedown_core::notice::{at_once, at_once_for_agency};
use takedown_core::platform::Pace;
use takedown_core::request::Side;
use takedown_core::text::Language;
use takedown_core::time::At;

use super::facts::Facts;
use super::judge::{About, Letter, Verdict, WITHHELD, Way, addresses, unreachable, verdict};
use super::outbox::{Due, load, way_to};
use super::queued::{queued, side_of};
use crate::app::parties::Platform;
use crate::app::registry::{load_agency, load_platform};
use crate::app::requests::given_up_since;
use crate::app::{Cx, Error};
use crate::store::outbox::{self, OutboxRow};
use crate::store::wishes::{self, DIGEST};
use crate::store::{Conn, StoreError};

/// Said of a mail that does not leave because its platform wants none.
const READS_INBOX: &str =
    "this platform reads its inbox, and wants no mails but those about orders";
/// The same of an agency.
const AGENCY_READS_INBOX: &str =
    "this agency reads its inbox, and wants no mails but those about what waits for it";
const QUIET: &str = "waits for the end of the quiet hours";

/// Several notifications in one mail.
#[derive(Debug, Clone)]
pub struct Digest {
    /// The platform it goes to, which can end such mails by a link; an agency does so with its program.
    pub platform: Option<Arc<Platform>>,
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
    let (wishes, party, zone, reads) = match due.side {
        // Whoever has no other way in can neither wish for anything nor look into an inbox.
        Side::Platform if letter.by_link || at_once(view.request.kind, &due.event) => {
            return verdict;
        }
        Side::Platform => {
            let platform = &view.platform;
            let zone = &platform.time_zone;
            (&platform.wishes, platform.id.to_string(), zone, READS_INBOX)
        }
        // An authority is told of orders alone.
        Side::Agency if letter.to_authority || at_once_for_agency(&due.event) => return verdict,
        Side::Agency => {
            let agency = &view.agency;
            let zone = &agency.time_zone;
            (
                &agency.wishes,
                agency.id.to_string(),
                zone,
                AGENCY_READS_INBOX,
            )
        }
    };
    match (wishes.mail, wishes.leaves(now, in_zone(zone))) {
        (Pace::Never, _) | (_, None) => Verdict::Drop(reads.to_owned()),
        (Pace::AtOnce, Some(at)) if at > now => Verdict::Wait(at, QUIET.to_owned()),
        (Pace::AtOnce, Some(_)) => verdict,
        (Pace::Hourly | Pace::Daily, Some(at)) => Verdict::Gather(party, at),
    }
}

fn in_zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// Judges a mail that gathers others. Those that must not be told now are left out, and judged by themselves afterwards.
pub(super) fn verdict_of_digest(conn: &mut Conn, due: &Due, now: At) -> Result<Verdict, Error> {
    if due.side == Side::Agency {
        return verdict_of_agencys_digest(conn, due, now);
    }
    let platform = load_platform(conn, &due.party)?.ok_or(Error::NotFound)?;
    if let Some(verdict) = unreachable(&platform) {
        return Ok(verdict);
    }
    if platform.wishes.mail == Pace::Never {
        return Ok(Verdict::Drop(READS_INBOX.to_owned()));
    }
    let awake = platform.wishes.awake(now, in_zone(&platform.time_zone));
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
    let entries = entries(conn, gathered, &way, now)?;
    let (languages, time_zone) = (platform.languages.clone(), platform.time_zone.clone());
    let digest = Digest {
        platform: Some(Arc::new(platform)),
        entries,
    };
    Ok(told(digest, contacts, languages, time_zone))
}

/// The same for an agency, which has one address.
fn verdict_of_agencys_digest(conn: &mut Conn, due: &Due, now: At) -> Result<Verdict, Error> {
    let agency = load_agency(conn, &due.party)?.ok_or(Error::NotFound)?;
    if agency.status == AgencyStatus::Suspended {
        return Ok(Verdict::Hold(WITHHELD.to_owned()));
    }
    if agency.wishes.mail == Pace::Never {
        return Ok(Verdict::Drop(AGENCY_READS_INBOX.to_owned()));
    }
    let awake = agency.wishes.awake(now, in_zone(&agency.time_zone));
    if awake > now {
        return Ok(Verdict::Wait(awake, QUIET.to_owned()));
    }
    if agency.mail.is_empty() {
        return Ok(Verdict::Fail("no mail address is registered".to_owned()));
    }
    let gathered = wishes::gathered(conn, &due.id)?;
    let entries = entries(conn, gathered, &Way::default(), now)?;
    let digest = Digest {
        platform: None,
        entries,
    };
    let languages = vec![agency.language];
    Ok(told(digest, vec![agency.mail], languages, agency.time_zone))
}

/// What of it is still to be told.
fn entries(
    conn: &mut Conn,
    gathered: Vec<OutboxRow>,
    way: &Way,
    now: At,
) -> Result<Vec<(Due, Letter)>, Error> {
    let mut entries = Vec::new();
    for row in gathered {
        let entry = Due::try_from(row)?;
        if let Verdict::Send(letter) = of_entry(conn, &entry, way, now)? {
            entries.push((entry, *letter));
        }
    }
    Ok(entries)
}

fn told(
    digest: Digest,
    contacts: Vec<String>,
    languages: Vec<Language>,
    time_zone: String,
) -> Verdict {
    if digest.entries.is_empty() {
        return Verdict::Drop("nothing of it is left to tell".to_owned());
    }
    Verdict::Send(Box::new(Letter {
        contacts,
        languages,
        time_zone,
        to_authority: false,
        by_link: false,
        about: About::Digest(Box::new(digest)),
    }))
}

fn of_entry(conn: &mut Conn, entry: &Due, way: &Way, now: At) -> Result<Verdict, Error> {
    let view = load(conn, &entry.request)?;
    let unannounced = outbox::any_with(conn, &entry.request, "request.filed", outbox::DROPPED)?;
    Ok(verdict(entry, view, None, (unannounced, way), now))
}

/// Gathers a notification into the mail of its party that leaves at `at`, or later if there is one already that waits for the
/// mail server. False when another node has taken it over.
pub(super) async fn gather(
    cx: &Cx,
    (id, lease): (&str, &str),
    party: &str,
    at: At,
) -> Result<bool, Error> {
    let now = cx.now();
    let (id, lease, party) = (id.to_owned(), lease.to_owned(), party.to_owned());
    let gathered = cx
        .store
        .write(move |conn| {
            let digest = match wishes::open_digest(conn, &party)? {
                Some((digest, true)) => digest,
                // It is being sent: what comes now is for the next one.
                Some((_, false)) => {
                    let held = (now + SOON).timestamp_millis();
                    let held = outbox::Settlement::Held(held, QUEUED.to_owned());
                    return outbox::settle(conn, &id, &lease, &held, now.timestamp_millis());
                }
                None => open(conn, &party, at, now)?,
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

fn open(conn: &mut Conn, party: &str, at: At, now: At) -> Result<String, StoreError> {
    let row = OutboxRow {
        next_at: at.timestamp_millis(),
        // It waits for its time, not for the mail server.
        withheld: true,
        ..queued(party, (party, side_of(party)), DIGEST, &Facts::none(), now)?
    };
    outbox::insert(conn, &row)?;
    Ok(row.id)
}
