//! What a platform is asked as a collection of STIX objects, for programs that speak TAXII 2.1.
//!
//! One collection for each platform, of which nobody else knows. What is in it and since when is kept; what it says is made from
//! the requests when it is read, by the use case that reads requests: the same receipt, the same entry in the history.

mod ids;
mod stix;
mod up_to_date;
mod wanted;

pub use ids::can_be;
pub use wanted::{Chosen, Page, Record};

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use takedown_core::id::PlatformId;
use takedown_core::page::CollectionCursor;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::{At, from_millis};
use uuid::Uuid;

use self::stix::{Object, objects};
use self::wanted::What;
use super::parties::Platform;
use super::{Caller, Cx, Error, requests};
use crate::store::StoreError;
use crate::store::collections::{self as store, ObjectRow};

/// A platform's collection.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The platform's UUID.
    pub id: Uuid,
    /// Whose requests are in it.
    pub title: String,
}

/// Whether somebody may know that there are collections.
///
/// # Errors
/// Those of the policy.
pub fn discover(caller: &Caller) -> Result<(), Error> {
    authorize(
        &caller.actor,
        Action::DiscoverCollections,
        &Resource::Exchange,
    )?;
    Ok(())
}

/// Whether somebody may know where they are.
///
/// # Errors
/// Those of the policy.
pub fn root(caller: &Caller) -> Result<(), Error> {
    authorize(&caller.actor, Action::ReadApiRoot, &Resource::Exchange)?;
    Ok(())
}

/// The collections that somebody may read: his own.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(cx: &Cx, caller: &Caller) -> Result<Vec<Collection>, Error> {
    authorize(&caller.actor, Action::ListCollections, &Resource::Exchange)?;
    let platform = own(caller, None)?;
    let platform = known(cx, platform).await?;
    Ok(vec![collection(&platform)])
}

/// One's own collection.
///
/// # Errors
/// [`Error::NotFound`] for every other one, and those of the policy and the store.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<Collection, Error> {
    authorize(&caller.actor, Action::ReadCollection, &Resource::Exchange)?;
    let platform = own(caller, Some(id))?;
    let platform = known(cx, platform).await?;
    Ok(collection(&platform))
}

/// Which objects a collection has, in which version and since when. This hands over no content, and no name that tells of a request
/// that was not read yet what it is about.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Cursor`], and those of the policy and the store.
pub async fn manifest(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    chosen: Chosen,
) -> Result<Page<Record>, Error> {
    authorize(&caller.actor, Action::ReadManifest, &Resource::Exchange)?;
    let page = page(cx, own(caller, Some(id))?, chosen, What::Names).await?;
    page.map(|row| record(&row))
}

/// The versions of one object that a collection has: the last one.
///
/// # Errors
/// As [`manifest`]; [`Error::NotFound`] for an object that is not in it.
pub async fn versions(
    cx: &Cx,
    caller: &Caller,
    (id, object): (&str, &str),
    chosen: Chosen,
) -> Result<Page<Record>, Error> {
    authorize(
        &caller.actor,
        Action::ReadObjectVersions,
        &Resource::Exchange,
    )?;
    let platform = own(caller, Some(id))?;
    let page = page_of_one(cx, platform, object, (chosen, What::Names)).await?;
    page.map(|row| record(&row))
}

/// The objects themselves. For each request among them this is what reading it is: the receipt, or a read.
///
/// # Errors
/// As [`manifest`].
pub async fn objects_of(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    chosen: Chosen,
) -> Result<Page<Value>, Error> {
    authorize(&caller.actor, Action::ReadObjects, &Resource::Exchange)?;
    let platform = own(caller, Some(id))?;
    let page = page(cx, platform, chosen, What::Content).await?;
    hand_over(cx, caller, platform, page).await
}

/// One of them.
///
/// # Errors
/// As [`versions`].
pub async fn object(
    cx: &Cx,
    caller: &Caller,
    (id, object): (&str, &str),
    chosen: Chosen,
) -> Result<Page<Value>, Error> {
    authorize(&caller.actor, Action::ReadObject, &Resource::Exchange)?;
    let platform = own(caller, Some(id))?;
    let page = page_of_one(cx, platform, object, (chosen, What::Content)).await?;
    hand_over(cx, caller, platform, page).await
}

/// Nobody writes into a collection.
///
/// # Errors
/// Always: 403 by the policy, or [`Error::NotFound`] of what is not one's own.
pub fn refuse(caller: &Caller, action: Action, id: &str) -> Result<(), Error> {
    if caller.actor.platform().is_some() {
        own(caller, Some(id))?;
    }
    authorize(&caller.actor, action, &Resource::Exchange)?;
    Ok(())
}

/// The caller's own platform; `id` must be that of its collection.
fn own(caller: &Caller, id: Option<&str>) -> Result<PlatformId, Error> {
    let platform = caller.actor.platform().ok_or(Error::NotFound)?;
    match id {
        Some(id) if id != platform.uuid().hyphenated().to_string() => Err(Error::NotFound),
        _ => Ok(platform),
    }
}

async fn known(cx: &Cx, platform: PlatformId) -> Result<Arc<Platform>, Error> {
    let found = cx.registry.platform(&platform.to_string()).await?;
    found.ok_or(Error::NotFound)
}

fn collection(platform: &Platform) -> Collection {
    Collection {
        id: platform.id.uuid(),
        title: format!("What {} is asked", platform.name),
    }
}

fn record(row: &ObjectRow) -> Result<Record, Error> {
    Ok(Record {
        id: row.object_id.clone(),
        added_at: row.added_at,
        version: version(row)?,
    })
}

fn version(row: &ObjectRow) -> Result<At, StoreError> {
    from_millis(row.version).map_err(|e| StoreError::Inconsistent(e.to_string()))
}

/// A page of the collection, brought up to date before.
async fn page(
    cx: &Cx,
    platform: PlatformId,
    chosen: Chosen,
    what: What,
) -> Result<Page<ObjectRow>, Error> {
    let party = platform.to_string();
    let limit = chosen.limit;
    let wanted = chosen.read(&party, what)?;
    let complete = up_to_date::bring_up_to_date(cx, platform).await?;
    let Some(wanted) = wanted else {
        return Ok(Page::empty());
    };
    let one_more = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let id = party.clone();
    let (mut rows, reached) = cx
        .store
        .read(move |conn| {
            // Before the rows: what is added in between is on a later page.
            let reached = store::standing(conn, &id)?.added_at;
            let rows = store::page(conn, &id, &wanted, one_more)?;
            Ok::<_, StoreError>((rows, reached.max(wanted.after)))
        })
        .await?;
    let cut = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().map(|row| row.added_at);
    // Where nothing was found in what is taken in so far, one goes on behind it.
    let after = if cut {
        last
    } else {
        Some(last.unwrap_or_default().max(reached))
    };
    let more = cut || !complete;
    let next = after
        .filter(|_| more)
        .map(|added_at| CollectionCursor { party, added_at }.encode());
    Ok(Page {
        added: rows.first().map(|row| row.added_at).zip(last),
        items: rows,
        next,
    })
}

async fn page_of_one(
    cx: &Cx,
    platform: PlatformId,
    object: &str,
    (chosen, what): (Chosen, What),
) -> Result<Page<ObjectRow>, Error> {
    if !can_be(object) {
        return Err(Error::NotFound);
    }
    let all = Chosen {
        ids: vec![object.to_owned()],
        limit: 1,
        ..Chosen::default()
    };
    if page(cx, platform, all, what).await?.items.is_empty() {
        return Err(Error::NotFound);
    }
    let ids = vec![object.to_owned()];
    page(cx, platform, Chosen { ids, ..chosen }, what).await
}

/// Makes the objects of a page. What changed since the page was read is left out here: it is added anew, later.
async fn hand_over(
    cx: &Cx,
    caller: &Caller,
    platform: PlatformId,
    page: Page<ObjectRow>,
) -> Result<Page<Value>, Error> {
    let mut made: HashMap<String, Object> = HashMap::new();
    let mut wanted: Vec<&String> = page
        .items
        .iter()
        .filter_map(|row| row.request_id.as_ref())
        .collect();
    wanted.dedup();
    let mut read: Vec<&String> = Vec::new();
    for request in wanted {
        if read.contains(&request) {
            continue;
        }
        read.push(request);
        let view = requests::read(cx, caller, request).await?;
        let objects = objects(&view, &cx.settings.public_url);
        made.extend(
            objects
                .into_iter()
                .map(|object| (object.id.clone(), object)),
        );
    }
    for row in page.items.iter().filter(|row| row.request_id.is_none()) {
        if !made.contains_key(&row.object_id) {
            let shared = shared(cx, platform, &row.object_id).await?;
            made.extend(shared.map(|object| (object.id.clone(), object)));
        }
    }
    let items = page.items.iter().filter_map(|row| {
        let object = made.remove(&row.object_id)?;
        Some(version(row).map(|version| object.written(version)))
    });
    let items = items.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Page {
        items,
        next: page.next,
        added: page.added,
    })
}

/// What is no request's own: the marking, and the parties.
async fn shared(cx: &Cx, platform: PlatformId, id: &str) -> Result<Option<Object>, Error> {
    if let Some(marking) = stix::marking_of(id) {
        return Ok(Some(marking));
    }
    let uuid = id
        .strip_prefix("identity--")
        .and_then(|uuid| Uuid::parse_str(uuid).ok());
    let Some(uuid) = uuid else { return Ok(None) };
    if uuid == platform.uuid() {
        let platform = known(cx, platform).await?;
        return Ok(Some(stix::platform(&platform)));
    }
    let agency = takedown_core::id::AgencyId::from_uuid(uuid).to_string();
    let agency = cx.registry.agency(&agency).await?;
    Ok(agency.map(|agency| stix::agency(&agency)))
}
