//! Checkpoints and what witnesses made of them.

use diesel::prelude::*;

use crate::store::schema::log_checkpoints;
use crate::store::update::update;
use crate::store::{Conn, StoreError};

/// A signed checkpoint, and how far witnesses are with it. `note` has their signatures.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = log_checkpoints)]
#[allow(missing_docs)]
pub struct CosignedRow {
    pub size: i64,
    pub note: String,
    pub witnessed_at: Option<i64>,
    pub cosigned_at: Option<i64>,
}

/// The checkpoint of this size.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, size: i64) -> Result<Option<CosignedRow>, StoreError> {
    Ok(log_checkpoints::table
        .find(size)
        .select(CosignedRow::as_select())
        .first(conn)
        .optional()?)
}

/// The newest that a witness has signed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn begun(conn: &mut Conn) -> Result<Option<CosignedRow>, StoreError> {
    Ok(log_checkpoints::table
        .filter(log_checkpoints::witnessed_at.is_not_null())
        .order(log_checkpoints::size.desc())
        .select(CosignedRow::as_select())
        .first(conn)
        .optional()?)
}

/// The newest that as many witnesses signed as the policy asked at the time.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest(conn: &mut Conn) -> Result<Option<CosignedRow>, StoreError> {
    Ok(log_checkpoints::table
        .filter(log_checkpoints::cosigned_at.is_not_null())
        .order(log_checkpoints::size.desc())
        .select(CosignedRow::as_select())
        .first(conn)
        .optional()?)
}

/// Those below `size` that a witness has signed, the newest first, at most `most`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn witnessed_below(
    conn: &mut Conn,
    size: i64,
    most: i64,
) -> Result<Vec<CosignedRow>, StoreError> {
    Ok(log_checkpoints::table
        .filter(log_checkpoints::witnessed_at.is_not_null())
        .filter(log_checkpoints::size.lt(size))
        .order(log_checkpoints::size.desc())
        .limit(most)
        .select(CosignedRow::as_select())
        .load(conn)?)
}

/// Puts a checkpoint with more signatures in the place of the same one.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else did so since `was` was read, and when the database fails.
pub fn cosign(conn: &mut Conn, was: &CosignedRow, now: &CosignedRow) -> Result<(), StoreError> {
    let same = log_checkpoints::table
        .filter(log_checkpoints::size.eq(was.size))
        .filter(log_checkpoints::note.eq(&was.note));
    let more = (
        log_checkpoints::note.eq(&now.note),
        log_checkpoints::witnessed_at.eq(now.witnessed_at),
        log_checkpoints::cosigned_at.eq(now.cosigned_at),
    );
    match update(same, more).execute(conn)? {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}

/// Size, time of signing, and whether witnesses signed, of the checkpoints behind `after` that were signed before `before`,
/// the smallest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn old(
    conn: &mut Conn,
    after: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<(i64, i64, bool)>, StoreError> {
    Ok(log_checkpoints::table
        .filter(log_checkpoints::size.gt(after))
        .filter(log_checkpoints::signed_at.lt(before))
        .order(log_checkpoints::size)
        .limit(limit)
        .select((
            log_checkpoints::size,
            log_checkpoints::signed_at,
            log_checkpoints::cosigned_at.is_not_null(),
        ))
        .load(conn)?)
}

/// Forgets these checkpoints; how many there were.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, sizes: &[i64]) -> Result<usize, StoreError> {
    let these = log_checkpoints::table.filter(log_checkpoints::size.eq_any(sizes));
    Ok(diesel::delete(these).execute(conn)?)
}
