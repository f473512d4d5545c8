//! One filing, one request for each platform its items lie on.

use std::sync::Arc;

use takedown_core::history::Digest;
use takedown_core::id::{ItemId, Reference, RequestId};
use takedown_core::instrument::Instrument;
use takedown_core::operation::TargetRole;
use takedown_core::preservation::Preservation;
use takedown_core::request::{
    Change, Item, ItemRestoration, MAX_ITEMS, NewRequest, NotFiled, Request, Starts,
};
use takedown_core::text::Country;
use takedown_core::time::At;
use uuid::Uuid;

use super::check::CheckCode;
use super::filing::{NewFiling, NewItem};
use super::judge::Share;
use super::load;
use super::oversight::Oversight;
use super::power::Kept;
use super::revision::Revisions;
use super::view::{ItemView, RequestView};
use crate::app::operations::{self, OperationBrief};
use crate::app::parties::{Agency, Platform};
use crate::app::signed::{self, Statement};
use crate::app::{Clock, Error, FieldError, log, registry};
use crate::store::requests::{self, Filter, RequestRow, Scope};
use crate::store::{Conn, corrections};

/// The requests that a filing becomes, and the changes that make them, in the same order.
pub(super) struct Parts {
    pub(super) views: Vec<RequestView>,
    pub(super) changes: Vec<Change>,
    /// Of each, where its items stand in the filing.
    places: Vec<Vec<usize>>,
    /// Of each, the part that its platform plays in the operation.
    pub(super) roles: Vec<Option<TargetRole>>,
    /// The label or the identifier of the operation they belong to.
    pub(super) operation: Option<String>,
}

impl Parts {
    /// What is known of items by their places in the parts, by their places in the filing.
    pub(super) fn as_filed<T>(&self, of_parts: Vec<Vec<(usize, T)>>) -> Vec<(usize, T)> {
        let mut filed: Vec<(usize, T)> = Vec::new();
        for (places, known) in self.places.iter().zip(of_parts) {
            let known = known.into_iter();
            filed.extend(known.filter_map(|(place, of)| Some((*places.get(place)?, of))));
        }
        filed.sort_by_key(|(place, _)| *place);
        filed
    }
}

/// Divides a filing. Everything but the items is the same in every part.
pub(super) fn parts_of(
    (mut new, jurisdiction): (NewFiling, Country),
    agency: &Arc<Agency>,
    shares: Vec<Share>,
    instrument: &Instrument,
    now: At,
) -> Result<Parts, Error> {
    let roles = roles_of(&new, &shares)?;
    let mut items: Vec<Option<NewItem>> = std::mem::take(&mut new.items)
        .into_iter()
        .map(Some)
        .collect();
    let (mut views, mut changes, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for (platform, places) in shares {
        let own = places
            .iter()
            .filter_map(|place| items.get_mut(*place)?.take())
            .collect();
        kept.push(places);
        let (view, change) = view_of(
            (&new, jurisdiction),
            Arc::clone(agency),
            (platform, own),
            instrument,
            now,
        )?;
        views.push(view);
        changes.push(change);
    }
    // Several requests are always kept together: under the label given, else under the agency's own file number, else
    // under the reference of the first.
    let operation = new.operation.or_else(|| match views.as_slice() {
        [first, _, ..] => Some(
            new.agency_reference
                .unwrap_or_else(|| first.reference.to_string()),
        ),
        _ => None,
    });
    Ok(Parts {
        views,
        changes,
        places: kept,
        roles,
        operation,
    })
}

/// The part that each platform plays. One request is about one part of an operation, so what is said of the items on one
/// platform must be the same; what is said of none of them is none.
fn roles_of(new: &NewFiling, shares: &[Share]) -> Result<Vec<Option<TargetRole>>, Error> {
    let mut roles = Vec::with_capacity(shares.len());
    let mut errors = Vec::new();
    for (_, places) in shares {
        let said = places.iter().filter_map(|place| {
            let role = new.items.get(*place)?.role?;
            Some((*place, role))
        });
        let mut role = None;
        for (place, said) in said {
            let mut refuse = |why: String| {
                errors.push(FieldError::new(format!("/items/{place}/role"), why));
            };
            match role {
                None if new.operation.is_none() && shares.len() == 1 => {
                    refuse("a part is played in an operation; name one in `operation`".into())
                }
                Some(other) if other != said => refuse(format!(
                    "the items on one platform become one request, which plays one part; another one is said to be its {other}"
                )),
                _ => {}
            }
            role = role.or(Some(said));
        }
        roles.push(role);
    }
    if errors.is_empty() {
        Ok(roles)
    } else {
        Err(Error::Invalid(errors))
    }
}

fn view_of(
    (new, jurisdiction): (&NewFiling, Country),
    agency: Arc<Agency>,
    (platform, items): (Arc<Platform>, Vec<NewItem>),
    instrument: &Instrument,
    now: At,
) -> Result<(RequestView, Change), Error> {
    let id = RequestId::from_uuid(Clock::identifier(now));
    let mut filing = new.filing.clone();
    filing.kept = Kept::of(instrument, &filing.grounds);
    if !filing.territory.worldwide && filing.territory.countries.is_empty() {
        filing.territory.countries = instrument.default_territory(jurisdiction);
    }
    let items: Vec<ItemView> = (1..)
        .zip(items)
        .map(|(position, item)| ItemView {
            item: Item::new(ItemId::from_uuid(Uuid::now_v7()), position),
            kind: item.kind,
            locator: item.locator.filed().to_owned(),
            host: item.locator.host().map(|h| h.as_str().to_owned()),
            detail: item.detail,
            decided_at: None,
            first_decided_at: None,
            undone: None,
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
        agency_reference: new.agency_reference.clone(),
        platform_reference: None,
        operation: None,
        jurisdiction,
        preservation: filing
            .preservation
            .as_ref()
            .map(|kept| Preservation::filed(kept.until, now)),
        filing,
        items,
        items_count: count,
        undecided_count: count,
        taken_back_count: 0,
        restoration: ItemRestoration::NotAsked,
        revisions: Revisions::default(),
        oversight: Oversight::default(),
        signed: None,
        filing_salt: Some(log::draw_salt()?),
        erased_at: None,
        repeats: None,
        document: None,
    };
    Ok((view, change))
}

/// What was filed with this very statement before.
pub(super) fn signed_before(
    conn: &mut Conn,
    parts: &Parts,
    statement: &Statement,
) -> Result<Option<RequestView>, Error> {
    let Some(part) = parts.views.first() else {
        return Ok(None);
    };
    let agency = part.agency.id.to_string();
    let Some(id) = signed::earlier(conn, statement, &agency)? else {
        return Ok(None);
    };
    let (row, items) = load::rows(conn, &Scope::Agency(agency), &id)?;
    let platform = registry::load_platform(conn, &row.platform_id)?.map(Arc::new);
    let platform = platform.ok_or(Error::NotFound)?;
    let view = super::from_rows(row, items, Arc::clone(&part.agency), platform)?;
    Ok(Some(view))
}

/// What a filing that was made before became.
type Earlier = (Option<OperationBrief>, Vec<RequestView>);

/// What this agency has filed under this reference, if its content is the same.
pub(super) fn earlier(
    conn: &mut Conn,
    parts: &Parts,
    digest: Digest,
) -> Result<Option<Earlier>, Error> {
    let Some(view) = parts.views.first() else {
        return Ok(None);
    };
    let Some(reference) = &view.agency_reference else {
        return Ok(None);
    };
    if !corrections::is_known(conn, &view.agency.id.to_string(), reference)? {
        return Ok(None);
    }
    let scope = Scope::Agency(view.agency.id.to_string());
    let filter = Filter {
        agency_reference: Some(reference.clone()),
        ..Filter::default()
    };
    // A filing has as many parts as items at the most.
    let most = i64::try_from(MAX_ITEMS).unwrap_or(i64::MAX);
    let present = requests::page(conn, &scope, &filter, None, most)?;
    // A number that was corrected since may be another filing's by now; the same filing is known by its content.
    let once = corrections::once_under(conn, &view.agency.id.to_string(), reference)?;
    let first_part = present.iter().min_by_key(|row| row.part);
    let other = first_part.map(|row| row.id.clone());
    let mut rows: Vec<RequestRow> = present.into_iter().chain(once).collect();
    rows.retain(|row| row.filing_digest == digest.as_bytes());
    rows.sort_unstable_by_key(|row| row.part);
    rows.dedup_by(|one, next| one.id == next.id);
    match (rows.is_empty(), other) {
        (false, _) => {}
        (true, Some(other)) => return Err(Error::DuplicateReference(other)),
        (true, None) => return Ok(None),
    }
    let operation = match rows.as_slice() {
        [first, _, ..] => operations::of_request(conn, &first.id)?,
        _ => None,
    };
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let (row, items) = load::rows(conn, &scope, &row.id)?;
        // Not necessarily the one it would go to now: hosts change hands.
        let platform = registry::load_platform(conn, &row.platform_id)?
            .map(Arc::new)
            .ok_or(Error::NotFound)?;
        let agency = Arc::clone(&view.agency);
        views.push(super::from_rows(row, items, agency, platform)?);
    }
    Ok(Some((operation, views)))
}
