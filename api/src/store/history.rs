//! The append-only history.

use std::cell::RefCell;

use diesel::prelude::*;

use super::conn::directly;
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
    pub salt: Vec<u8>,
    pub leaf: Vec<u8>,
    pub erased_with: Option<String>,
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

/// Which entry, and what the log holds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The entry.
    pub id: String,
    /// Its leaf hash.
    pub leaf: Vec<u8>,
    /// When it was written.
    pub at: i64,
}

/// So many values stand in one statement.
const SOME: usize = 400;

thread_local! {
    // What the job that this thread of the store works on has appended. A member of every use case's answer instead would
    // go through a hundred signatures, and one that forgot it would answer without a receipt.
    static APPENDED: RefCell<Vec<Appended>> = const { RefCell::new(Vec::new()) };
}

/// What was appended by this thread since it was asked before.
pub(super) fn take_appended() -> Vec<Appended> {
    APPENDED.take()
}

/// Appends an entry.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::HistoryVersion`] when another change came first.
pub fn append(conn: &mut Conn, entry: &NewEntry) -> Result<(), StoreError> {
    directly!(conn, conn => diesel::insert_into(history::table)
        .values(entry)
        .execute(conn))?;
    APPENDED.with_borrow_mut(|appended| {
        appended.push(Appended {
            id: entry.id.clone(),
            leaf: entry.leaf.clone(),
            at: entry.at,
        });
    });
    Ok(())
}

/// With whose credentials a request was filed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn filed_with(conn: &mut Conn, request: &str) -> Result<Option<String>, StoreError> {
    let client: Option<Option<String>> = history::table
        .filter(history::request_id.eq(request))
        .filter(history::version.eq(1))
        .select(history::client_id)
        .first(conn)
        .optional()?;
    Ok(client.flatten())
}

/// Whether a client was registered, or given new credentials, with those of another one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn gave_credentials(conn: &mut Conn, giver: &str, taker: &str) -> Result<bool, StoreError> {
    // The index is over entries like these: about no request, and erased with nothing.
    let entry: Option<String> = history::table
        .filter(history::client_id.eq(giver))
        .filter(history::event.eq_any(["client.registered", "client.credentials_rotated"]))
        .filter(history::request_id.is_null())
        .filter(history::erased_with.is_null())
        .filter(history::data.like(format!("%\"{taker}\"%")))
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(entry.is_some())
}

/// The names of what was appended by the job of this thread so far.
#[must_use]
pub fn appended_so_far() -> Vec<String> {
    APPENDED.with_borrow(|appended| appended.iter().map(|entry| entry.id.clone()).collect())
}

/// Counts entries of an earlier job as appended by this one: whoever is given its answer again is promised the same.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn promise_again(conn: &mut Conn, ids: &[String]) -> Result<(), StoreError> {
    let mut found = std::collections::HashMap::new();
    for some in ids.chunks(SOME) {
        let rows: Vec<(String, Option<Vec<u8>>, i64)> = history::table
            .filter(history::id.eq_any(some))
            .select((history::id, history::leaf, history::at))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(id, leaf, at)| (id, (leaf, at))));
    }
    let again = ids.iter().filter_map(|id| {
        let (leaf, at) = found.remove(id)?;
        Some(Appended {
            id: id.clone(),
            leaf: leaf?,
            at,
        })
    });
    let again: Vec<Appended> = again.collect();
    APPENDED.with_borrow_mut(|appended| appended.extend(again));
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

/// Entries about reads of a request: by one party, or by everybody. The newest first, before one of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reads_of(
    conn: &mut Conn,
    request: &str,
    party: Option<&str>,
    before: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    let all: history::BoxedQuery<'_, <Conn as diesel::Connection>::Backend> =
        history::table.into_boxed();
    let mut wanted = all
        .filter(history::erased_with.eq(request.to_owned()))
        .filter(history::salt.is_not_null())
        .filter(history::event.eq_any(["request.read", "document.read"]));
    if let Some(party) = party {
        wanted = wanted.filter(history::party_id.eq(party.to_owned()));
    }
    if let Some((at, id)) = before {
        let earlier = history::at.eq(at).and(history::id.lt(id.to_owned()));
        wanted = wanted.filter(history::at.lt(at).or(earlier));
    }
    Ok(wanted
        .order((history::at.desc(), history::id.desc()))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::plan::Planner;

    #[test]
    fn who_gave_whom_his_credentials_is_found_by_an_index() {
        let plan = Planner::new().plan(|conn| gave_credentials(conn, "client_a", "client_b"));
        assert!(
            plan[0].contains("history_registry (client_id=? AND type=?)"),
            "{plan:?}"
        );
    }
}
