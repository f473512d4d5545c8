//! Claims of platforms, and when each host was looked at last.

use diesel::prelude::*;

use super::schema::{answer_links, claim_looks, claims, clients};
use super::update as kept;
use super::{Conn, StoreError};

/// A claim as stored; see the migration.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct ClaimRow {
    pub id: String,
    pub platform_id: String,
    pub host: String,
    pub claimant: String,
    pub code: String,
    pub status: String,
    pub started_at: i64,
    pub expires_at: i64,
    pub looks: i32,
    pub looked_at: Option<i64>,
    pub found: String,
    pub method: Option<String>,
    pub proved_at: Option<i64>,
    pub client_id: Option<String>,
    pub ticket: Option<Vec<u8>>,
}

/// Stores a claim, and that its host may be looked at.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &ClaimRow) -> Result<(), StoreError> {
    diesel::insert_into(claims::table)
        .values(row)
        .execute(conn)?;
    let never = (
        claim_looks::host.eq(&row.host),
        claim_looks::looked_at.eq(0),
    );
    kept::upsert(
        diesel::insert_into(claim_looks::table).values(never),
        &["host"],
        (claim_looks::host.eq(&row.host),),
    )
    .execute(conn)?;
    Ok(())
}

/// The claim with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<ClaimRow>, StoreError> {
    Ok(claims::table
        .find(id)
        .select(ClaimRow::as_select())
        .first(conn)
        .optional()?)
}

/// The newest claim of a platform by one claimant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest(
    conn: &mut Conn,
    platform: &str,
    claimant: &str,
) -> Result<Option<ClaimRow>, StoreError> {
    Ok(claims::table
        .filter(claims::platform_id.eq(platform))
        .filter(claims::claimant.eq(claimant))
        .order(claims::id.desc())
        .select(ClaimRow::as_select())
        .first(conn)
        .optional()?)
}

/// How many claims of a platform one claimant began since an instant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn begun_since(
    conn: &mut Conn,
    (platform, claimant): (&str, &str),
    since: i64,
) -> Result<i64, StoreError> {
    Ok(claims::table
        .filter(claims::platform_id.eq(platform))
        .filter(claims::claimant.eq(claimant))
        .filter(claims::started_at.ge(since))
        .count()
        .get_result(conn)?)
}

/// Claims in the order in which they were begun, after `after`: in one state, or in all.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    status: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<ClaimRow>, StoreError> {
    let mut query = claims::table
        .filter(claims::id.gt(after.unwrap_or_default().to_owned()))
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(claims::status.eq(status.to_owned()));
    }
    Ok(query
        .order(claims::id)
        .limit(limit)
        .select(ClaimRow::as_select())
        .load(conn)?)
}

/// Notes that the host of a claim is looked at now; false when it was since `before`, whoever asked for it, or the claim was
/// looked at as often as may be.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn begin_look(
    conn: &mut Conn,
    (id, host): (&str, &str),
    most: i32,
    (before, now): (i64, i64),
) -> Result<bool, StoreError> {
    let rested = claim_looks::host
        .eq(host)
        .and(claim_looks::looked_at.le(before));
    let free = kept::update(
        claim_looks::table.filter(rested),
        (claim_looks::looked_at.eq(now),),
    )
    .execute(conn)?;
    if free == 0 {
        return Ok(false);
    }
    let left = claims::id.eq(id).and(claims::looks.lt(most));
    let counted = kept::update(
        claims::table.filter(left),
        (
            claims::looks.eq(claims::looks + 1),
            claims::looked_at.eq(Some(now)),
        ),
    )
    .execute(conn)?;
    Ok(counted == 1)
}

/// Replaces a claim that is still in the state in which it was read; false when it is not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn update(conn: &mut Conn, row: &ClaimRow, was: &str) -> Result<bool, StoreError> {
    let same = claims::id.eq(&row.id).and(claims::status.eq(was));
    let changed = diesel::update(claims::table.filter(same))
        .set(row)
        .execute(conn)?;
    Ok(changed == 1)
}

/// Whether any program was ever registered to act for a platform, a suspended one included.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn has_spokesman(conn: &mut Conn, platform: &str) -> Result<bool, StoreError> {
    let some: Option<String> = clients::table
        .filter(clients::platform_id.eq(platform))
        .filter(clients::role.eq("platform"))
        .select(clients::id)
        .first(conn)
        .optional()?;
    Ok(some.is_some())
}

/// The mailboxes from whose links something was sent about a platform.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn answered(conn: &mut Conn, platform: &str) -> Result<Vec<String>, StoreError> {
    Ok(answer_links::table
        .filter(answer_links::platform_id.eq(platform))
        .filter(answer_links::uses.gt(0))
        .select(answer_links::contact)
        .distinct()
        .load(conn)?)
}

/// Ends every answer link to a platform.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn end_links(conn: &mut Conn, platform: &str, now: i64) -> Result<usize, StoreError> {
    let its = answer_links::table
        .filter(answer_links::platform_id.eq(platform))
        .filter(answer_links::revoked_at.is_null());
    Ok(diesel::update(its)
        .set(answer_links::revoked_at.eq(Some(now)))
        .execute(conn)?)
}

/// Forgets claims that came to nothing and ended before `before`, at most `limit`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, before: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<String> = claims::table
        .filter(claims::expires_at.lt(before))
        .filter(claims::status.eq("open"))
        .order(claims::expires_at)
        .limit(limit)
        .select(claims::id)
        .load(conn)?;
    Ok(diesel::delete(claims::table.filter(claims::id.eq_any(&old))).execute(conn)?)
}
