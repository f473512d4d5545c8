//! The log as a whole, for computing it anew.

use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;

use super::{CheckpointRow, inconsistent};
use crate::store::schema::{
    feed, feed_heads, history, items, log_checkpoints, log_tiles, messages, requests,
    signed_statements,
};
use crate::store::{Conn, StoreError};

/// So many values stand in one statement.
const SOME: usize = 400;

/// An entry with everything that stands beside it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
#[allow(missing_docs)]
pub struct WholeRow {
    pub id: String,
    pub request_id: Option<String>,
    pub version: Option<i32>,
    pub event: String,
    pub side: String,
    pub party_id: Option<String>,
    pub client_id: Option<String>,
    pub via: String,
    pub at: i64,
    pub data: String,
    pub salt: Option<Vec<u8>>,
    pub leaf: Option<Vec<u8>>,
    pub log_index: Option<i64>,
}

/// What a request was filed as.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct FiledRow {
    pub id: String,
    pub agency_id: String,
    pub platform_id: String,
    pub instrument: String,
    pub kind: String,
    pub filed_at: i64,
    pub filing_digest: Vec<u8>,
}

/// What is left of a request.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct LeftRow {
    pub id: String,
    pub status: String,
    pub result: Option<String>,
    pub filing_digest: Vec<u8>,
    pub erased_at: Option<i64>,
}

/// What is left of these requests.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn left(conn: &mut Conn, ids: &[String]) -> Result<Vec<LeftRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        let rows: Vec<LeftRow> = requests::table
            .filter(requests::id.eq_any(some))
            .select((
                requests::id,
                requests::status,
                requests::result,
                requests::filing_digest,
                requests::erased_at,
            ))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Whether bytes that a unit signed of a request are kept.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn has_statements(conn: &mut Conn, request: &str) -> Result<bool, StoreError> {
    let kept: Vec<Vec<u8>> = signed_statements::table
        .filter(signed_statements::request_id.eq(request))
        .select(signed_statements::content)
        .load(conn)?;
    Ok(kept.iter().any(|content| !content.is_empty()))
}

/// Whether the last entry of a request is of this type.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn ends_with(conn: &mut Conn, request: &str, event: &str) -> Result<bool, StoreError> {
    let last: Option<String> = history::table
        .filter(history::request_id.eq(request))
        .order(history::version.desc())
        .select(history::event)
        .first(conn)
        .optional()?;
    Ok(last.as_deref() == Some(event))
}

/// An item: its identifier, its outcome, its locator.
pub type ItemLeft = (String, Option<String>, String);

/// The items of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn items_left(conn: &mut Conn, request: &str) -> Result<Vec<ItemLeft>, StoreError> {
    Ok(items::table
        .filter(items::request_id.eq(request))
        .order(items::position)
        .select((items::id, items::outcome, items::locator))
        .load(conn)?)
}

/// Entries of these types that have no place yet, or one from `size` on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn saying_since(
    conn: &mut Conn,
    size: i64,
    types: &[&str],
) -> Result<Vec<WholeRow>, StoreError> {
    let since = history::log_index.is_null().or(history::log_index.ge(size));
    Ok(history::table
        .filter(since)
        .filter(history::event.eq_any(types))
        .select(WholeRow::as_select())
        .load(conn)?)
}

/// Entries from a place on, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries(conn: &mut Conn, from: i64, limit: i64) -> Result<Vec<WholeRow>, StoreError> {
    Ok(history::table
        .filter(history::log_index.ge(from))
        .order(history::log_index)
        .limit(limit)
        .select(WholeRow::as_select())
        .load(conn)?)
}

/// Entries that have no place yet.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn waiting(conn: &mut Conn) -> Result<Vec<WholeRow>, StoreError> {
    Ok(history::table
        .filter(history::log_index.is_null())
        .order(history::pos)
        .select(WholeRow::as_select())
        .load(conn)?)
}

/// How many complete tiles there are, of all levels.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn tiles(conn: &mut Conn) -> Result<u64, StoreError> {
    let count: i64 = log_tiles::table.count().get_result(conn)?;
    u64::try_from(count).map_err(inconsistent)
}

/// Every signed checkpoint that is kept, the smallest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn checkpoints(conn: &mut Conn) -> Result<Vec<CheckpointRow>, StoreError> {
    Ok(log_checkpoints::table
        .order(log_checkpoints::size)
        .select(CheckpointRow::as_select())
        .load(conn)?)
}

/// What these requests were filed as.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn filed(conn: &mut Conn, ids: &[&str]) -> Result<Vec<FiledRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        let rows: Vec<FiledRow> = requests::table
            .filter(requests::id.eq_any(some.iter().copied()))
            .select((
                requests::id,
                requests::agency_id,
                requests::platform_id,
                requests::instrument,
                requests::kind,
                requests::filed_at,
                requests::filing_digest,
            ))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// A message: its identifier, its request, its text.
pub type Said = (String, String, String);

/// The texts of these messages.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn texts(conn: &mut Conn, ids: &[String]) -> Result<Vec<Said>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        let rows: Vec<Said> = messages::table
            .filter(messages::id.eq_any(some))
            .select((messages::id, messages::request_id, messages::text))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// A request: its identifier, its version, how many entries there are of it, and the highest version among them.
pub type VersionCount = (String, i32, i64, Option<i32>);

/// Requests from one on, in the order of their identifiers: identifier, version, and how many entries of which highest version
/// there are of it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn versions(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<VersionCount>, StoreError> {
    let some: Vec<(String, i32)> = requests::table
        .filter(requests::id.gt(after))
        .order(requests::id)
        .limit(limit)
        .select((requests::id, requests::version))
        .load(conn)?;
    let Some(last) = some.last().map(|(id, _)| id.clone()) else {
        return Ok(Vec::new());
    };
    let counted: Vec<(Option<String>, i64, Option<i32>)> = history::table
        .filter(
            history::request_id
                .gt(after)
                .and(history::request_id.le(last)),
        )
        .group_by(history::request_id)
        .select((history::request_id, count_star(), max(history::version)))
        .load(conn)?;
    let of: std::collections::HashMap<String, (i64, Option<i32>)> = counted
        .into_iter()
        .filter_map(|(id, count, highest)| Some((id?, (count, highest))))
        .collect();
    Ok(some
        .into_iter()
        .map(|(id, version)| {
            let (count, highest) = of.get(&id).copied().unwrap_or_default();
            (id, version, count, highest)
        })
        .collect())
}

/// Each feed: the party, its head, and how many entries from which to which position there are.
pub type FeedCount = (String, i64, i64, Option<i64>, Option<i64>);

/// See [`FeedCount`].
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn feeds(conn: &mut Conn) -> Result<Vec<FeedCount>, StoreError> {
    let heads: Vec<(String, i64)> = feed_heads::table
        .order(feed_heads::party_id)
        .select((feed_heads::party_id, feed_heads::head))
        .load(conn)?;
    let counted: Vec<(String, i64, Option<i64>, Option<i64>)> = feed::table
        .group_by(feed::party_id)
        .select((
            feed::party_id,
            count_star(),
            min(feed::position),
            max(feed::position),
        ))
        .load(conn)?;
    let mut of: std::collections::BTreeMap<_, _> = counted
        .into_iter()
        .map(|(party, count, first, last)| (party, (count, first, last)))
        .collect();
    let mut feeds: Vec<FeedCount> = heads
        .into_iter()
        .map(|(party, head)| {
            let (count, first, last) = of.remove(&party).unwrap_or_default();
            (party, head, count, first, last)
        })
        .collect();
    // Whoever takes a head away leaves the entries.
    let headless = of.into_iter();
    feeds.extend(headless.map(|(party, (count, first, last))| (party, 0, count, first, last)));
    Ok(feeds)
}
