//! What is judged of a filing before anything is stored.

use std::sync::Arc;

use takedown_core::agency::AgencyStatus;
use takedown_core::instrument::{
    Catalogue, Claim, ClaimedNonDisclosure, ClaimedService, ClaimedSpecified, ClaimedTerritory,
    Contradiction, Instrument,
};
use takedown_core::locator::{Host, ItemKind};
use takedown_core::request::MAX_ITEMS;
use takedown_core::text::Country;
use takedown_core::time::At;

use super::filing::{Filing, NewFiling, NewItem};
use crate::app::error::Broken;
use crate::app::parties::{Agency, Platform};
use crate::app::{Caller, Cx, Error, FieldError};

/// The agency that files, if it may.
pub(in crate::app) async fn filing_agency(
    cx: &Cx,
    caller: &Caller,
    now: At,
) -> Result<Arc<Agency>, Error> {
    let id = caller.actor.agency().ok_or(Error::NotFound)?;
    let agency = cx
        .registry
        .agency(&id.to_string())
        .await?
        .ok_or(Error::NotFound)?;
    if agency.status != AgencyStatus::Verified {
        return Err(Error::Forbidden(format!(
            "this agency is {}; only a verified agency files requests. The operator of this exchange verifies agencies.",
            agency.status.as_str()
        )));
    }
    if !agency.may_file(now) {
        return Err(Error::Forbidden(
            "the verification of this agency has expired; the operator of this exchange renews it"
                .into(),
        ));
    }
    Ok(agency)
}

/// No instrument has this name.
pub(super) fn unknown_instrument(catalogue: &Catalogue, new: &NewFiling) -> Error {
    let known: Vec<&str> = catalogue.iter().map(|i| i.id.as_str()).collect();
    Error::Invalid(vec![FieldError::new(
        "/instrument",
        format!(
            "there is no instrument {:?}; it is one of {}",
            takedown_core::text::visible(&new.instrument.chars().take(60).collect::<String>()),
            known.join(", ")
        ),
    )])
}

/// One to a thousand items, none twice.
pub(super) fn check_items(new: &NewFiling) -> Result<(), Error> {
    if new.items.is_empty() || new.items.len() > MAX_ITEMS {
        return Err(Error::Invalid(vec![FieldError::new(
            "/items",
            format!(
                "a request has 1 to {MAX_ITEMS} items, not {}",
                new.items.len()
            ),
        )]));
    }
    let mut errors = Vec::new();
    let mut seen = std::collections::HashMap::with_capacity(new.items.len());
    for (index, item) in new.items.iter().enumerate() {
        if let Some(first) = seen.insert((item.kind, item.locator.filed()), index) {
            errors.push(FieldError::new(
                format!("/items/{index}/locator"),
                format!(
                    "the same locator stands at /items/{first}; each thing is asked about once"
                ),
            ));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// A platform, and the places of the items that lie on it.
pub(super) type Share = (Arc<Platform>, Vec<usize>);

/// Which platforms the filing goes to, in the order of their first items: of each item the one whose registered host is
/// the longest suffix of the item's host, or the one that was named.
pub(super) async fn platforms_of(cx: &Cx, new: &NewFiling) -> Result<Vec<Share>, Error> {
    let hosts: Vec<Host> = new
        .items
        .iter()
        .filter_map(|i| i.locator.host().cloned())
        .collect();
    let mut found = cx.registry.platforms_of(&hosts).await?.into_iter();
    let mut unknown = Vec::new();
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (index, item) in new.items.iter().enumerate() {
        let by_host = item.locator.host().and_then(|_| found.next().flatten());
        // A host that is registered decides. Naming a platform covers items whose host nobody has registered, and
        // locators that have none.
        let Some(platform) = by_host.or_else(|| new.platform.clone()) else {
            unknown.push(FieldError::new(
                format!("/items/{index}/locator"),
                no_platform(item),
            ));
            continue;
        };
        match groups.iter_mut().find(|(id, _)| *id == platform) {
            Some((_, items)) => items.push(index),
            None => groups.push((platform, vec![index])),
        }
    }
    if !unknown.is_empty() {
        return Err(Error::UnknownPlatform(unknown));
    }
    if let (Some(named), [(only, _)]) = (&new.platform, groups.as_slice())
        && named != only
    {
        return Err(Error::Invalid(vec![FieldError::new(
            "/platform",
            format!(
                "the items lie on {only}, not on {named}; leave `platform` out and the hosts decide"
            ),
        )]));
    }
    if groups.len() > 1 && new.one_platform {
        return Err(Error::SeveralPlatforms(groups));
    }
    let mut shares = Vec::with_capacity(groups.len());
    for (id, items) in groups {
        let platform = cx.registry.platform(&id).await?;
        let open = |p: &Arc<Platform>| !p.suspended && p.standing.can_be_asked();
        let Some(platform) = platform.filter(open) else {
            return Err(not_to_be_asked(new, &id, &items));
        };
        shares.push((platform, items));
    }
    Ok(shares)
}

/// Nobody can be asked there: said of the platform where it was named, else of the items that lie on it.
fn not_to_be_asked(new: &NewFiling, id: &str, items: &[usize]) -> Error {
    let says =
        format!("there is no platform {id:?} that can be asked; GET /v1/platforms lists them");
    let whole = items.len() == new.items.len() || new.platform.as_deref() == Some(id);
    if whole {
        return Error::Invalid(vec![FieldError::new("/platform", says)]);
    }
    let places = items.iter();
    Error::Invalid(
        places
            .map(|place| FieldError::new(format!("/items/{place}/locator"), says.clone()))
            .collect(),
    )
}

fn no_platform(item: &NewItem) -> String {
    match item.locator.host() {
        Some(host) => format!(
            "no platform is registered for the host {}; name one in `platform`, or have the operator register it",
            host.as_str()
        ),
        None => "this locator has no host that would say which platform it is on; name one in `platform`".into(),
    }
}

/// Whether the filing contradicts the instrument it names.
pub(super) fn check_claim(
    instrument: &Instrument,
    agency: &Agency,
    (filing, kinds, jurisdiction): (&Filing, &[ItemKind], Country),
    waives_prior_notice: bool,
    now: At,
) -> Result<(), Error> {
    let grounds: Vec<&str> = filing.grounds.iter().map(String::as_str).collect();
    let service = match &filing.service {
        None => None,
        Some(service) => Some(ClaimedService {
            method: service.method.parse().map_err(|e| {
                Error::Invalid(vec![FieldError::new("/service/method", format!("{e}"))])
            })?,
            served_at: service.served_at,
        }),
    };
    let territory = &filing.territory;
    let said = territory.worldwide || !territory.countries.is_empty();
    let claim = Claim {
        jurisdiction,
        officer_rank: filing.officer.as_ref().and_then(|o| o.rank.as_deref()),
        grounds: &grounds,
        has_reasons: !filing.reasons.text.trim().is_empty(),
        provision: filing.provision.as_deref(),
        legal_basis: filing.elements.legal_basis.as_deref(),
        has_redress: filing.elements.redress.is_some(),
        bona_fide: filing.elements.bona_fide,
        territory: said.then_some(ClaimedTerritory {
            countries: &territory.countries,
            worldwide: territory.worldwide,
        }),
        items: kinds,
        service,
        specified: filing.specified.as_ref().map(|s| ClaimedSpecified {
            due_at: s.due_at,
            issued_by: Some(s.issued_by.as_str()),
        }),
        non_disclosure: filing
            .non_disclosure
            .as_ref()
            .map(|n| ClaimedNonDisclosure {
                until: n.until,
                reason: Some(n.reason.as_str()),
            }),
        preservation_until: filing.preservation.as_ref().map(|p| p.until),
        waives_prior_notice,
        ..Claim::by(agency.country, agency.agency_type, now)
    };
    instrument.check(&claim).map_err(contradicted)
}

/// The rules that a filing broke.
pub(super) fn contradicted(contradictions: Vec<Contradiction>) -> Error {
    let broken = contradictions.into_iter().map(|c| Broken {
        rule: c.rule.to_owned(),
        citation: c.citation,
        at: FieldError::new(c.pointer, c.detail),
    });
    Error::Contradiction(broken.collect())
}
