//! The counter of registry changes, and the keys that the nodes publish.

use diesel::prelude::*;

use super::schema::{registry_state, signing_keys};
use super::{Conn, StoreError};

/// How often agencies, platforms or clients were changed. What a node remembers of them is valid for one number.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(registry_state::table
        .select(registry_state::version)
        .first(conn)?)
}

/// Counts a change.
pub(super) fn touch(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::update(registry_state::table)
        .set(registry_state::version.eq(registry_state::version + 1))
        .execute(conn)?;
    Ok(())
}

/// The public half of a node's token key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
#[allow(missing_docs)]
pub struct KeyRow {
    pub kid: String,
    pub public_key: String,
    pub created_at: i64,
    pub seen_at: i64,
}

/// Publishes a key, or says that it is still in use.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn publish_key(conn: &mut Conn, row: &KeyRow) -> Result<(), StoreError> {
    let known = diesel::update(signing_keys::table.find(&row.kid))
        .set(signing_keys::seen_at.eq(row.seen_at))
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(signing_keys::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets keys that no node has said to use since `seen_before`; no token of theirs can still be valid.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_keys(conn: &mut Conn, seen_before: i64) -> Result<usize, StoreError> {
    Ok(
        diesel::delete(signing_keys::table.filter(signing_keys::seen_at.lt(seen_before)))
            .execute(conn)?,
    )
}

/// The keys in use since `seen_since`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keys(conn: &mut Conn, seen_since: i64) -> Result<Vec<KeyRow>, StoreError> {
    Ok(signing_keys::table
        .filter(signing_keys::seen_at.ge(seen_since))
        .order(signing_keys::kid)
        .select(KeyRow::as_select())
        .load(conn)?)
}
