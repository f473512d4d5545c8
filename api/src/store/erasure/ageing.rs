//! What is older than it may become.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::{EntryBytes, SOME};
use crate::store::imports::{self, ImportRow};
use crate::store::schema::imports as imported;
use crate::store::schema::{
    bounces, history, holds, mails, requests, sighted_platforms, sightings,
};
use crate::store::{Conn, StoreError};

/// Statuses of what is over.
const OVER: [&str; 2] = ["closed", "withdrawn"];
/// Preservations that stand.
const PRESERVED: [&str; 2] = ["asked", "held"];

/// Requests of one status that nobody changed since `until`, after a place, the oldest first: when each was changed, and its
/// name. Those for which a column says that they are still needed are left out; the request itself says the rest.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn requests(
    conn: &mut Conn,
    status: &str,
    until: i64,
    (at, after): (i64, &str),
    limit: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let held = holds::table.filter(holds::request_id.eq(requests::id));
    let preserved = requests::preservation_status.eq_any(PRESERVED);
    Ok(requests::table
        .filter(requests::erased_at.is_null())
        .filter(requests::status.eq(status))
        .filter(requests::updated_at.le(until))
        .filter(
            requests::updated_at
                .gt(at)
                .or(requests::updated_at.eq(at).and(requests::id.gt(after))),
        )
        .filter(
            requests::preservation_status
                .is_null()
                .or(diesel::dsl::not(preserved)),
        )
        .filter(
            requests::restoration
                .is_null()
                .or(requests::restoration.ne("asked")),
        )
        .filter(diesel::dsl::not(exists(held)))
        .order((requests::updated_at, requests::id))
        .limit(limit)
        .select((requests::updated_at, requests::id))
        .load(conn)?)
}

/// Destroys mails that were sent until then; how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn mails(conn: &mut Conn, until: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<String> = mails::table
        .filter(mails::sent_at.le(until))
        .order((mails::sent_at, mails::id))
        .limit(limit)
        .select(mails::id)
        .load(conn)?;
    // A mail that is no more cannot come back.
    diesel::delete(bounces::table.filter(bounces::mail_id.eq_any(&old))).execute(conn)?;
    Ok(diesel::delete(mails::table.filter(mails::id.eq_any(old))).execute(conn)?)
}

/// Destroys imported records of before, and what they count for; their names.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn imports(conn: &mut Conn, until: i64, limit: i64) -> Result<Vec<String>, StoreError> {
    let old: Vec<ImportRow> = imported::table
        .filter(imported::imported_at.le(until))
        .order((imported::imported_at, imported::id))
        .limit(limit)
        .select(ImportRow::as_select())
        .load(conn)?;
    for row in &old {
        // Taking it back is what counts without it.
        imports::withdraw(conn, row, until, "")?;
        diesel::delete(imported::table.find(&row.id)).execute(conn)?;
    }
    Ok(old.into_iter().map(|row| row.id).collect())
}

/// Destroys sightings that nobody changed since then and whose request is over; their names.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn sightings(conn: &mut Conn, until: i64, limit: i64) -> Result<Vec<String>, StoreError> {
    let open = requests::table
        .filter(requests::id.eq(sightings::request_id))
        .filter(requests::status.ne_all(OVER));
    let old: Vec<String> = sightings::table
        .filter(sightings::updated_at.le(until))
        .filter(diesel::dsl::not(exists(open)))
        .order((sightings::updated_at, sightings::id))
        .limit(limit)
        .select(sightings::id)
        .load(conn)?;
    no_sightings(conn, &old)?;
    Ok(old)
}

/// Destroys the sightings after a request, whatever their time; their names.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn sightings_after(conn: &mut Conn, request: &str) -> Result<Vec<String>, StoreError> {
    let its: Vec<String> = sightings::table
        .filter(sightings::request_id.eq(request))
        .order(sightings::id)
        .select(sightings::id)
        .load(conn)?;
    no_sightings(conn, &its)?;
    Ok(its)
}

fn no_sightings(conn: &mut Conn, names: &[String]) -> Result<(), StoreError> {
    for some in names.chunks(SOME) {
        let came_in = sighted_platforms::sighting_id.eq_any(some);
        diesel::delete(sighted_platforms::table.filter(came_in)).execute(conn)?;
        diesel::delete(sightings::table.filter(sightings::id.eq_any(some))).execute(conn)?;
    }
    Ok(())
}

/// The sealed entries that go with these names.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries_with(conn: &mut Conn, names: &[String]) -> Result<Vec<EntryBytes>, StoreError> {
    let mut all = Vec::new();
    for some in names.chunks(SOME) {
        let theirs: Vec<EntryBytes> = history::table
            .filter(history::salt.is_not_null())
            .filter(history::erased_with.eq_any(some))
            .order(history::pos)
            .select((history::pos, history::id, history::data))
            .load(conn)?;
        all.extend(theirs);
    }
    Ok(all)
}

/// The sealed entries of a class whose own time counts, written until then.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries_until(
    conn: &mut Conn,
    class: &str,
    until: i64,
    limit: i64,
) -> Result<Vec<EntryBytes>, StoreError> {
    Ok(history::table
        .filter(history::salt.is_not_null())
        .filter(history::erased_with.eq(class))
        .filter(history::at.le(until))
        .order(history::at)
        .limit(limit)
        .select((history::pos, history::id, history::data))
        .load(conn)?)
}
