//! What the time brings: requests found by the instant at which something is due.

use diesel::prelude::*;

use crate::store::schema::requests;
use crate::store::{Conn, StoreError};

/// The requests whose reminder is due, with its mark, the longest due first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn to_remind(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(requests::table
        .filter(
            requests::remind_at
                .is_not_null()
                .and(requests::remind_at.le(now)),
        )
        .order(requests::remind_at)
        .limit(limit)
        .select((requests::id, requests::remind_at.assume_not_null()))
        .load(conn)?)
}

/// Notes that a reminder was queued; false when another node did so first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reminded(conn: &mut Conn, id: &str, remind_at: i64) -> Result<bool, StoreError> {
    let changed = diesel::update(
        requests::table.filter(requests::id.eq(id).and(requests::remind_at.eq(remind_at))),
    )
    .set(requests::remind_at.eq(None::<i64>))
    .execute(conn)?;
    Ok(changed == 1)
}

/// The requests whose preservation needs a look, with its mark, the longest due first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn preservation_due(
    conn: &mut Conn,
    now: i64,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(requests::table
        .filter(
            requests::preservation_due
                .is_not_null()
                .and(requests::preservation_due.le(now)),
        )
        .order(requests::preservation_due)
        .limit(limit)
        .select((requests::id, requests::preservation_due.assume_not_null()))
        .load(conn)?)
}

/// Puts another mark in the place of this one, or none: one that finds nothing to tell would be looked at in every run.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn preservation_looked_at(
    conn: &mut Conn,
    id: &str,
    mark: i64,
    next: Option<i64>,
) -> Result<(), StoreError> {
    let marked = requests::id.eq(id).and(requests::preservation_due.eq(mark));
    diesel::update(requests::table.filter(marked))
        .set(requests::preservation_due.eq(next))
        .execute(conn)?;
    Ok(())
}
