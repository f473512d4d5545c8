//! Filing a request.

use std::sync::Arc;

use sha2::Sha256;
use takedown_core::agency::AgencyStatus;
use takedown_core::history::{Data, Digest};
use takedown_core::id::{ItemId, Reference, RequestId};
use takedown_core::instrument::{
    Catalogue, Claim, ClaimedNonDisclosure, ClaimedService, ClaimedSpecified, ClaimedTerritory,
    Instrument,
};
use takedown_core::locator::{Host, ItemKind};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{Change, Item, MAX_ITEMS, NewRequest, NotFiled, Request, Starts};
use takedown_core::text::Country;
use takedown_core::time::At;
use uuid::Uuid;

use super::check::CheckCode;
use super::commit::{Published, progress, record};
use super::filing::{NewFiling, NewItem};
use super::load;
use super::view::{ItemView, RequestView};
use crate::app::error::Broken;
use crate::app::once::{Answer, Once, once};
use crate::app::parties::{Agency, Platform};
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::requests::{self, Filter, ItemRow, RequestRow, Scope};
use crate::store::{Conn, StoreError};

/// Files a request and answers with what `render` makes of it.
///
/// The answer is given only after the commit. The same filing sent twice is one filing: by its idempotency key, or by
/// the agency's own reference when the content is the same.
///
/// # Errors
/// [`Error::Forbidden`] while the agency is not verified, [`Error::UnknownPlatform`], [`Error::SeveralPlatforms`],
/// [`Error::Contradiction`], [`Error::DuplicateReference`], [`Error::KeyMismatch`], and those of the store.
pub async fn file(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewFiling,
    render: fn(&RequestView, &Caller) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::FileRequest, &Resource::Exchange)?;
    let now = cx.now();
    let agency = filing_agency(cx, caller, now).await?;
    let instrument = Catalogue::builtin()
        .get(&new.instrument)
        .ok_or_else(|| unknown_instrument(&new))?;
    check_items(&new)?;
    let platform = platform_of(cx, &new).await?;
    let jurisdiction = new.jurisdiction.unwrap_or(agency.country);
    check_claim(instrument, &agency, (&new, jurisdiction), now)?;
    let digest = new.digest;
    let (view, change) = view_of((new, jurisdiction), agency, platform, instrument, now)?;
    let (cx2, caller2) = (cx.clone(), caller.clone());
    let (answer, published) = cx
        .store
        .write(move |conn| {
            let mut published = None;
            let answer = once(
                conn,
                &caller2.client.to_string(),
                key.as_ref(),
                now,
                |conn| {
                    if let Some(earlier) = earlier(conn, &view, digest)? {
                        return Ok(render(&earlier, &caller2));
                    }
                    published = insert(conn, &cx2, &caller2, (&view, &change), digest, now)?;
                    Ok(render(&view, &caller2))
                },
            )?;
            Ok::<_, Error>((answer, published))
        })
        .await?;
    Published::announce(published, cx);
    Ok(answer)
}

async fn filing_agency(cx: &Cx, caller: &Caller, now: At) -> Result<Arc<Agency>, Error> {
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

fn unknown_instrument(new: &NewFiling) -> Error {
    let known: Vec<&str> = Catalogue::builtin().iter().map(|i| i.id.as_str()).collect();
    Error::Invalid(vec![FieldError::new(
        "/instrument",
        format!(
            "there is no instrument {:?}; it is one of {}",
            takedown_core::text::visible(&new.instrument.chars().take(60).collect::<String>()),
            known.join(", ")
        ),
    )])
}

fn check_items(new: &NewFiling) -> Result<(), Error> {
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

/// Which platform the filing goes to: the one whose registered host is the longest suffix of the items' hosts, or the
/// one that was named.
async fn platform_of(cx: &Cx, new: &NewFiling) -> Result<Arc<Platform>, Error> {
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
    if groups.len() > 1 {
        return Err(Error::SeveralPlatforms(groups));
    }
    let id = groups.pop().map(|(id, _)| id).ok_or(Error::NotFound)?;
    let nobody = || {
        Error::Invalid(vec![FieldError::new(
            "/platform",
            format!("there is no platform {id:?} that can be asked; GET /v1/platforms lists them"),
        )])
    };
    let platform = cx.registry.platform(&id).await?.ok_or_else(nobody)?;
    if platform.suspended || !platform.standing.can_be_asked() {
        return Err(nobody());
    }
    Ok(platform)
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

fn check_claim(
    instrument: &Instrument,
    agency: &Agency,
    (new, jurisdiction): (&NewFiling, Country),
    now: At,
) -> Result<(), Error> {
    let filing = &new.filing;
    let grounds: Vec<&str> = filing.grounds.iter().map(String::as_str).collect();
    let kinds: Vec<ItemKind> = new.items.iter().map(|i| i.kind).collect();
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
        territory: said.then_some(ClaimedTerritory {
            countries: &territory.countries,
            worldwide: territory.worldwide,
        }),
        items: &kinds,
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
        ..Claim::by(agency.country, agency.agency_type, now)
    };
    instrument.check(&claim).map_err(|contradictions| {
        Error::Contradiction(
            contradictions
                .into_iter()
                .map(|c| Broken {
                    rule: c.rule.to_owned(),
                    citation: c.citation,
                    at: FieldError::new(c.pointer, c.detail),
                })
                .collect(),
        )
    })
}

fn view_of(
    (new, jurisdiction): (NewFiling, Country),
    agency: Arc<Agency>,
    platform: Arc<Platform>,
    instrument: &Instrument,
    now: At,
) -> Result<(RequestView, Change), Error> {
    let id = RequestId::from_uuid(Uuid::now_v7());
    let mut filing = new.filing;
    if !filing.territory.worldwide && filing.territory.countries.is_empty() {
        filing.territory.countries = instrument.default_territory(jurisdiction);
    }
    let items: Vec<ItemView> = (1..)
        .zip(new.items)
        .map(|(position, item)| ItemView {
            item: Item {
                id: ItemId::from_uuid(Uuid::now_v7()),
                position,
                outcome: None,
            },
            kind: item.kind,
            locator: item.locator.filed().to_owned(),
            host: item.locator.host().map(|h| h.as_str().to_owned()),
            detail: item.detail,
            decided_at: None,
        })
        .collect();
    let count = i32::try_from(items.len()).unwrap_or(i32::MAX);
    let change = Request::file(
        NewRequest {
            id,
            agency: agency.id,
            platform: platform.id,
            kind: instrument.kind,
            instrument: instrument.id.clone(),
            clock: instrument.clock.clone(),
            starts: Starts {
                served_apart: instrument.service.is_some(),
                served_at: filing.service.as_ref().map(|s| s.served_at),
                specified_due_at: filing.specified.as_ref().map(|s| s.due_at),
            },
            items: items.iter().map(|i| i.item.id).collect(),
        },
        now,
    )
    .map_err(|refused| {
        let pointer = match &refused {
            NotFiled::Items(_) | NotFiled::RepeatedItem(_) => "/items",
            NotFiled::Clock(_) => "/service/served_at",
        };
        Error::Invalid(vec![FieldError::new(pointer, refused.to_string())])
    })?;
    let view = RequestView {
        request: change.request.clone(),
        reference: Reference::from_request(id),
        check_code: CheckCode::draw()?,
        agency,
        platform,
        agency_reference: new.agency_reference,
        platform_reference: None,
        operation: new.operation,
        jurisdiction,
        filing,
        items,
        items_count: count,
        undecided_count: count,
    };
    Ok((view, change))
}

/// The request that this agency has filed under this reference, if its content is the same.
fn earlier(
    conn: &mut Conn,
    view: &RequestView,
    digest: Digest,
) -> Result<Option<RequestView>, Error> {
    let Some(reference) = &view.agency_reference else {
        return Ok(None);
    };
    let scope = Scope::Agency(view.agency.id.to_string());
    let filter = Filter {
        agency_reference: Some(reference.clone()),
        ..Filter::default()
    };
    let Some(row) = requests::page(conn, &scope, &filter, None, 1)?.pop() else {
        return Ok(None);
    };
    if row.filing_digest != digest.as_bytes() {
        return Err(Error::DuplicateReference(row.id));
    }
    let (row, items) = load::rows(conn, &scope, &row.id)?;
    let platform = Arc::clone(&view.platform);
    Ok(Some(super::from_rows(
        row,
        items,
        Arc::clone(&view.agency),
        platform,
    )?))
}

fn insert(
    conn: &mut Conn,
    cx: &Cx,
    caller: &Caller,
    (view, change): (&RequestView, &Change),
    digest: Digest,
    now: At,
) -> Result<Option<Published>, Error> {
    let p = progress(view, now)?;
    let id = view.request.id.to_string();
    let row = RequestRow {
        reference: view.reference.to_string(),
        check_code: view.check_code.to_string(),
        agency_id: view.agency.id.to_string(),
        platform_id: view.platform.id.to_string(),
        instrument: view.request.instrument.as_str().to_owned(),
        kind: view.request.kind.as_str().to_owned(),
        jurisdiction: view.jurisdiction.to_string(),
        status: p.status,
        result: p.result,
        version: p.version,
        agency_reference: view.agency_reference.clone(),
        platform_reference: None,
        operation: view.operation.clone(),
        items_count: view.items_count,
        undecided_count: view.undecided_count,
        filed_at: view.request.filed_at.timestamp_millis(),
        fetched_at: p.fetched_at,
        acknowledged_at: p.acknowledged_at,
        closed_at: p.closed_at,
        withdrawn_at: p.withdrawn_at,
        due_at: p.due_at,
        remind_at: p.remind_at,
        updated_at: p.updated_at,
        state: p.state,
        clock: p.clock,
        filing: serde_json::to_string(&view.filing).map_err(StoreError::from)?,
        filing_digest: digest.as_bytes().to_vec(),
        id: id.clone(),
    };
    let items = view
        .items
        .iter()
        .map(|item| item_row(&id, item))
        .collect::<Result<Vec<_>, _>>()?;
    requests::insert(conn, &row, &items)?;
    record(
        conn,
        cx,
        caller,
        view,
        change,
        Data::filed(change, digest),
        now,
    )
}

fn item_row(request: &str, item: &ItemView) -> Result<ItemRow, Error> {
    // It was parsed when it came in; parsing it again keeps the view free of what only the database needs.
    let locator = takedown_core::locator::Locator::parse(item.kind, &item.locator)
        .map_err(|e| StoreError::Inconsistent(e.to_string()))?;
    let key = locator.key().as_str().to_owned();
    let digest: [u8; 32] = <Sha256 as sha2::Digest>::digest(&key).into();
    Ok(ItemRow {
        id: item.item.id.to_string(),
        request_id: request.to_owned(),
        position: item.item.position,
        kind: item.kind.as_str().to_owned(),
        locator: item.locator.clone(),
        comparison_digest: digest[..16].to_vec(),
        comparison_key: key,
        host: item.host.clone(),
        detail: serde_json::to_string(&item.detail).map_err(StoreError::from)?,
        outcome: None,
        outcome_detail: None,
        decided_at: None,
    })
}
