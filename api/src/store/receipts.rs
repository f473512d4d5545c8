//! Which entries a receipt is for, where they are too many to be named with the answer.

use diesel::prelude::*;

use super::schema::receipts;
use super::{Conn, StoreError};

/// Keeps the names of the entries of a receipt, in their order. What is kept already stays.
///
/// # Errors
/// [`StoreError::Exists`] when another call for the same entries was faster; [`StoreError`] when the database fails.
pub fn keep(conn: &mut Conn, root: &[u8], entries: &str, at: i64) -> Result<(), StoreError> {
    if find(conn, root)?.is_none() {
        diesel::insert_into(receipts::table)
            .values((
                receipts::root.eq(root),
                receipts::entries.eq(entries),
                receipts::at.eq(at),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The names of the entries of the receipt with this root.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, root: &[u8]) -> Result<Option<String>, StoreError> {
    Ok(receipts::table
        .find(root)
        .select(receipts::entries)
        .first(conn)
        .optional()?)
}

/// Forgets up to `limit` of them that are older than `since`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, since: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<Vec<u8>> = receipts::table
        .filter(receipts::at.lt(since))
        .order(receipts::at)
        .limit(limit)
        .select(receipts::root)
        .load(conn)?;
    Ok(diesel::delete(receipts::table.filter(receipts::root.eq_any(&old))).execute(conn)?)
}
