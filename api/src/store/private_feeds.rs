//! Secret addresses at which a party's inbox is read as a feed.

use diesel::prelude::*;

use super::schema::private_feeds;
use super::{Conn, StoreError};

/// A private feed as stored: of its secret only the SHA-256.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = private_feeds, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct FeedRow {
    pub id: String,
    pub party_id: String,
    pub client_id: String,
    pub digest: Vec<u8>,
    pub description: String,
    pub created_at: i64,
}

/// Stores one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &FeedRow) -> Result<(), StoreError> {
    diesel::insert_into(private_feeds::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// How many a party has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(conn: &mut Conn, party: &str) -> Result<i64, StoreError> {
    Ok(private_feeds::table
        .filter(private_feeds::party_id.eq(party))
        .count()
        .get_result(conn)?)
}

/// A party's feeds after `after`, in the order in which they were opened.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    party: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<FeedRow>, StoreError> {
    Ok(private_feeds::table
        .filter(private_feeds::party_id.eq(party))
        .filter(private_feeds::id.gt(after.unwrap_or_default()))
        .order(private_feeds::id)
        .limit(limit)
        .select(FeedRow::as_select())
        .load(conn)?)
}

/// Everybody's feeds after `after`, in the order in which they were opened.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn all(conn: &mut Conn, after: Option<&str>, limit: i64) -> Result<Vec<FeedRow>, StoreError> {
    Ok(private_feeds::table
        .filter(private_feeds::id.gt(after.unwrap_or_default()))
        .order(private_feeds::id)
        .limit(limit)
        .select(FeedRow::as_select())
        .load(conn)?)
}

/// The feed with this digest.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<FeedRow>, StoreError> {
    Ok(private_feeds::table
        .filter(private_feeds::digest.eq(digest))
        .select(FeedRow::as_select())
        .first(conn)
        .optional()?)
}

/// Removes one of a party's feeds; false when there is none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn remove(conn: &mut Conn, party: &str, id: &str) -> Result<bool, StoreError> {
    let one = private_feeds::table
        .filter(private_feeds::id.eq(id))
        .filter(private_feeds::party_id.eq(party));
    Ok(diesel::delete(one).execute(conn)? == 1)
}
