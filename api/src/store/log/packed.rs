//! Entries as a package shows them: with their salts and places.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::store::schema::history;
use crate::store::{Conn, StoreError};

/// An entry with its salt and its place.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
#[allow(missing_docs)]
pub struct PackedRow {
    pub id: String,
    pub request_id: Option<String>,
    pub version: Option<i32>,
    pub event: String,
    pub data: String,
    pub salt: Option<Vec<u8>>,
    pub log_index: Option<i64>,
}

/// The entries of these requests, request by request, each from its first version on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_requests(conn: &mut Conn, requests: &[String]) -> Result<Vec<PackedRow>, StoreError> {
    Ok(history::table
        .filter(history::request_id.eq_any(requests))
        .order((history::request_id, history::version))
        .select(PackedRow::as_select())
        .load(conn)?)
}

/// Entries from a place on and before another, in the order of the log.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn placed(
    conn: &mut Conn,
    (from, to): (i64, i64),
    limit: i64,
) -> Result<Vec<PackedRow>, StoreError> {
    Ok(history::table
        .filter(history::log_index.ge(from).and(history::log_index.lt(to)))
        .order(history::log_index)
        .limit(limit)
        .select(PackedRow::as_select())
        .load(conn)?)
}

/// The newest entry there is, placed or not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest(conn: &mut Conn) -> Result<i64, StoreError> {
    let newest: Option<i64> = history::table.select(max(history::pos)).first(conn)?;
    Ok(newest.unwrap_or_default())
}

/// Whether an entry up to this one is not yet among the first `size` of the log.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn uncovered(conn: &mut Conn, newest: i64, size: i64) -> Result<bool, StoreError> {
    let up_to = history::pos.le(newest);
    let waiting: Option<i64> = history::table
        .filter(up_to.and(history::log_index.is_null()))
        .select(history::pos)
        .first(conn)
        .optional()?;
    let behind: Option<i64> = history::table
        .filter(history::log_index.ge(size).and(up_to))
        .select(history::pos)
        .first(conn)
        .optional()?;
    Ok(waiting.is_some() || behind.is_some())
}
