//! First answers, kept so that a repeated call gets the same one.

use diesel::prelude::*;

use super::schema::idempotency;
use super::{Conn, StoreError};

/// The first answer to a client's key. `fingerprint` is a digest of method, path and body.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct AnswerRow {
    pub client_id: String,
    pub key: String,
    pub fingerprint: Vec<u8>,
    pub status: i32,
    pub headers: String,
    pub body: String,
    pub created_at: i64,
    /// The names of the entries it is about, separated by spaces.
    pub entries: String,
}

/// The answer kept for a key since `since`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(
    conn: &mut Conn,
    client: &str,
    key: &str,
    since: i64,
) -> Result<Option<AnswerRow>, StoreError> {
    Ok(idempotency::table
        .find((client, key))
        .filter(idempotency::created_at.ge(since))
        .select(AnswerRow::as_select())
        .first(conn)
        .optional()?)
}

/// Keeps an answer; one that has outlived `since` gives way.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::IdempotencyKey`] when another call with the key came first.
pub fn keep(conn: &mut Conn, row: &AnswerRow, since: i64) -> Result<(), StoreError> {
    diesel::delete(
        idempotency::table
            .find((&row.client_id, &row.key))
            .filter(idempotency::created_at.lt(since)),
    )
    .execute(conn)?;
    diesel::insert_into(idempotency::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Forgets up to `limit` answers older than `since`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, since: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<(String, String)> = idempotency::table
        .filter(idempotency::created_at.lt(since))
        .order(idempotency::created_at)
        .limit(limit)
        .select((idempotency::client_id, idempotency::key))
        .load(conn)?;
    for (client, key) in &old {
        diesel::delete(idempotency::table.find((client, key))).execute(conn)?;
    }
    Ok(old.len())
}
