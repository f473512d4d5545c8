//! Filing a request.

use std::sync::Arc;

use sha2::Sha256;
use takedown_core::history::{Data, Digest};
use takedown_core::id::{ItemId, Reference, RequestId};
use takedown_core::instrument::Instrument;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{
    Change, Item, ItemRestoration, NewRequest, NotFiled, Request, Starts,
};
use takedown_core::text::Country;
use takedown_core::time::At;
use uuid::Uuid;

use super::attribute::not_a_decoy;
use super::check::CheckCode;
use super::commit::{Published, progress, record};
use super::filing::{IfRepeated, NewFiling};
use super::judge::{check_claim, check_items, filing_agency, platform_of, unknown_instrument};
use super::load;
use super::power::Kept;
use super::revision::Revisions;
use super::view::{ItemView, RequestView};
use crate::app::once::{Answer, Once, once};
use crate::app::parties::{Agency, Platform};
use crate::app::repeats::{self, Repeat};
use crate::app::{Caller, Cx, Error, FieldError, registry};
use crate::store::repeats::key_of;
use crate::store::requests::{self, Filter, ItemRow, RequestRow, Scope};
use crate::store::{Conn, StoreError};

/// Files a request and answers with what `render` makes of it.
///
/// The answer is given only after the commit. The same filing sent twice is one filing: by its idempotency key, or by
/// the agency's own reference when the content is the same.
///
/// # Errors
/// [`Error::Forbidden`] while the agency is not verified, [`Error::AskedAlready`], [`Error::UnknownPlatform`], [`Error::SeveralPlatforms`],
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
    let catalogue = &cx.powers.catalogue;
    let instrument = catalogue
        .get(&new.instrument)
        .ok_or_else(|| unknown_instrument(catalogue, &new))?;
    check_items(&new)?;
    let platform = platform_of(cx, &new).await?;
    let jurisdiction = new.jurisdiction.unwrap_or(agency.country);
    let kinds: Vec<_> = new.items.iter().map(|i| i.kind).collect();
    check_claim(
        instrument,
        &agency,
        (&new.filing, &kinds, jurisdiction),
        now,
    )?;
    not_a_decoy(instrument.kind, new.filing.attribution.as_ref())?;
    let (digest, if_repeated) = (new.digest, new.if_repeated);
    let keys: Vec<Digest> = match if_repeated {
        IfRepeated::File => Vec::new(),
        IfRepeated::Refuse => {
            let keys = new.items.iter().map(|item| item.locator.key().as_str());
            keys.map(Digest::of).collect()
        }
    };
    let (mut view, change) = view_of((new, jurisdiction), agency, platform, instrument, now)?;
    let (cx2, caller2) = (cx.clone(), caller.clone());
    let filed = cx
        .store
        .write_then(
            move |conn| {
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
                        let items = item_rows(&view)?;
                        let repeats = repeats_of(conn, &cx2, &view, &items, now)?;
                        if if_repeated == IfRepeated::Refuse
                            && repeats.iter().any(|(_, repeat)| repeat.may_be_open())
                        {
                            return Err(Error::AskedAlready(repeats));
                        }
                        let new = (&view, items.as_slice(), &change);
                        published = insert(conn, &cx2, &caller2, new, digest, now)?;
                        // Only now: nothing of it belongs into what the platform is told.
                        view.repeats = Some(repeats);
                        let answer = render(&view, &caller2);
                        view.repeats = None;
                        Ok(answer)
                    },
                )?;
                Ok::<_, Error>((answer, published))
            },
            Published::announce(cx),
        )
        .await;
    if let Err(Error::AskedAlready(_)) = &filed {
        // Whoever is refused has learned what a lookup tells.
        repeats::record(cx, caller, keys).await?;
    }
    Ok(filed?.0)
}

/// What of a filing was asked about before, by the place of the item.
fn repeats_of(
    conn: &mut Conn,
    cx: &Cx,
    view: &RequestView,
    items: &[ItemRow],
    now: At,
) -> Result<Vec<(usize, Repeat)>, Error> {
    let platform = view.platform.id.to_string();
    let keys: Vec<_> = items.iter().map(|item| key_of(item, &platform)).collect();
    let found = repeats::find(cx, conn, &view.agency, &keys, now)?;
    let found = found.into_iter().enumerate();
    Ok(found
        .filter_map(|(place, repeat)| Some((place, repeat?)))
        .collect())
}

fn item_rows(view: &RequestView) -> Result<Vec<ItemRow>, Error> {
    let id = view.request.id.to_string();
    view.items.iter().map(|item| item_row(&id, item)).collect()
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
    filing.kept = Kept::of(instrument, &filing.grounds);
    if !filing.territory.worldwide && filing.territory.countries.is_empty() {
        filing.territory.countries = instrument.default_territory(jurisdiction);
    }
    let items: Vec<ItemView> = (1..)
        .zip(new.items)
        .map(|(position, item)| ItemView {
            item: Item::new(ItemId::from_uuid(Uuid::now_v7()), position),
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
        restoration: ItemRestoration::NotAsked,
        revisions: Revisions::default(),
        repeats: None,
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
    // Not necessarily the one it would go to now: hosts change hands.
    let platform = registry::load_platform(conn, &row.platform_id)?
        .map(Arc::new)
        .ok_or(Error::NotFound)?;
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
    (view, items, change): (&RequestView, &[ItemRow], &Change),
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
        revisions: None,
        corrections: 0,
        withdrawal: None,
        restoration: None,
        id,
    };
    requests::insert(conn, &row, items)?;
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
        withdrawn_at: None,
        withdrawal: None,
        restore: None,
    })
}
