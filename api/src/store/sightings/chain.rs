//! The steps of a chain, a level at a time: each query looks up indexed identifiers and has a limit. What was seen after a
//! request, and what it follows, was recorded by the agency that filed it.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::SightingRow;
use crate::store::schema::{requests, sightings};
use crate::store::{Conn, StoreError};

/// How many identifiers one statement names.
const AT_ONCE: usize = 500;
/// By the bare column SQLite would rather walk all sightings than look up those of a few requests.
const IN_ORDER: &str = "sightings.id || ''";

/// The sightings that these requests follow, at most `limit`; what was retracted leads nowhere.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn before(
    conn: &mut Conn,
    requests: &[String],
    limit: usize,
) -> Result<Vec<SightingRow>, StoreError> {
    some(requests, limit, |ids, limit| {
        Ok(sightings::table
            .filter(sightings::followed_by.eq_any(ids))
            .filter(sightings::retracted_at.is_null())
            .order(sql::<Text>(IN_ORDER))
            .limit(limit)
            .select(SightingRow::as_select())
            .load(conn)?)
    })
}

/// What was seen after these requests, at most `limit`, retracted or not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn after(
    conn: &mut Conn,
    requests: &[String],
    limit: usize,
) -> Result<Vec<SightingRow>, StoreError> {
    some(requests, limit, |ids, limit| {
        Ok(sightings::table
            .filter(sightings::request_id.eq_any(ids))
            .order(sql::<Text>(IN_ORDER))
            .limit(limit)
            .select(SightingRow::as_select())
            .load(conn)?)
    })
}

/// What a chain shows of a request.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct StepRow {
    pub id: String,
    pub reference: String,
    pub platform_id: String,
    pub status: String,
    pub result: Option<String>,
    pub filed_at: i64,
}

/// These requests of an agency, in the order in which they were filed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn requests_of(
    conn: &mut Conn,
    agency: &str,
    ids: &[String],
) -> Result<Vec<StepRow>, StoreError> {
    let mut rows: Vec<StepRow> = some(ids, ids.len(), |ids, limit| {
        Ok(requests::table
            .filter(requests::id.eq_any(ids))
            .filter(requests::agency_id.eq(agency))
            .limit(limit)
            .select((
                requests::id,
                requests::reference,
                requests::platform_id,
                requests::status,
                requests::result,
                requests::filed_at,
            ))
            .load(conn)?)
    })?;
    rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

fn some<T>(
    ids: &[String],
    limit: usize,
    mut load: impl FnMut(&[String], i64) -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(AT_ONCE) {
        let left = i64::try_from(limit.saturating_sub(found.len())).unwrap_or(i64::MAX);
        if left == 0 {
            break;
        }
        found.extend(load(chunk, left)?);
    }
    Ok(found)
}
