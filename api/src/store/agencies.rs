//! Rows of agencies.

use diesel::prelude::*;

use super::schema::agencies;
use super::{Conn, StoreError, registry};

/// An agency as stored. JSON columns are text; `verification` is a `takedown_core::agency::Verification`, `notification` its
/// `takedown_core::platform::Wishes`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agencies, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct AgencyRow {
    pub id: String,
    pub name: String,
    pub country: String,
    pub agency_type: String,
    pub status: String,
    pub suspension_reason: Option<String>,
    pub complaints: String,
    pub mail: String,
    pub language: String,
    pub time_zone: String,
    pub verification: Option<String>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    pub naming_agreed: bool,
    /// The names of instruments as a JSON array.
    pub scrutinises: String,
    pub signature_required: bool,
    pub notification: Option<String>,
}

/// The agency with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<AgencyRow>, StoreError> {
    Ok(agencies::table
        .find(id)
        .select(AgencyRow::as_select())
        .first(conn)
        .optional()?)
}

/// Agencies in the order of their identifiers, after `after`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<AgencyRow>, StoreError> {
    Ok(agencies::table
        .filter(agencies::id.gt(after.unwrap_or_default().to_owned()))
        .order(agencies::id)
        .limit(limit)
        .select(AgencyRow::as_select())
        .load(conn)?)
}

/// Stores a new agency together with its feed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &AgencyRow) -> Result<(), StoreError> {
    diesel::insert_into(agencies::table)
        .values(row)
        .execute(conn)?;
    super::feed::open(conn, &row.id)?;
    registry::touch(conn)
}

/// Replaces the row whose version is one less than `row.version`.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn update(conn: &mut Conn, row: &AgencyRow) -> Result<(), StoreError> {
    let changed = diesel::update(
        agencies::table.filter(
            agencies::id
                .eq(&row.id)
                .and(agencies::version.eq(row.version - 1)),
        ),
    )
    .set(row)
    .execute(conn)?;
    if changed != 1 {
        return Err(StoreError::Stale);
    }
    registry::touch(conn)
}

/// From when on the last reminder was due that its verification ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reminded_of(conn: &mut Conn, id: &str) -> Result<Option<i64>, StoreError> {
    let found: Option<Option<i64>> = agencies::table
        .find(id)
        .select(agencies::verification_reminded)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}

/// Notes a reminder by the instant from which on it was due; false when it or a later one was noted before: marks only grow, since
/// the clock of another node may be behind.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn remind(conn: &mut Conn, id: &str, due: i64) -> Result<bool, StoreError> {
    let unsaid = agencies::verification_reminded
        .is_null()
        .or(agencies::verification_reminded.lt(due));
    let noted = diesel::update(agencies::table.filter(agencies::id.eq(id)).filter(unsaid))
        .set(agencies::verification_reminded.eq(Some(due)))
        .execute(conn)?;
    Ok(noted == 1)
}
