//! What became of each message of a webhook.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::store::schema::{feed, webhook_deliveries};
use crate::store::{Conn, StoreError};

/// To be sent, or to be sent again.
pub const PENDING: &str = "pending";
/// Answered with 2xx.
pub const DELIVERED: &str = "delivered";
/// Given up.
pub const FAILED: &str = "failed";

/// A message and what became of it. `answer` is the beginning of what its last attempt was answered with.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct DeliveryRow {
    pub webhook_id: String,
    pub message_id: String,
    pub position: Option<i64>,
    pub event: String,
    pub status: String,
    pub attempts: i32,
    pub next_at: i64,
    pub created_at: i64,
    pub tried_at: Option<i64>,
    pub http_status: Option<i32>,
    pub answer: Option<String>,
    pub error: Option<String>,
    pub took_ms: Option<i32>,
}

/// `status = 'pending'` in the words of the partial index.
fn is_pending() -> SqlLiteral<Bool> {
    sql("webhook_deliveries.status = 'pending'")
}

/// Messages of a webhook that are to be sent again by now, those first that are longest due.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn due(
    conn: &mut Conn,
    webhook: &str,
    now: i64,
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook))
        .filter(is_pending().and(webhook_deliveries::next_at.le(now)))
        .order(webhook_deliveries::next_at)
        .limit(limit)
        .select(DeliveryRow::as_select())
        .load(conn)?)
}

/// When the next message of a webhook is to be sent again.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn next_due(conn: &mut Conn, webhook: &str) -> Result<Option<i64>, StoreError> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook))
        .filter(is_pending())
        .order(webhook_deliveries::next_at)
        .select(webhook_deliveries::next_at)
        .first(conn)
        .optional()?)
}

/// What stands at these positions of a party's feed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries(
    conn: &mut Conn,
    party: &str,
    positions: &[i64],
) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(feed::table
        .filter(feed::party_id.eq(party))
        .filter(feed::position.eq_any(positions))
        .select((feed::position, feed::entry))
        .load(conn)?)
}

/// What stands at one position of a party's feed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entry(conn: &mut Conn, party: &str, position: i64) -> Result<Option<String>, StoreError> {
    Ok(feed::table
        .find((party, position))
        .select(feed::entry)
        .first(conn)
        .optional()?)
}

/// Lets a message be sent once more, from the beginning of the schedule; false when there is none of that name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn again(conn: &mut Conn, webhook: &str, message: &str, now: i64) -> Result<bool, StoreError> {
    let changed = diesel::update(webhook_deliveries::table.find((webhook, message)))
        .set((
            webhook_deliveries::status.eq(PENDING),
            webhook_deliveries::attempts.eq(0),
            webhook_deliveries::next_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Messages of a webhook before `before`, newest first; with one status only, if it is given.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    webhook: &str,
    status: Option<&str>,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook.to_owned()))
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(webhook_deliveries::status.eq(status.to_owned()));
    }
    if let Some(before) = before {
        query = query.filter(webhook_deliveries::message_id.lt(before.to_owned()));
    }
    Ok(query
        .order(webhook_deliveries::message_id.desc())
        .limit(limit)
        .select(DeliveryRow::as_select())
        .load(conn)?)
}

/// Forgets up to `limit` messages that are older than `before` and not to be sent any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, before: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<(String, String)> = webhook_deliveries::table
        .filter(webhook_deliveries::created_at.lt(before))
        .filter(webhook_deliveries::status.ne(PENDING))
        .order(webhook_deliveries::created_at)
        .limit(limit)
        .select((
            webhook_deliveries::webhook_id,
            webhook_deliveries::message_id,
        ))
        .load(conn)?;
    for (webhook, message) in &old {
        diesel::delete(webhook_deliveries::table.find((webhook, message))).execute(conn)?;
    }
    Ok(old.len())
}
