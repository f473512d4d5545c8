//! The log as a whole, for computing it anew.

mod beside;

use diesel::prelude::*;

use super::{CheckpointRow, inconsistent};
use crate::store::conn::directly;
use crate::store::schema::{
    history, items, log_checkpoints, log_tiles, messages, requests, signed_statements,
};
use crate::store::{Conn, StoreError};

pub use beside::{FeedCount, VersionCount, feeds, told, told_to, versions};

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

impl WholeRow {
    /// Whether a party of requests brought it about, which then stands in `party_id`.
    #[must_use]
    pub fn is_of_party(&self) -> bool {
        matches!(self.side.as_str(), "agency" | "platform" | "authority")
    }
}

/// A complete tile.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct TileRow {
    pub tile: i64,
    pub hashes: Vec<u8>,
    pub root: Vec<u8>,
}

/// What a request was filed as, and its version now.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = requests)]
#[allow(missing_docs)]
pub struct FiledRow {
    pub id: String,
    pub agency_id: String,
    pub platform_id: String,
    pub instrument: String,
    pub kind: String,
    pub version: i32,
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

/// Entries of these types that have no place yet.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn waiting_of(conn: &mut Conn, types: &[&str]) -> Result<Vec<WholeRow>, StoreError> {
    Ok(history::table
        .filter(history::log_index.is_null())
        .filter(history::event.eq_any(types))
        .order(history::pos)
        .select(WholeRow::as_select())
        .load(conn)?)
}

/// Entries from a place on, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries(conn: &mut Conn, from: i64, limit: i64) -> Result<Vec<WholeRow>, StoreError> {
    // Through the enum each field of each row is asked what it is.
    let some = directly!(conn, conn => history::table
        .filter(history::log_index.ge(from))
        .order(history::log_index)
        .limit(limit)
        .select(WholeRow::as_select())
        .load(conn))?;
    Ok(some)
}

/// Complete tiles of a level from one on, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn tiles_from(
    conn: &mut Conn,
    level: i32,
    from: i64,
    limit: i64,
) -> Result<Vec<TileRow>, StoreError> {
    let some = directly!(conn, conn => log_tiles::table
        .filter(log_tiles::level.eq(level).and(log_tiles::tile.ge(from)))
        .order(log_tiles::tile)
        .limit(limit)
        .select((log_tiles::tile, log_tiles::hashes, log_tiles::root))
        .load(conn))?;
    Ok(some)
}

/// Entries, by name, with a place that a log of so many does not have.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn beyond(conn: &mut Conn, size: i64) -> Result<Vec<(String, i64)>, StoreError> {
    let place = history::log_index.assume_not_null();
    Ok(history::table
        .filter(history::log_index.lt(0).or(history::log_index.ge(size)))
        .order(history::log_index)
        .limit(100)
        .select((history::id, place))
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

/// Signed checkpoints of more entries than `after`, the smallest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn checkpoints(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> Result<Vec<CheckpointRow>, StoreError> {
    Ok(log_checkpoints::table
        .filter(log_checkpoints::size.gt(after))
        .order(log_checkpoints::size)
        .limit(limit)
        .select(CheckpointRow::as_select())
        .load(conn)?)
}

/// What requests were filed as, after one, in the order of their identifiers.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn filed_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<FiledRow>, StoreError> {
    let some = directly!(conn, conn => requests::table
        .filter(requests::id.gt(after))
        .order(requests::id)
        .limit(limit)
        .select(FiledRow::as_select())
        .load(conn))?;
    Ok(some)
}

/// What a request was filed as.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn filed(conn: &mut Conn, id: &str) -> Result<Option<FiledRow>, StoreError> {
    Ok(requests::table
        .find(id)
        .select(FiledRow::as_select())
        .first(conn)
        .optional()?)
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
