//! The append-only history.

use diesel::prelude::*;

use super::schema::history;
use super::{Conn, StoreError};

/// An entry to be appended. `(request_id, version)` is unique: of two changes to one version one is refused.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct NewEntry {
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
}

/// An entry as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
#[allow(missing_docs)]
pub struct EntryRow {
    pub id: String,
    pub version: Option<i32>,
    pub event: String,
    pub side: String,
    pub party_id: Option<String>,
    pub client_id: Option<String>,
    pub via: String,
    pub at: i64,
    pub data: String,
}

/// Appends an entry.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::HistoryVersion`] when another change came first.
pub fn append(conn: &mut Conn, entry: &NewEntry) -> Result<(), StoreError> {
    diesel::insert_into(history::table)
        .values(entry)
        .execute(conn)?;
    Ok(())
}

/// The entries of a request after a version, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_request(
    conn: &mut Conn,
    request: &str,
    after: i32,
    limit: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    Ok(history::table
        .filter(
            history::request_id
                .eq(request)
                .and(history::version.gt(after)),
        )
        .order(history::version)
        .limit(limit)
        .select(EntryRow::as_select())
        .load(conn)?)
}

/// The newest entry of one kind about a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest(conn: &mut Conn, request: &str, event: &str) -> Result<Option<EntryRow>, StoreError> {
    Ok(history::table
        .filter(history::request_id.eq(request))
        .filter(history::event.eq(event))
        .order(history::version.desc())
        .select(EntryRow::as_select())
        .first(conn)
        .optional()?)
}
