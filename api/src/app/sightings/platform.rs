//! The platform on which something was seen: one that is known, or a new one of standing `sighted`.

use chrono::Duration;
use takedown_core::contact::MailAddress;
use takedown_core::history::{Data, Subject};
use takedown_core::id::{AgencyId, PlatformId, SightingId};
use takedown_core::locator::{Host, Locator};
use takedown_core::platform::{SizeClass, Standing, Wishes};
use takedown_core::sighting::ContactSource;
use takedown_core::time::At;
use uuid::Uuid;

use crate::app::parties::{Platform, instant};
use crate::app::platforms;
use crate::app::registering::{invalid, record};
use crate::app::registry::load_platform;
use crate::app::{Caller, Error, FieldError};
use crate::store::links::{self, RejectedRow};
use crate::store::platforms::{PlatformRow, registered, update};
use crate::store::sightings::{self, ContactRow, SightedRow};
use crate::store::{Conn, Constraint, StoreError};

/// How many platforms an agency may bring in within 24 hours.
const MOST_A_DAY: i64 = 100;
/// How many addresses a platform has at the most.
pub(super) const MAX_CONTACTS: usize = 10;

/// An address that was found for a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundContact {
    /// The address.
    pub address: MailAddress,
    /// Where it was found.
    pub source: ContactSource,
}

/// A platform, and whether it has to be stored first.
pub(super) enum Found {
    /// It is known.
    Known(Platform),
    /// Nobody knew it.
    New(Platform),
}

impl Found {
    pub(super) const fn platform(&self) -> &Platform {
        match self {
            Self::Known(platform) | Self::New(platform) => platform,
        }
    }
}

/// The platform whose registered host is the longest suffix of the locator's; else the one that is named; else a new one.
pub(super) fn find(
    conn: &mut Conn,
    locator: &Locator,
    named: Option<PlatformId>,
    now: At,
) -> Result<Found, Error> {
    let candidates = locator.host().map(Host::candidates).unwrap_or_default();
    let rows = registered(conn, &candidates)?;
    let by_host = candidates
        .iter()
        .find_map(|name| rows.iter().find(|row| row.host == *name));
    let named = named.map(|id| id.to_string());
    if let (Some(row), Some(named)) = (by_host, &named)
        && row.platform_id != *named
    {
        let says = format!(
            "the host leads to {}, not to {named}; leave `platform` out and the host decides",
            row.platform_id
        );
        return Err(invalid("/platform", says));
    }
    if let Some(id) = by_host.map(|row| row.platform_id.clone()).or(named) {
        let none = || invalid("/platform", format!("there is no platform {id}"));
        return Ok(Found::Known(load_platform(conn, &id)?.ok_or_else(none)?));
    }
    let Some(host) = locator.host() else {
        let says = "this locator has no host that would say which platform it is on; name one in `platform`";
        return Err(invalid("/locator", says));
    };
    // The shortest name that somebody can be in charge of: of www.mirror.example it is mirror.example.
    let Some(name) = candidates.last() else {
        let says = format!(
            "{} is a public suffix under which anybody can register a name; no platform owns it. Write the whole host",
            host.as_str()
        );
        return Err(invalid("/locator", says));
    };
    Ok(Found::New(sighted(name, now)))
}

/// What is known of a platform of which nothing is known but a host.
fn sighted(host: &str, now: At) -> Platform {
    Platform {
        id: PlatformId::from_uuid(Uuid::now_v7()),
        name: host.chars().take(crate::app::values::MAX_NAME).collect(),
        country: None,
        standing: Standing::Sighted,
        suspended: false,
        suspension_reason: None,
        hosts: vec![host.to_owned()],
        languages: Vec::new(),
        time_zone: "UTC".to_owned(),
        contacts: Vec::new(),
        // The milder rules, until somebody knows.
        size_class: SizeClass::Micro,
        version: 1,
        created_at: now,
        updated_at: now,
        wishes: Wishes::default(),
    }
}

/// Stores a platform that is new, and the addresses that were found for it.
pub(super) fn keep(
    conn: &mut Conn,
    caller: &Caller,
    (agency, sighting): (AgencyId, SightingId),
    found: Found,
    contacts: &[FoundContact],
    now: At,
) -> Result<Platform, Error> {
    let agency = agency.to_string();
    let (mut platform, new) = match found {
        Found::Known(platform) => (platform, false),
        Found::New(platform) => (platform, true),
    };
    let before = platform.contacts.len();
    let subject = Subject::Platform { id: platform.id };
    let id = platform.id.to_string();
    if !contacts.is_empty() {
        not_rejected(conn, &id, contacts)?;
    }
    add(&mut platform, contacts)?;
    if new {
        let since = (now - Duration::hours(24)).timestamp_millis();
        if sightings::brought_in(conn, &agency, since)? >= MOST_A_DAY {
            return Err(Error::Conflict(format!(
                "Your agency has brought in {MOST_A_DAY} platforms by sightings within 24 hours, and that is all it may. \
                 Wait, or ask the operator to register the host."
            )));
        }
        platforms::insert(conn, &platform).map_err(again)?;
        let row = SightedRow {
            platform_id: id.clone(),
            agency_id: agency.clone(),
            sighting_id: sighting.to_string(),
            sighted_at: now.timestamp_millis(),
        };
        sightings::bring_in(conn, &row)?;
        let data = Data::PlatformSighted { sighting };
        record(conn, caller.author(), subject, now, data)?;
    } else if platform.contacts.len() > before {
        platform.version += 1;
        platform.updated_at = now;
        update(conn, &PlatformRow::try_from(&platform)?, None)?;
        let members = vec!["contacts".to_owned()];
        let data = Data::PlatformChanged { members };
        record(conn, caller.author(), subject, now, data)?;
    }
    for contact in contacts {
        let row = ContactRow {
            platform_id: id.clone(),
            agency_id: agency.clone(),
            address: contact.address.as_str().to_owned(),
            source: contact.source.as_str().to_owned(),
            found_at: now.timestamp_millis(),
        };
        sightings::add_contact(conn, &row)?;
    }
    Ok(platform)
}

/// Whoever reads a mailbox and said that the site is not his is not written to about it again, whoever finds him.
pub(super) fn not_rejected(
    conn: &mut Conn,
    platform: &str,
    contacts: &[FoundContact],
) -> Result<(), Error> {
    let rejected = links::rejected(conn, platform)?;
    let errors: Vec<FieldError> = (0..)
        .zip(contacts)
        .filter_map(|(place, contact)| {
            let of = |row: &&RejectedRow| row.address == contact.address.as_str();
            let row = rejected.iter().find(of)?;
            let day = instant(row.rejected_at).ok()?.format("%Y-%m-%d");
            let says = format!(
                "whoever reads {} said on {day} that the site is not his; find another address, or ask the operator if that \
                 was a mistake",
                row.address
            );
            Some(FieldError::new(format!("/contacts/{place}/address"), says))
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// Addresses are taken on only where nobody speaks for the platform, and behind those it has: mail goes to the first.
fn add(platform: &mut Platform, contacts: &[FoundContact]) -> Result<(), Error> {
    if contacts.is_empty() {
        return Ok(());
    }
    if !matches!(platform.standing, Standing::Sighted | Standing::Contacted) {
        let says = format!(
            "{} is {}: it says itself where it is written to",
            platform.id, platform.standing
        );
        return Err(invalid("/contacts", says));
    }
    for contact in contacts {
        let address = contact.address.as_str();
        if !platform.contacts.iter().any(|known| known == address) {
            platform.contacts.push(address.to_owned());
        }
    }
    if platform.contacts.len() > MAX_CONTACTS {
        let says = format!("a platform has at most {MAX_CONTACTS} addresses");
        return Err(invalid("/contacts", says));
    }
    Ok(())
}

/// Somebody brought the same host in at the same moment: done again, his platform is found.
fn again(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Exists(Constraint::PlatformHost)) => {
            Error::Store(StoreError::Stale)
        }
        other => other,
    }
}
