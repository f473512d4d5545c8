//! Where a platform that nobody speaks for can be written to, as an agency found it.
//!
//! Every agency says what it found itself, and changes nothing of what another one did: an address that two found stays until
//! both have dropped it. Whoever speaks for the platform says himself where it is written to; then nothing is found any more.

use takedown_core::contact::found::{Found, Reading, read};
use takedown_core::history::{Data, Digest, FoundContact as Said, Subject};
use takedown_core::id::PlatformId;
use takedown_core::platform::Standing;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::sighting::ContactSource;
use takedown_core::text::Language;
use takedown_core::time::At;

use super::platform::{FoundContact, MAX_CONTACTS, not_rejected};
use crate::app::parties::{Platform, instant, parsed};
use crate::app::registering::{invalid, put, record};
use crate::app::registry::load_platform;
use crate::app::{Caller, Cx, Error};
use crate::store::platforms::{PlatformRow, update};
use crate::store::sightings::{self, ContactRow};
use crate::store::{Conn, StoreError, links};

/// A text that was copied from somewhere, to be searched for addresses.
#[derive(Debug, Clone)]
pub struct Pasted {
    /// The text.
    pub text: String,
    /// Where it comes from.
    pub source: ContactSource,
}

/// What an agency says of how to reach a platform.
#[derive(Debug, Clone)]
pub struct NewContacts {
    /// Addresses, the one to write to first.
    pub contacts: Vec<FoundContact>,
    /// A text with more of them.
    pub pasted: Option<Pasted>,
    /// The languages that the site is written in, where they were seen.
    pub languages: Option<Vec<Language>>,
    /// Whether these are all, rather than some more.
    pub all: bool,
}

/// An address that the agency found.
#[derive(Debug, Clone)]
pub struct ShownContact {
    /// The address.
    pub address: String,
    /// Where it was found.
    pub source: ContactSource,
    /// When that was recorded.
    pub found_at: At,
    /// Its place in the order in which the platform is written to, from 1; none when it is not.
    pub place: Option<usize>,
    /// Since when it is not, because whoever reads it said that the site is not his.
    pub rejected_at: Option<At>,
}

/// How a platform can be reached, as far as the agency found it.
#[derive(Debug, Clone)]
pub struct ContactsView {
    /// Who.
    pub platform: Platform,
    /// The agency's own findings.
    pub contacts: Vec<ShownContact>,
    /// What was read from the text that came with the call.
    pub read: Option<Reading>,
}

impl ContactsView {
    /// Whether an address lies at one of the platform's own hosts, rather than at a registry or a host of many.
    #[must_use]
    pub fn is_own(&self, found: &Found) -> bool {
        let domain = found.address.domain();
        let under = |one: &str, other: &str| {
            one == other
                || one
                    .strip_suffix(other)
                    .is_some_and(|rest| rest.ends_with('.'))
        };
        let hosts = &self.platform.hosts;
        hosts
            .iter()
            .any(|host| under(domain, host) || under(host, domain))
    }
}

/// The addresses that the agency found for a platform, and which of them are written to.
///
/// # Errors
/// [`Error::NotFound`] when there is no such platform, and those of the policy and the store.
pub async fn contacts(cx: &Cx, caller: &Caller, id: &str) -> Result<ContactsView, Error> {
    authorize(&caller.actor, Action::ReadContacts, &Resource::Exchange)?;
    let agency = caller.actor.agency().ok_or(Error::NotFound)?.to_string();
    let id: PlatformId = id.parse().map_err(|_| Error::NotFound)?;
    cx.store
        .read(move |conn| {
            let platform = load_platform(conn, &id.to_string())?.ok_or(Error::NotFound)?;
            shown(conn, &agency, platform, None)
        })
        .await
}

fn shown(
    conn: &mut Conn,
    agency: &str,
    platform: Platform,
    read: Option<Reading>,
) -> Result<ContactsView, Error> {
    let id = platform.id.to_string();
    let rejected = links::rejected(conn, &id)?;
    let own = sightings::contacts(conn, agency, std::slice::from_ref(&id))?;
    let contacts = own.into_iter().map(|row| {
        let wrong = rejected.iter().find(|one| one.address == row.address);
        let place = platform.contacts.iter().position(|c| *c == row.address);
        Ok::<_, StoreError>(ShownContact {
            source: parsed("source of an address", &row.source)?,
            found_at: instant(row.found_at)?,
            place: place.filter(|_| wrong.is_none()).map(|place| place + 1),
            rejected_at: wrong.map(|one| instant(one.rejected_at)).transpose()?,
            address: row.address,
        })
    });
    Ok(ContactsView {
        contacts: contacts.collect::<Result<_, _>>()?,
        platform,
        read,
    })
}

/// Says which addresses were found: some more, or all that hold. The same again changes nothing.
///
/// # Errors
/// [`Error::Invalid`] for too many, none in a text, and those whose reader said that the site is not his; [`Error::Conflict`]
/// where somebody speaks for the platform; [`Error::NotFound`], and those of the policy and the store.
pub async fn set_contacts(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    new: NewContacts,
) -> Result<ContactsView, Error> {
    let action = if new.all {
        Action::ReplaceContacts
    } else {
        Action::AddContacts
    };
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let agency = caller.actor.agency().ok_or(Error::NotFound)?;
    let id: PlatformId = id.parse().map_err(|_| Error::NotFound)?;
    let (found, reading) = gathered(&new)?;
    let now = cx.now();
    let caller = caller.clone();
    let set = cx
        .store
        .write(move |conn| {
            let key = id.to_string();
            let mut platform = load_platform(conn, &key)?.ok_or(Error::NotFound)?;
            if !matches!(platform.standing, Standing::Sighted | Standing::Contacted) {
                return Err(Error::Conflict(format!(
                    "{key} is {}: it says itself where it is written to",
                    platform.standing
                )));
            }
            not_rejected(conn, &key, &found)?;
            let who = agency.to_string();
            let own = sightings::contacts(conn, &who, std::slice::from_ref(&key))?;
            let changed = exchange(
                conn,
                (&key, &who),
                &mut platform,
                (&own, &found),
                new.all,
                now,
            )?;
            let mut members = Vec::new();
            let languages = new.languages.clone().filter(|given| !given.is_empty());
            put(
                &mut members,
                "languages",
                &mut platform.languages,
                languages,
            );
            if changed || !members.is_empty() {
                platform.version += 1;
                platform.updated_at = now;
                update(conn, &PlatformRow::try_from(&platform)?, None)?;
            }
            let subject = Subject::Platform { id };
            if changed {
                let found = sightings::contacts(conn, &who, std::slice::from_ref(&key))?;
                let found = found.iter().map(said).collect::<Result<_, _>>()?;
                let data = Data::PlatformContactsFound { agency, found };
                record(conn, caller.author(), subject, now, data)?;
            }
            if !members.is_empty() {
                let data = Data::PlatformChanged { members };
                record(conn, caller.author(), subject, now, data)?;
            }
            shown(conn, &who, platform, reading.clone())
        })
        .await;
    cx.registry.changed();
    set
}

fn said(row: &ContactRow) -> Result<Said, StoreError> {
    Ok(Said {
        address: Digest::of(&row.address),
        source: parsed("source of an address", &row.source)?,
    })
}

/// The addresses that were named, and behind them those of the text.
fn gathered(new: &NewContacts) -> Result<(Vec<FoundContact>, Option<Reading>), Error> {
    let mut found = new.contacts.clone();
    let Some(pasted) = &new.pasted else {
        return Ok((found, None));
    };
    let reading = read(&pasted.text);
    if reading.found.is_empty() {
        let lines: Vec<String> = reading
            .refused
            .iter()
            .map(|(line, why)| format!("line {line}: {why}"))
            .collect();
        let says = if lines.is_empty() {
            "there is no mail address in it".to_owned()
        } else {
            format!(
                "there is no mail address in it that can be written to ({})",
                lines.join("; ")
            )
        };
        return Err(invalid("/pasted/text", says));
    }
    for one in &reading.found {
        if !found.iter().any(|known| known.address == one.address) {
            found.push(FoundContact {
                address: one.address.clone(),
                source: pasted.source,
            });
        }
    }
    Ok((found, Some(reading)))
}

/// Puts what the agency says now in the place of what it said before. Whether anything changed.
fn exchange(
    conn: &mut Conn,
    (platform_id, agency): (&str, &str),
    platform: &mut Platform,
    (own, found): (&[ContactRow], &[FoundContact]),
    all: bool,
    now: At,
) -> Result<bool, Error> {
    let named = |row: &&ContactRow| {
        let same = |one: &FoundContact| {
            one.address.as_str() == row.address && one.source.as_str() == row.source
        };
        found.iter().any(same)
    };
    let lost: Vec<&ContactRow> = own.iter().filter(|row| all && !named(row)).collect();
    let others = links::found_by_others(conn, (platform_id, agency))?;
    let before = platform.contacts.clone();
    for row in &lost {
        links::lose_contact(conn, (platform_id, agency), &row.address)?;
        let named = found.iter().any(|one| one.address.as_str() == row.address);
        if !named && !others.contains(&row.address) {
            platform.contacts.retain(|known| *known != row.address);
            let to = (platform_id, row.address.as_str());
            links::revoke_of_contact(conn, to, now.timestamp_millis())?;
        }
    }
    for contact in found {
        let address = contact.address.as_str().to_owned();
        if !platform.contacts.contains(&address) {
            platform.contacts.push(address.clone());
        }
        let row = ContactRow {
            platform_id: platform_id.to_owned(),
            agency_id: agency.to_owned(),
            address,
            source: contact.source.as_str().to_owned(),
            found_at: now.timestamp_millis(),
        };
        sightings::add_contact(conn, &row)?;
    }
    if platform.contacts.len() > MAX_CONTACTS {
        let says = format!("a platform has at most {MAX_CONTACTS} addresses");
        return Err(invalid("/contacts", says));
    }
    let known = |one: &FoundContact| {
        let same = |row: &ContactRow| row.address == one.address.as_str();
        own.iter().any(same)
    };
    Ok(!lost.is_empty() || platform.contacts != before || !found.iter().all(known))
}
