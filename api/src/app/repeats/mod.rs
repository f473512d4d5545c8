//! Whether something was asked about before, and what an agency may be told of it (`takedown_core::repeat`).

mod digests;
mod lookup;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use takedown_core::id::AgencyId;
use takedown_core::imported::Times;
use takedown_core::locator::Locator;
use takedown_core::repeat::{self, Asked, Elsewhere, Latest, Told};
use takedown_core::request::{OutcomeCode, Status};
use takedown_core::time::At;

use super::parties::{Agency, instant, parsed};
use super::{Cx, Error};
use crate::store::imports;
use crate::store::repeats::{self as rows, AskedItem, AskedRow};
use crate::store::{Conn, StoreError};

pub use crate::store::repeats::Key;
pub use digests::{AskedDigest, DigestMatch, look_up as look_up_digests};
pub(super) use lookup::record;
pub use lookup::{Wanted, look_up};

/// What makes the item the same as another one on this platform.
#[must_use]
pub fn key(locator: &Locator, platform: &str) -> Key {
    let digest = Sha256::digest(locator.key().as_str());
    Key {
        digest: digest[..16].to_vec(),
        within: if locator.key_stands_alone() {
            String::new()
        } else {
            platform.to_owned()
        },
    }
}

/// That something was asked about before.
#[derive(Debug, Clone, Default)]
pub struct Repeat {
    /// By the caller itself.
    pub own: Option<Own>,
    /// By others.
    pub elsewhere: Option<Foreign>,
    /// In the caller's own old records. Others are told nothing of them: nobody witnessed them.
    pub imported: Option<Times>,
}

/// What the caller asked itself.
#[derive(Debug, Clone)]
pub struct Own {
    /// In how many requests.
    pub times: u32,
    /// When first.
    pub first_at: At,
    /// When last.
    pub last_at: At,
    /// At most [`repeat::NAMED_OWN`], newest first: those that are open, then the newest of the others.
    pub requests: Vec<OwnRequest>,
}

/// One of the caller's own requests.
#[derive(Debug, Clone)]
pub struct OwnRequest {
    /// Its identifier.
    pub id: String,
    /// Its reference.
    pub reference: String,
    /// Where it stands, or that the item was taken back.
    pub status: Status,
    /// The item in it.
    pub item: String,
    /// What became of the item.
    pub outcome: Option<OutcomeCode>,
    /// When it was filed.
    pub filed_at: At,
}

/// What others asked.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// All of them together.
    pub all: Told,
    /// Those where both sides agreed to be named.
    pub named: Vec<(Arc<Agency>, Told)>,
}

impl Repeat {
    /// The caller's own requests about it that are not finished.
    pub fn open(&self) -> impl Iterator<Item = &OwnRequest> {
        let own = self.own.iter().flat_map(|own| &own.requests);
        own.filter(|request| repeat::is_open(request.status))
    }

    /// Whether somebody may be at it still.
    #[must_use]
    pub fn may_be_open(&self) -> bool {
        self.open().next().is_some()
            || self.elsewhere.as_ref().is_some_and(|foreign| {
                let told = foreign.named.iter().map(|(_, told)| told);
                told.chain([&foreign.all])
                    .any(|told| told.state.may_be_open())
            })
    }
}

/// What `asking` may be told of each of these, in their order. The cost does not depend on how often they were asked.
pub(super) fn find(
    cx: &Cx,
    conn: &mut Conn,
    asking: &Agency,
    keys: &[Key],
    now: At,
) -> Result<Vec<Option<Repeat>>, Error> {
    let mut distinct: Vec<Key> = keys.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut found: BTreeMap<Key, Vec<AskedRow>> = BTreeMap::new();
    for row in rows::find(conn, &distinct)? {
        let key = Key {
            digest: row.comparison_digest.clone(),
            within: row.within.clone(),
        };
        found.entry(key).or_default().push(row);
    }
    let own = asking.id.to_string();
    let imported = imported(conn, &own, &distinct)?;
    if found.is_empty() && imported.is_empty() {
        return Ok(vec![None; keys.len()]);
    }
    let mut found: BTreeMap<Key, Vec<Named>> = found
        .into_iter()
        .map(|(key, rows)| (key, rows.into_iter().map(Named::recent).collect()))
        .collect();
    let ids = found.values().flatten().flat_map(|named| &named.items);
    let mut items = read(conn, ids.cloned().collect())?;
    let mut ids = Vec::new();
    for named in found.values_mut().flatten() {
        let known = named.items.iter().filter_map(|id| items.get(id));
        if named.row.has_older(rows::requests_of(known)) {
            let limit = if named.row.agency_id == own {
                repeat::NAMED_OWN
            } else {
                1
            };
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let open = rows::open_items(conn, &named.row, limit)?;
            ids.extend(open.iter().filter(|id| !items.contains_key(*id)).cloned());
            named.items.extend(open);
        }
    }
    items.extend(read(conn, ids)?);
    let mut agencies: HashMap<AgencyId, Arc<Agency>> = HashMap::new();
    let mut told = HashMap::with_capacity(found.len());
    for (key, rows) in found {
        for Named { row, .. } in rows.iter().filter(|named| named.row.agency_id != own) {
            if let Some(agency) = cx.registry.agency_within(conn, &row.agency_id)? {
                agencies.insert(agency.id, agency);
            }
        }
        told.insert(key, tell(asking, &rows, &items, &agencies, now)?);
    }
    for (key, times) in imported {
        let repeat = told.entry(key).or_default();
        repeat.imported = Some(times);
    }
    Ok(keys.iter().map(|key| told.get(key).cloned()).collect())
}

/// These items, by their identifiers.
fn read(conn: &mut Conn, mut ids: Vec<String>) -> Result<HashMap<String, AskedItem>, StoreError> {
    ids.sort_unstable();
    ids.dedup();
    let items = rows::items_named(conn, &ids)?.into_iter();
    Ok(items.map(|item| (item.item.clone(), item)).collect())
}

/// How often these are in an agency's own old records.
fn imported(
    conn: &mut Conn,
    agency: &str,
    keys: &[Key],
) -> Result<HashMap<Key, Times>, StoreError> {
    let mut told = HashMap::new();
    for (key, row) in imports::counted(conn, agency, keys)? {
        let times = Times {
            times: u32::try_from(row.times).unwrap_or(0),
            first_on: instant(row.first_on)?.date_naive(),
            last_on: instant(row.last_on)?.date_naive(),
        };
        // `keys` is sorted.
        if keys.binary_search(&key).is_ok() {
            told.insert(key, times);
        }
    }
    Ok(told)
}

/// What one agency asked, and the items by which it is judged: the newest, and those that are open however old they are.
struct Named {
    row: AskedRow,
    items: Vec<String>,
}

impl Named {
    fn recent(row: AskedRow) -> Self {
        let items = row.recent().map(str::to_owned).collect();
        Self { row, items }
    }

    /// One item for each request, that of the newest first. Where a request has the item twice, the first that was not taken
    /// back speaks for it.
    fn requests<'a>(
        &self,
        items: &'a HashMap<String, AskedItem>,
    ) -> Result<Vec<(&'a AskedItem, Status)>, StoreError> {
        let mut requests: Vec<(&AskedItem, Status)> = Vec::new();
        for item in self.items.iter().filter_map(|id| items.get(id)) {
            let known = requests.iter_mut();
            match known
                .into_iter()
                .find(|(known, _)| known.request == item.request)
            {
                Some(known) if known.0.withdrawn_at.is_some() => *known = (item, status(item)?),
                Some(_) => {}
                None => requests.push((item, status(item)?)),
            }
        }
        Ok(requests)
    }
}

fn tell(
    asking: &Agency,
    rows: &[Named],
    items: &HashMap<String, AskedItem>,
    agencies: &HashMap<AgencyId, Arc<Agency>>,
    now: At,
) -> Result<Repeat, StoreError> {
    let own = asking.id.to_string();
    let asked = rows
        .iter()
        .filter(|named| named.row.agency_id != own)
        .map(|named| asked(named, items))
        .collect::<Result<Vec<Asked>, StoreError>>()?;
    let agreed = |id: AgencyId| {
        if id == asking.id {
            asking.naming_agreed
        } else {
            agencies.get(&id).is_some_and(|agency| agency.naming_agreed)
        }
    };
    let elsewhere =
        repeat::elsewhere(&asked, asking.id, agreed, now).map(|Elsewhere { all, named }| Foreign {
            all,
            named: named
                .into_iter()
                .filter_map(|(id, told)| Some((Arc::clone(agencies.get(&id)?), told)))
                .collect(),
        });
    let own: Vec<&Named> = rows
        .iter()
        .filter(|named| named.row.agency_id == own)
        .collect();
    Ok(Repeat {
        own: of_own(&own, items)?,
        elsewhere,
        imported: None,
    })
}

fn asked(named: &Named, items: &HashMap<String, AskedItem>) -> Result<Asked, StoreError> {
    let row = &named.row;
    let requests = named.requests(items)?;
    // What was named may all be erased by now. Whatever is left is older, and none of it is open, or that would be here.
    let (status, outcome) = match requests.first() {
        Some((last, status)) => (*status, outcome(last)?),
        None => (Status::Closed, None),
    };
    Ok(Asked {
        agency: parsed("agency id", &row.agency_id)?,
        times: u32::try_from(row.times).unwrap_or(0),
        first_at: instant(row.first_at)?,
        last_at: instant(row.last_at)?,
        latest: Latest {
            open: requests.iter().any(|(_, status)| repeat::is_open(*status)),
            status,
            outcome,
        },
        undisclosed_until: Some(row.undisclosed_until)
            .filter(|_| row.undisclosed)
            .map(instant)
            .transpose()?,
    })
}

/// What the caller asked, with and without non-disclosure.
fn of_own(own: &[&Named], items: &HashMap<String, AskedItem>) -> Result<Option<Own>, StoreError> {
    let rows = || own.iter().map(|named| &named.row);
    let times = rows().map(|row| u32::try_from(row.times).unwrap_or(0));
    let (Some(first_at), Some(last_at)) = (
        rows().map(|row| row.first_at).min(),
        rows().map(|row| row.last_at).max(),
    ) else {
        return Ok(None);
    };
    let mut requests = Vec::new();
    for named in own {
        for (item, status) in named.requests(items)? {
            requests.push(OwnRequest {
                id: item.request.clone(),
                reference: item.reference.clone(),
                status,
                item: item.item.clone(),
                outcome: outcome(item)?,
                filed_at: instant(item.filed_at)?,
            });
        }
    }
    let newest = |one: &OwnRequest, other: &OwnRequest| {
        (other.filed_at, &other.id).cmp(&(one.filed_at, &one.id))
    };
    // Those that can be joined before all others.
    requests.sort_by(|one, other| {
        let open = |request: &OwnRequest| repeat::is_open(request.status);
        open(other).cmp(&open(one)).then_with(|| newest(one, other))
    });
    requests.truncate(repeat::NAMED_OWN);
    requests.sort_by(newest);
    Ok(Some(Own {
        times: times.sum(),
        first_at: instant(first_at)?,
        last_at: instant(last_at)?,
        requests,
    }))
}

/// Where the request stands; one link may have been taken back and the rest not.
fn status(item: &AskedItem) -> Result<Status, StoreError> {
    match item.withdrawn_at {
        Some(_) => Ok(Status::Withdrawn),
        None => parsed("status", &item.status),
    }
}

fn outcome(item: &AskedItem) -> Result<Option<OutcomeCode>, StoreError> {
    item.outcome
        .as_deref()
        .map(|code| parsed("outcome", code))
        .transpose()
}
