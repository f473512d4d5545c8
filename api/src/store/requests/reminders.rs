//! Whose reminder is due.

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
