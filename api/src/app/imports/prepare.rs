//! What is judged of each row before anything is stored: a row that cannot be takes no other with it.

use std::sync::Arc;

use takedown_core::history::Digest;
use takedown_core::id::PlatformId;
use takedown_core::imported::{Facts, SourceRow, identity};
use takedown_core::locator::{Host, Locator};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;

use crate::app::parties::Agency;
use crate::app::registering::invalid;
use crate::app::repeats;
use crate::app::requests::filing_agency;
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::repeats::Key;

/// A row as it was sent.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// What was asked about.
    pub locator: Locator,
    /// Who was asked: its identifier here, a host of it, or the name that the agency uses.
    pub platform: Option<String>,
    /// The agency's file number.
    pub agency_reference: Option<String>,
    /// What else the list says.
    pub facts: Facts,
    /// Where it stands.
    pub source: SourceRow,
}

/// A row that can be stored.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) record: NewRecord,
    /// The platform that is registered for it.
    pub(super) platform: Option<String>,
    /// The platform in the agency's words, unless it gave the identifier.
    pub(super) named: Option<String>,
    pub(super) key: Key,
    pub(super) identity: Digest,
}

/// The agency that imports, if it may: records belong to a verified agency, as filings do.
///
/// # Errors
/// [`Error::Forbidden`] while it is not verified, and those of the policy and the store.
pub async fn importing(cx: &Cx, caller: &Caller) -> Result<Arc<Agency>, Error> {
    authorize(&caller.actor, Action::ImportRecords, &Resource::Exchange)?;
    filing_agency(cx, caller, cx.now()).await
}

/// Judges each row by itself, in their order.
///
/// # Errors
/// Those of the store; what is wrong with a row is in its own place.
pub async fn prepare(
    cx: &Cx,
    agency: &Agency,
    rows: Vec<NewRecord>,
) -> Result<Vec<Result<Prepared, Error>>, Error> {
    let now = cx.now();
    let mut hosts: Vec<Host> = Vec::new();
    for row in &rows {
        hosts.extend(row.locator.host().cloned());
        hosts.extend(row.platform.as_deref().and_then(host));
    }
    let mut found = cx.registry.platforms_of(&hosts).await?.into_iter();
    let mut prepared = Vec::with_capacity(rows.len());
    for row in rows {
        let of_link = row.locator.host().and_then(|_| found.next().flatten());
        let named = row.platform.as_deref().and_then(host);
        let of_name = named.and_then(|_| found.next().flatten());
        prepared.push(one(cx, agency, row, (of_link, of_name), now).await?);
    }
    Ok(prepared)
}

async fn one(
    cx: &Cx,
    agency: &Agency,
    record: NewRecord,
    (of_link, of_name): (Option<String>, Option<String>),
    now: At,
) -> Result<Result<Prepared, Error>, Error> {
    let slips = record.facts.slips(now);
    if !slips.is_empty() {
        let errors = slips
            .iter()
            .map(|slip| FieldError::new(format!("/{}", slip.member()), slip.to_string()));
        return Ok(Err(Error::Invalid(errors.collect())));
    }
    let given = record.platform.as_deref();
    // To whom the mail went is the agency's to know: it may have been who hosts the site of the link.
    let (platform, named) = match given.and_then(|text| text.parse::<PlatformId>().ok()) {
        Some(id) => match cx.registry.platform(&id.to_string()).await? {
            Some(_) => (Some(id.to_string()), None),
            None => {
                return Ok(Err(invalid(
                    "/platform",
                    format!("there is no platform {id}; write its host or its name instead"),
                )));
            }
        },
        None => (of_name.or(of_link), given.map(str::to_owned)),
    };
    let within = match (&platform, &named) {
        (Some(id), _) => id.clone(),
        (None, Some(name)) => format!("name:{}", name.trim().to_lowercase()),
        (None, None) => String::new(),
    };
    if within.is_empty() && !record.locator.key_stands_alone() {
        return Ok(Err(invalid(
            "/platform",
            "a plain name means something on one platform only; say on which, by its host or its name",
        )));
    }
    let key = repeats::key(&record.locator, &within);
    let identity = identity(
        agency.id,
        record.agency_reference.as_deref(),
        &record.locator,
        &key.within,
        record.facts.sent_on,
    );
    Ok(Ok(Prepared {
        record,
        platform,
        named,
        key,
        identity,
    }))
}

/// The host that a text is, as people write hosts: with a dot in it.
fn host(text: &str) -> Option<Host> {
    let text = text.trim();
    text.contains('.').then(|| Host::parse(text).ok()).flatten()
}
