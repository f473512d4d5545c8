//! Rows of sightings, and of the platforms that came in by them.

mod chain;
mod outreach;
#[cfg(test)]
mod tests;

use diesel::prelude::*;

use super::schema::{agencies, found_contacts, platforms, sighted_platforms, sightings};
use super::update as kept;
use super::{Conn, StoreError};

pub use chain::{StepRow, after, before, requests_of};
pub use outreach::{ToDo, due, open_on, unfetched_on};

/// A sighting as stored. `revisions`, `note` and `retraction` are JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sightings, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct SightingRow {
    pub id: String,
    pub agency_id: String,
    pub request_id: String,
    pub item_id: Option<String>,
    pub seen_as: String,
    pub moved: String,
    pub kind: String,
    pub locator: String,
    pub comparison_digest: Vec<u8>,
    pub host: Option<String>,
    pub platform_id: String,
    pub confidence: String,
    pub revisions: String,
    pub seen_at: i64,
    pub note: Option<String>,
    pub followed_by: Option<String>,
    pub followed_at: Option<i64>,
    pub retracted_at: Option<i64>,
    pub retraction: Option<String>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Whose sightings a caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// All.
    All,
    /// Those of one agency.
    Agency(String),
}

/// What to list. Everything given must hold.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Filter {
    pub request: Option<String>,
    pub platform: Option<String>,
    pub host: Option<String>,
    /// The standing of the platform.
    pub standing: Option<String>,
    pub confidence: Option<String>,
    /// `open`, `followed` or `retracted`.
    pub state: Option<String>,
    pub recorded_from: Option<i64>,
    pub recorded_to: Option<i64>,
}

type Boxed<'a> = sightings::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

fn within<'a>(whose: &Whose) -> Boxed<'a> {
    let query = sightings::table.into_boxed();
    match whose {
        Whose::All => query,
        Whose::Agency(id) => query.filter(sightings::agency_id.eq(id.clone())),
    }
}

/// The sighting with this identifier, if the caller may see it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, whose: &Whose, id: &str) -> Result<Option<SightingRow>, StoreError> {
    Ok(within(whose)
        .filter(sightings::id.eq(id.to_owned()))
        .select(SightingRow::as_select())
        .first(conn)
        .optional()?)
}

/// Sightings, newest first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    whose: &Whose,
    filter: &Filter,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<SightingRow>, StoreError> {
    let mut query = within(whose);
    if let Some(request) = &filter.request {
        query = query.filter(sightings::request_id.eq(request.clone()));
    }
    if let Some(platform) = &filter.platform {
        query = query.filter(sightings::platform_id.eq(platform.clone()));
    }
    if let Some(host) = &filter.host {
        query = query.filter(sightings::host.eq(host.clone()));
    }
    if let Some(standing) = &filter.standing {
        let of = platforms::table
            .filter(platforms::standing.eq(standing.clone()))
            .select(platforms::id);
        query = query.filter(sightings::platform_id.eq_any(of));
    }
    if let Some(confidence) = &filter.confidence {
        query = query.filter(sightings::confidence.eq(confidence.clone()));
    }
    query = match filter.state.as_deref() {
        None => query,
        Some("retracted") => query.filter(sightings::retracted_at.is_not_null()),
        Some("followed") => query.filter(
            sightings::retracted_at
                .is_null()
                .and(sightings::followed_by.is_not_null()),
        ),
        Some(_) => query.filter(
            sightings::retracted_at
                .is_null()
                .and(sightings::followed_by.is_null()),
        ),
    };
    if let Some(from) = filter.recorded_from {
        query = query.filter(sightings::created_at.ge(from));
    }
    if let Some(to) = filter.recorded_to {
        query = query.filter(sightings::created_at.lt(to));
    }
    if let Some(before) = before {
        query = query.filter(sightings::id.lt(before.to_owned()));
    }
    Ok(query
        .order(sightings::id.desc())
        .limit(limit)
        .select(SightingRow::as_select())
        .load(conn)?)
}

/// The sighting of the same thing after the same request that was not retracted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn same(
    conn: &mut Conn,
    request: &str,
    platform: &str,
    digest: &[u8],
) -> Result<Option<String>, StoreError> {
    Ok(sightings::table
        .filter(sightings::request_id.eq(request))
        .filter(sightings::platform_id.eq(platform))
        .filter(sightings::comparison_digest.eq(digest))
        .filter(sightings::retracted_at.is_null())
        .select(sightings::id)
        .first(conn)
        .optional()?)
}

/// Stores a new sighting.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &SightingRow) -> Result<(), StoreError> {
    diesel::insert_into(sightings::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Replaces the row whose version is one less than `row.version`.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn update(conn: &mut Conn, row: &SightingRow) -> Result<(), StoreError> {
    let before = sightings::version.eq(row.version - 1);
    let changed = diesel::update(sightings::table.filter(sightings::id.eq(&row.id).and(before)))
        .set(row)
        .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// Keeps others from linking sightings of this agency until the end of the transaction: two links that are good each by
/// itself may close a chain together. The embedded database has one writer anyway.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hold(conn: &mut Conn, agency: &str) -> Result<(), StoreError> {
    kept::update(
        agencies::table.find(agency),
        (agencies::name.eq(agencies::name),),
    )
    .execute(conn)?;
    Ok(())
}

/// That a platform came in by a sighting.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sighted_platforms)]
#[allow(missing_docs)]
pub struct SightedRow {
    pub platform_id: String,
    pub agency_id: String,
    pub sighting_id: String,
    pub sighted_at: i64,
}

/// Stores by which sighting a platform came in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn bring_in(conn: &mut Conn, row: &SightedRow) -> Result<(), StoreError> {
    diesel::insert_into(sighted_platforms::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// How many platforms an agency has brought in since an instant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn brought_in(conn: &mut Conn, agency: &str, since: i64) -> Result<i64, StoreError> {
    Ok(sighted_platforms::table
        .filter(sighted_platforms::agency_id.eq(agency))
        .filter(sighted_platforms::sighted_at.ge(since))
        .count()
        .get_result(conn)?)
}

/// An address that an agency found.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = found_contacts)]
#[allow(missing_docs)]
pub struct ContactRow {
    pub platform_id: String,
    pub agency_id: String,
    pub address: String,
    pub source: String,
    pub found_at: i64,
}

/// Stores an address; one that the agency has found before stays as it was.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn add_contact(conn: &mut Conn, row: &ContactRow) -> Result<(), StoreError> {
    let known: Option<String> = found_contacts::table
        .find((&row.platform_id, &row.agency_id, &row.address))
        .select(found_contacts::address)
        .first(conn)
        .optional()?;
    if known.is_none() {
        diesel::insert_into(found_contacts::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// The addresses that an agency found for these platforms, in the order in which it found them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn contacts(
    conn: &mut Conn,
    agency: &str,
    ids: &[String],
) -> Result<Vec<ContactRow>, StoreError> {
    Ok(found_contacts::table
        .filter(found_contacts::platform_id.eq_any(ids))
        .filter(found_contacts::agency_id.eq(agency))
        .order((found_contacts::found_at, found_contacts::address))
        .select(ContactRow::as_select())
        .load(conn)?)
}
