//! Platforms that nobody speaks for and that an agency has to write to, or has written to in vain.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::SightingRow;
use crate::store::schema::{platforms, requests, sightings};
use crate::store::{Conn, StoreError};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo {
    /// Sightings lead there that no request follows, and nothing waits there for an answer.
    Write,
    /// A request of the agency lies there that nobody has fetched.
    Answer,
    /// Either.
    Any,
}

/// In the words of the partial index: neither database uses that for a bound value.
macro_rules! unfetched {
    () => {
        sql::<Bool>("requests.status = 'filed'")
    };
}

/// Platforms of standing `sighted` or `contacted`, not suspended, that an agency has something to do about, in the order of
/// their identifiers, after `after`. What happened in `from..to` counts: sightings by when they were recorded, requests by
/// when they were filed.
///
/// Platforms are few beside requests: for each the two indexes say at once whether there is anything.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn due(
    conn: &mut Conn,
    agency: &str,
    (from, to): (i64, i64),
    todo: ToDo,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let open = exists(
        sightings::table
            .filter(sightings::agency_id.eq(agency.to_owned()))
            .filter(sightings::platform_id.eq(platforms::id))
            .filter(sightings::followed_by.is_null())
            .filter(sightings::retracted_at.is_null())
            .filter(sightings::created_at.ge(from))
            .filter(sightings::created_at.lt(to)),
    );
    let waiting = || {
        requests::table
            .filter(requests::agency_id.eq(agency.to_owned()))
            .filter(requests::platform_id.eq(platforms::id))
            .filter(unfetched!())
    };
    let waits = exists(
        waiting()
            .filter(requests::filed_at.ge(from))
            .filter(requests::filed_at.lt(to)),
    );
    let query = platforms::table
        .filter(platforms::id.gt(after.unwrap_or_default().to_owned()))
        .filter(platforms::standing.eq_any(["sighted", "contacted"]))
        .filter(platforms::suspended.eq(false))
        .into_boxed();
    let query = match todo {
        ToDo::Write => query
            .filter(open)
            .filter(diesel::dsl::not(exists(waiting()))),
        ToDo::Answer => query.filter(waits),
        ToDo::Any => query.filter(open.or(waits)),
    };
    Ok(query
        .order(platforms::id)
        .limit(limit)
        .select(platforms::id)
        .load(conn)?)
}

/// The agency's sightings on a platform that no request follows, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn open_on(
    conn: &mut Conn,
    agency: &str,
    platform: &str,
    limit: i64,
) -> Result<Vec<SightingRow>, StoreError> {
    Ok(sightings::table
        .filter(sightings::agency_id.eq(agency))
        .filter(sightings::platform_id.eq(platform))
        .filter(sightings::followed_by.is_null())
        .filter(sightings::retracted_at.is_null())
        .order(sightings::created_at)
        .limit(limit)
        .select(SightingRow::as_select())
        .load(conn)?)
}

/// The agency's requests to a platform that nobody has fetched, oldest first: identifier, reference, when filed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn unfetched_on(
    conn: &mut Conn,
    agency: &str,
    platform: &str,
    limit: i64,
) -> Result<Vec<(String, String, i64)>, StoreError> {
    Ok(requests::table
        .filter(requests::agency_id.eq(agency))
        .filter(requests::platform_id.eq(platform))
        .filter(unfetched!())
        .order(requests::id)
        .limit(limit)
        .select((requests::id, requests::reference, requests::filed_at))
        .load(conn)?)
}
