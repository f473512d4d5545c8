//! What was asked about before: counted per item and agency in the commit of the filing itself.
//!
//! A locator that was asked about 100,000 times has one row for each agency that did, so that looking it up never walks
//! the history.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::backend::asked::{count_asked, keep_digest};
use super::conn::directly;
use super::requests::{ItemRow, RequestRow};
use super::schema::{asked, item_digests, items, requests};
use super::update as kept;
use super::{Conn, StoreError};

/// How long the identifier of an item is: `item_` and 26 characters.
const ID_CHARS: usize = 31;
/// The newest ten; then the same for the database.
const RECENT: usize = 10 * ID_CHARS;
pub(super) const RECENT_CHARS: i32 = 310;
/// So many values stand in one statement.
const SOME: usize = 400;

/// What makes two items the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Of the comparison key: the first 16 bytes of its SHA-256.
    pub digest: Vec<u8>,
    /// The platform, for a plain name; otherwise empty.
    pub within: String,
}

/// What one agency asked about one item; what was filed under non-disclosure is a row of its own, so that nothing of it
/// shows in what is told of the others.
///
/// Whatever extends a non-disclosure raises `undisclosed_until` of the row of each item in the same commit ([`prolong`]), or
/// lookups would name the agency at the first date. Lifting one leaves it: the row may hold other requests, and lookups
/// keep silent until the date that was set. None is laid upon a request that was filed without: that would have to move
/// out of the one row (`times`, `recent`) into the other, and call [`note_open`].
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = asked, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct AskedRow {
    pub comparison_digest: Vec<u8>,
    pub within: String,
    pub agency_id: String,
    pub times: i32,
    pub first_at: i64,
    pub last_at: i64,
    pub recent: String,
    pub undisclosed: bool,
    pub undisclosed_until: i64,
}

/// A digest that a platform was asked about.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = item_digests, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct DigestRow {
    pub platform_id: String,
    pub digest: Vec<u8>,
    pub item_id: String,
}

/// An item and how its request stands.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct AskedItem {
    pub item: String,
    pub position: i32,
    pub outcome: Option<String>,
    pub decided_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub request: String,
    pub reference: String,
    pub status: String,
    pub filed_at: i64,
}

impl AskedRow {
    /// Whether there may be items that are not named, where those that are belong to so many requests: one may have an item
    /// several times, and until it is erased take the place of older ones.
    #[must_use]
    pub fn has_older(&self, requests: usize) -> bool {
        self.recent.len() >= RECENT || self.is_of_more(requests)
    }

    /// Whether it was asked about in more requests than so many.
    #[must_use]
    pub fn is_of_more(&self, requests: usize) -> bool {
        usize::try_from(self.times).is_ok_and(|times| times > requests)
    }

    /// The newest items, those of the newest request first, at most ten.
    pub fn recent(&self) -> impl Iterator<Item = &str> {
        (0..self.recent.len() / ID_CHARS)
            .filter_map(|n| self.recent.get(n * ID_CHARS..(n + 1) * ID_CHARS))
    }
}

/// In how many requests these items are.
#[must_use]
pub fn requests_of<'a>(items: impl IntoIterator<Item = &'a AskedItem>) -> usize {
    let requests = items.into_iter().map(|item| item.request.as_str());
    BTreeSet::from_iter(requests).len()
}

/// What makes an item the same as another. A plain name means nothing on another platform.
#[must_use]
pub fn key_of(item: &ItemRow, platform: &str) -> Key {
    let stands_alone = item.host.is_some() || item.kind == "file_hash";
    Key {
        digest: item.comparison_digest.clone(),
        within: if stands_alone { "" } else { platform }.to_owned(),
    }
}

/// To which rows of [`AskedRow`] the open items of a request belong, as items keep it while they are open.
#[derive(Debug, Clone)]
pub struct OpenIn {
    agency: Option<String>,
    platform: String,
}

impl OpenIn {
    /// Those of a request of this agency to this platform; none when it is not open.
    #[must_use]
    pub fn new(agency: &str, platform: &str, undisclosed: bool, open: bool) -> Self {
        Self {
            agency: open.then(|| marked(agency, undisclosed)),
            platform: platform.to_owned(),
        }
    }

    /// Those of a new request.
    pub(super) fn of(request: &RequestRow) -> Result<Self, StoreError> {
        let open = !matches!(request.status.as_str(), "closed" | "withdrawn");
        let undisclosed = undisclosed_until(&request.filing)?.is_some();
        Ok(Self::new(
            &request.agency_id,
            &request.platform_id,
            undisclosed,
            open,
        ))
    }

    /// That of an item.
    pub(super) fn item(&self, item: &ItemRow) -> Option<String> {
        let key = key_of(item, &self.platform);
        Some(format!("{}{}", self.agency.as_ref()?, key.within))
    }
}

fn marked(agency: &str, undisclosed: bool) -> String {
    format!("{agency}{}", if undisclosed { "!" } else { "" })
}

/// Notes that a request is open again, or no longer. Items that were taken back stay as they are.
///
/// Whoever lays a non-disclosure upon an open request calls it as well.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn note_open(conn: &mut Conn, request: &str, open_in: OpenIn) -> Result<(), StoreError> {
    let its = items::request_id.eq(request);
    let Some(agency) = open_in.agency else {
        kept::update(
            items::table.filter(its),
            (items::open_in.eq(None::<String>),),
        )
        .execute(conn)?;
        return Ok(());
    };
    let its = its.and(items::withdrawn_at.is_null());
    let stands_alone = items::host.is_not_null().or(items::kind.eq("file_hash"));
    kept::update(
        items::table.filter(its.and(stands_alone)),
        (items::open_in.eq(Some(&agency)),),
    )
    .execute(conn)?;
    kept::update(
        items::table.filter(its.and(diesel::dsl::not(stands_alone))),
        (items::open_in.eq(Some(format!("{agency}{}", open_in.platform))),),
    )
    .execute(conn)?;
    Ok(())
}

/// The newest of an agency's items that are open, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn open_items(conn: &mut Conn, of: &AskedRow, limit: i64) -> Result<Vec<String>, StoreError> {
    let open_in = format!("{}{}", marked(&of.agency_id, of.undisclosed), of.within);
    Ok(items::table
        .filter(items::comparison_digest.eq(&of.comparison_digest))
        .filter(items::open_in.eq(open_in))
        .order(items::id.desc())
        .limit(limit)
        .select(items::id)
        .load(conn)?)
}

/// Counts the items of a new request, each once however often it is written in it, and keeps their digests.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(super) fn count(
    conn: &mut Conn,
    request: &RequestRow,
    of: &[ItemRow],
) -> Result<(), StoreError> {
    let undisclosed_until = undisclosed_until(&request.filing)?;
    // In one order for everybody: of two filings at once neither waits for what the other holds while holding more.
    let mut counted: BTreeMap<Key, String> = BTreeMap::new();
    for item in of {
        let named: &mut String = counted
            .entry(key_of(item, &request.platform_id))
            .or_default();
        if named.len() < RECENT {
            named.push_str(&item.id);
        }
    }
    for (key, recent) in counted {
        count_asked(
            conn,
            &AskedRow {
                comparison_digest: key.digest,
                within: key.within,
                agency_id: request.agency_id.clone(),
                times: 1,
                first_at: request.filed_at,
                last_at: request.filed_at,
                recent,
                undisclosed: undisclosed_until.is_some(),
                undisclosed_until: undisclosed_until.unwrap_or(0),
            },
        )?;
    }
    for item in of {
        for digest in sha256s(item)? {
            let row = DigestRow {
                platform_id: request.platform_id.clone(),
                digest,
                item_id: item.id.clone(),
            };
            keep_digest(conn, &row)?;
        }
    }
    Ok(())
}

/// What was asked about these items under non-disclosure stays undisclosed until then.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn prolong(
    conn: &mut Conn,
    (agency, platform): (&str, &str),
    of: &[ItemRow],
    until: i64,
) -> Result<(), StoreError> {
    // In the order of [`count`], so that neither waits for what the other holds while holding more.
    let keys: BTreeSet<Key> = of.iter().map(|item| key_of(item, platform)).collect();
    for key in keys {
        let earlier = asked::table
            .filter(asked::comparison_digest.eq(key.digest))
            .filter(asked::within.eq(key.within))
            .filter(asked::agency_id.eq(agency))
            .filter(asked::undisclosed)
            .filter(asked::undisclosed_until.lt(until));
        diesel::update(earlier)
            .set(asked::undisclosed_until.eq(until))
            .execute(conn)?;
    }
    Ok(())
}

/// Until when a filing may not be disclosed, in Unix milliseconds, if it says so.
fn undisclosed_until(filing: &str) -> Result<Option<i64>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Filing {
        non_disclosure: Option<NonDisclosure>,
    }
    #[derive(serde::Deserialize)]
    struct NonDisclosure {
        until: takedown_core::time::At,
    }
    let filing: Filing = serde_json::from_str(filing)?;
    Ok(filing.non_disclosure.map(|it| it.until.timestamp_millis()))
}

/// The SHA-256 digests of an item: those it carries, and itself if it is one.
pub(super) fn sha256s(item: &ItemRow) -> Result<Vec<Vec<u8>>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Detail {
        #[serde(default)]
        digests: Vec<Digest>,
    }
    #[derive(serde::Deserialize)]
    struct Digest {
        algorithm: String,
        value: String,
    }
    let own = (item.kind == "file_hash")
        .then(|| item.comparison_key.strip_prefix("sha256:"))
        .flatten()
        .map(str::to_owned);
    let detail: Detail = serde_json::from_str(&item.detail)?;
    let carried = detail.digests.into_iter();
    let carried = carried.filter(|digest| digest.algorithm == "sha256");
    let all = carried.map(|digest| digest.value).chain(own);
    Ok(all.filter_map(|hex| bytes(&hex)).collect())
}

/// 64 hexadecimal digits as bytes.
#[must_use]
pub fn bytes(hex: &str) -> Option<Vec<u8>> {
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    (0..32)
        .map(|n| u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok())
        .collect()
}

/// What every agency asked about these items.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, keys: &[Key]) -> Result<Vec<AskedRow>, StoreError> {
    if let [only] = keys {
        // By far the most common, and a statement that is kept.
        return Ok(directly!(conn, conn => asked::table
            .filter(asked::comparison_digest.eq(&only.digest))
            .filter(asked::within.eq(&only.within))
            .select(AskedRow::as_select())
            .load(conn))?);
    }
    let mut found = Vec::new();
    for some in keys.chunks(SOME) {
        let digests: Vec<&[u8]> = some.iter().map(|key| key.digest.as_slice()).collect();
        let within: BTreeSet<&str> = some.iter().map(|key| key.within.as_str()).collect();
        let rows: Vec<AskedRow> = asked::table
            .filter(asked::comparison_digest.eq_any(digests))
            .filter(asked::within.eq_any(within))
            .select(AskedRow::as_select())
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// These items and how their requests stand.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn items_named(conn: &mut Conn, ids: &[String]) -> Result<Vec<AskedItem>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        let rows: Vec<AskedItem> = items::table
            .inner_join(requests::table)
            .filter(items::id.eq_any(some))
            .select((
                items::id,
                items::position,
                items::outcome,
                items::decided_at,
                items::withdrawn_at,
                requests::id,
                requests::reference,
                requests::status,
                requests::filed_at,
            ))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The newest items about which this platform was asked with this digest.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn with_digest(
    conn: &mut Conn,
    platform: &str,
    digest: &[u8],
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(item_digests::table
        .filter(item_digests::platform_id.eq(platform))
        .filter(item_digests::digest.eq(digest))
        .order(item_digests::item_id.desc())
        .limit(limit)
        .select(item_digests::item_id)
        .load(conn)?)
}
