//! Filing a request.

use sha2::Sha256;
use takedown_core::history::{Data, Digest};
use takedown_core::id::SightingId;
use takedown_core::platform::Standing;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;

use super::attribute::not_a_decoy;
use super::commit::{Published, progress, publish, written};
use super::filing::{IfRepeated, NewFiling};
use super::judge::{
    Share, check_claim, check_items, filing_agency, platforms_of, unknown_instrument,
};
use super::oversight;
use super::parts::{Parts, earlier, parts_of, signed_before};
use super::view::{ItemView, RequestView};
use crate::app::once::{Answer, Once, once};
use crate::app::operations::{self, OperationBrief};
use crate::app::repeats::{self, Key, Repeat};
use crate::app::sightings;
use crate::app::signed::{self, Signed, Statement};
use crate::app::{Caller, Cx, Error};
use crate::store::backend::take_turns;
use crate::store::repeats::key_of;
use crate::store::requests::{self, ItemRow, RequestRow};
use crate::store::{Conn, StoreError};

/// What became of a filing.
#[derive(Debug)]
pub enum Filed<'a> {
    /// All items lie on one platform.
    One(&'a RequestView),
    /// One request for each platform, in the order of the first item that lies with it, and what keeps them together.
    Several(OperationBrief, &'a [RequestView]),
}

impl<'a> Filed<'a> {
    fn of(operation: Option<OperationBrief>, views: &'a [RequestView]) -> Result<Self, StoreError> {
        match (operation, views) {
            (Some(operation), views) => Ok(Self::Several(operation, views)),
            (None, [only]) => Ok(Self::One(only)),
            (None, _) => Err(StoreError::Inconsistent(
                "the parts of a filing are in no operation".into(),
            )),
        }
    }
}

/// Files a request, or one for each platform when the items lie on several, and answers with what `render` makes of it.
///
/// All of it is stored in one commit or none of it, and the answer is given only after the commit. The same filing sent
/// twice is one filing: by its idempotency key, or by the agency's own reference when the content is the same.
///
/// # Errors
/// [`Error::Forbidden`] while the agency is not verified, [`Error::AskedAlready`], [`Error::UnknownPlatform`],
/// [`Error::SeveralPlatforms`], [`Error::Contradiction`], [`Error::DuplicateReference`], [`Error::KeyMismatch`],
/// [`Error::Signature`] for what is signed and does not count, [`Error::Unsigned`] for what is not where the agency signs
/// everything, and those of the store.
pub async fn file(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    mut new: NewFiling,
    render: fn(&Filed, &Caller) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::FileRequest, &Resource::Exchange)?;
    let now = cx.now();
    let statement = new.signed.take();
    if statement.is_some() {
        signed::publishable(&new)?;
        // A statement is addressed to one platform.
        new.one_platform = true;
    }
    let agency = filing_agency(cx, caller, now).await?;
    if agency.signature_required && statement.is_none() {
        return Err(Error::Unsigned);
    }
    let catalogue = &cx.powers.catalogue;
    let instrument = catalogue
        .get(&new.instrument)
        .ok_or_else(|| unknown_instrument(catalogue, &new))?;
    check_items(&new)?;
    let shares = platforms_of(cx, &new).await?;
    if let (Some(statement), [(platform, _)]) = (&statement, shares.as_slice()) {
        signed::addressed(cx, &statement.claims().audience, platform).await?;
    }
    let jurisdiction = new.jurisdiction.unwrap_or(agency.country);
    let kinds: Vec<_> = new.items.iter().map(|i| i.kind).collect();
    check_claim(
        instrument,
        &agency,
        (&new.filing, &kinds, jurisdiction),
        new.prior_notice_waived.is_some(),
        now,
    )?;
    not_a_decoy(instrument.kind, new.filing.attribution.as_ref())?;
    let (digest, if_repeated) = (new.digest, new.if_repeated);
    let waived = new.prior_notice_waived.clone();
    let keys: Vec<Digest> = match if_repeated {
        IfRepeated::File => Vec::new(),
        IfRepeated::Refuse => {
            let keys = new.items.iter().map(|item| item.locator.key().as_str());
            keys.map(Digest::of).collect()
        }
    };
    let followed = std::mem::take(&mut new.sightings);
    let first = |(platform, _): &Share| platform.standing == Standing::Sighted;
    let first = shares.iter().any(first);
    let mut parts = parts_of((new, jurisdiction), &agency, shares, instrument, now)?;
    let (cx2, caller2) = (cx.clone(), caller.clone());
    let filed = cx
        .store
        .write_then(
            move |conn| {
                let mut published = Vec::new();
                let answer = once(
                    conn,
                    &caller2.client.to_string(),
                    key.as_ref(),
                    now,
                    |conn| {
                        if let Some(statement) = &statement {
                            if let Some(view) = signed_before(conn, &parts, statement)? {
                                return Ok(render(&Filed::One(&view), &caller2));
                            }
                            sign(conn, &mut parts, statement, now)?;
                        }
                        if let Some((operation, views)) = earlier(conn, &parts, digest)? {
                            return Ok(render(&Filed::of(operation, &views)?, &caller2));
                        }
                        oversight::begin(conn, &cx2, &mut parts.views, waived.as_deref(), now)?;
                        let items = item_rows(&parts.views)?;
                        let keys = keys_of(&parts, &items);
                        if if_repeated == IfRepeated::Refuse {
                            // Before anything is read: whoever was first has committed by then.
                            take_turns(conn, &keys)?;
                        }
                        let repeats = repeats_of(conn, &cx2, &parts, (&items, &keys), now)?;
                        let open = |(_, repeat): &(usize, Repeat)| repeat.may_be_open();
                        if if_repeated == IfRepeated::Refuse && repeats.iter().flatten().any(open) {
                            return Err(Error::AskedAlready(parts.as_filed(repeats)));
                        }
                        let operation;
                        let filing = (&mut parts, items.as_slice(), followed.as_slice());
                        (operation, published) = store(
                            conn,
                            (&cx2, &caller2),
                            filing,
                            (digest, statement.as_ref()),
                            now,
                        )?;
                        // Only now: nothing of it belongs into what the platform is told.
                        for (view, repeats) in parts.views.iter_mut().zip(repeats) {
                            view.repeats = Some(repeats);
                        }
                        let answer = render(&Filed::of(operation, &parts.views)?, &caller2);
                        for view in &mut parts.views {
                            view.repeats = None;
                        }
                        Ok(answer)
                    },
                )?;
                Ok::<_, Error>((answer, published))
            },
            Published::announce(cx),
        )
        .await;
    if first {
        // Now it counts as written to.
        cx.registry.changed();
    }
    if let Err(Error::AskedAlready(_)) = &filed {
        // Whoever is refused has learned what a lookup tells.
        repeats::record(cx, caller, keys).await?;
    }
    Ok(filed?.0)
}

/// Notes that the unit signed it, once that is sure.
fn sign(conn: &mut Conn, parts: &mut Parts, statement: &Statement, now: At) -> Result<(), Error> {
    for view in &mut parts.views {
        signed::check(conn, statement, &view.agency.id.to_string(), now)?;
        view.signed = Some(Signed::filed(statement));
    }
    Ok(())
}

/// What was asked about before, of each part by the place of the item in it.
fn repeats_of(
    conn: &mut Conn,
    cx: &Cx,
    parts: &Parts,
    (items, keys): (&[Vec<ItemRow>], &[Key]),
    now: At,
) -> Result<Vec<Vec<(usize, Repeat)>>, Error> {
    let Some(agency) = parts.views.first().map(|view| &view.agency) else {
        return Ok(Vec::new());
    };
    let mut found = repeats::find(cx, conn, agency, keys, now)?.into_iter();
    let of_part = |items: &Vec<ItemRow>| {
        let found = found.by_ref().take(items.len()).enumerate();
        found
            .filter_map(|(place, repeat)| Some((place, repeat?)))
            .collect()
    };
    Ok(items.iter().map(of_part).collect())
}

/// What makes each item of each part the same as another.
fn keys_of(parts: &Parts, items: &[Vec<ItemRow>]) -> Vec<Key> {
    let mut keys = Vec::new();
    for (view, items) in parts.views.iter().zip(items) {
        let platform = view.platform.id.to_string();
        keys.extend(items.iter().map(|item| key_of(item, &platform)));
    }
    keys
}

/// The rows of the items of each part.
fn item_rows(views: &[RequestView]) -> Result<Vec<Vec<ItemRow>>, Error> {
    let of = |view: &RequestView| {
        let id = view.request.id.to_string();
        view.items.iter().map(|item| item_row(&id, item)).collect()
    };
    views.iter().map(of).collect()
}

/// Stores every part of a filing, and the operation that keeps them together, in the caller's transaction.
fn store(
    conn: &mut Conn,
    (cx, caller): (&Cx, &Caller),
    (parts, items, followed): (&mut Parts, &[Vec<ItemRow>], &[SightingId]),
    (digest, statement): (Digest, Option<&Statement>),
    now: At,
) -> Result<(Option<OperationBrief>, Vec<Published>), Error> {
    let operation = match &parts.operation {
        Some(wanted) => Some(operations::for_filing(conn, caller, wanted, now)?),
        None => None,
    };
    let roles = parts.roles.clone();
    let mut signature = None;
    let each = parts.views.iter_mut().zip(items).zip(roles).zip(1..);
    for (((view, items), role), number) in each {
        view.operation = operation.as_ref().map(|o| o.label.clone());
        insert(conn, (view, items), digest, number, now)?;
        if let Some(statement) = statement {
            let (agency, request) = (view.agency.id.to_string(), view.request.id.to_string());
            let version = view.request.version;
            // What is signed has one part.
            signature = Some(signed::keep(
                conn,
                statement,
                (&agency, &request),
                version,
                now,
            )?);
        }
        if let Some(operation) = &operation {
            operations::put(conn, caller, &operation.id, (view.request.id, role), now)?;
        }
    }
    sightings::of_filing(conn, caller, followed, (&parts.views, items), now)?;
    // Feeds are held from here to the commit: always in one order, so that no two filings wait for each other.
    let mut order: Vec<_> = parts.views.iter().zip(&parts.changes).collect();
    order.sort_unstable_by_key(|(view, _)| view.platform.id);
    let mut published = Vec::new();
    let mut copies = Vec::new();
    for (view, change) in order {
        let by = view.filing.prior_notice.as_ref().map(|known| known.by);
        let copied = view.oversight.copied_to();
        let locators = view.items.iter().map(|item| item.locator.as_str());
        let data = Data::filed(change, digest, by, copied)
            .over(locators)
            .signed(signature.clone());
        let id = written(conn, caller, view, change, data, now)?;
        let to = view.platform.id.to_string();
        published.push(publish(conn, cx, view, (&id, change.event), &to, now)?);
        copies.extend(copied.map(|authority| (authority.to_string(), id, view)));
    }
    published.extend(oversight::copy(conn, cx, copies, now)?);
    Ok((operation.filter(|_| parts.views.len() > 1), published))
}

fn insert(
    conn: &mut Conn,
    (view, items): (&RequestView, &[ItemRow]),
    digest: Digest,
    part: i32,
    now: At,
) -> Result<(), Error> {
    let p = progress(view, now)?;
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
        preservation: p.preservation,
        preservation_status: p.preservation_status,
        preservation_until: p.preservation_until,
        preservation_due: p.preservation_due,
        part,
        oversight: view.oversight.stored()?,
        taken_back_count: 0,
        signed: view.signed.as_ref().map(Signed::stored).transpose()?,
        filing_salt: view
            .filing_salt
            .as_ref()
            .map(|salt| salt.as_bytes().to_vec()),
        erased_at: None,
        doubted_at: None,
        id: view.request.id.to_string(),
    };
    Ok(requests::insert(conn, &row, items)?)
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
        answer: None,
        restoration_outcome: None,
        first_decided_at: None,
        undone: None,
    })
}
