//! What must still be told to somebody, and the exact mails that were sent.

use diesel::prelude::*;

use super::schema::{mails, outbox};
use super::{Conn, StoreError};

/// A notification. `facts` is JSON without locators, reasons or messages; the address is looked up when it is sent.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct OutboxRow {
    pub id: String,
    pub request_id: String,
    pub party_id: String,
    pub side: String,
    pub event: String,
    pub facts: String,
    pub status: String,
    pub attempts: i32,
    pub next_at: i64,
    pub lease: Option<String>,
    pub lease_until: i64,
    pub last_error: Option<String>,
    pub created_at: i64,
    pub settled_at: Option<i64>,
}

/// `pending`: to be sent, or being sent.
pub const PENDING: &str = "pending";
/// `sent`: handed to the mail server.
pub const SENT: &str = "sent";
/// `failed`: given up; shown to the operator and to the agency.
pub const FAILED: &str = "failed";

/// Stores a notification.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &OutboxRow) -> Result<(), StoreError> {
    diesel::insert_into(outbox::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Takes up to `limit` due notifications for the holder of `lease` until `until`.
///
/// Two nodes that look at the same time choose the same rows; the conditional update lets one of them have each. Rows
/// whose holder died are free again when their lease ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn lease(
    conn: &mut Conn,
    lease: &str,
    now: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let due: Vec<String> = outbox::table
        .filter(
            outbox::status
                .eq(PENDING)
                .and(outbox::next_at.le(now))
                .and(outbox::lease_until.le(now)),
        )
        .order(outbox::next_at)
        .limit(limit)
        .select(outbox::id)
        .load(conn)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    diesel::update(
        outbox::table.filter(
            outbox::id
                .eq_any(&due)
                .and(outbox::status.eq(PENDING))
                .and(outbox::lease_until.le(now)),
        ),
    )
    .set((outbox::lease.eq(lease), outbox::lease_until.eq(until)))
    .execute(conn)?;
    Ok(outbox::table
        .filter(outbox::id.eq_any(&due).and(outbox::lease.eq(lease)))
        .order(outbox::id)
        .select(OutboxRow::as_select())
        .load(conn)?)
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// Sent.
    Sent,
    /// To be tried again at this instant.
    Retry(i64, String),
    /// Given up.
    Failed(String),
}

/// Writes down how an attempt ended, if `lease` still holds the row.
///
/// # Errors
/// [`StoreError::Stale`] when another node has taken the row over.
pub fn settle(
    conn: &mut Conn,
    id: &str,
    lease: &str,
    settlement: &Settlement,
    now: i64,
) -> Result<(), StoreError> {
    let (status, next_at, error, settled_at) = match settlement {
        Settlement::Sent => (SENT, None, None, Some(now)),
        Settlement::Retry(at, why) => (PENDING, Some(*at), Some(why.clone()), None),
        Settlement::Failed(why) => (FAILED, None, Some(why.clone()), Some(now)),
    };
    let changed =
        diesel::update(outbox::table.filter(outbox::id.eq(id).and(outbox::lease.eq(lease))))
            .set((
                outbox::status.eq(status),
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::next_at.eq(next_at.unwrap_or(now)),
                outbox::lease.eq(None::<String>),
                outbox::lease_until.eq(0),
                outbox::last_error.eq(error),
                outbox::settled_at.eq(settled_at),
            ))
            .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// A mail exactly as it was handed over.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = mails)]
#[allow(missing_docs)]
pub struct MailRow {
    pub id: String,
    pub outbox_id: String,
    pub recipient: String,
    pub sent_at: i64,
    pub reply: String,
    pub raw: Vec<u8>,
}

/// Keeps a mail that was sent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep_mail(conn: &mut Conn, row: &MailRow) -> Result<(), StoreError> {
    diesel::insert_into(mails::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct Deliveries {
    /// Only those with this status.
    pub status: Option<String>,
    /// Only those about requests of this agency.
    pub agency: Option<String>,
    /// Only those about this request.
    pub request: Option<String>,
    /// Only those older than this identifier.
    pub before: Option<String>,
}

/// Deliveries, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn deliveries(
    conn: &mut Conn,
    which: &Deliveries,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    use super::schema::requests;
    let mut query = outbox::table
        .order(outbox::id.desc())
        .limit(limit)
        .select(OutboxRow::as_select())
        .into_boxed();
    if let Some(status) = &which.status {
        query = query.filter(outbox::status.eq(status.clone()));
    }
    if let Some(request) = &which.request {
        query = query.filter(outbox::request_id.eq(request.clone()));
    }
    if let Some(before) = &which.before {
        query = query.filter(outbox::id.lt(before.clone()));
    }
    if let Some(agency) = &which.agency {
        query = query.filter(
            outbox::request_id.eq_any(
                requests::table
                    .filter(requests::agency_id.eq(agency.clone()))
                    .select(requests::id),
            ),
        );
    }
    Ok(query.load(conn)?)
}

/// How many notifications wait, and how many were given up.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn counts(conn: &mut Conn) -> Result<(i64, i64), StoreError> {
    let pending = outbox::table
        .filter(outbox::status.eq(PENDING))
        .count()
        .get_result(conn)?;
    let failed = outbox::table
        .filter(outbox::status.eq(FAILED))
        .count()
        .get_result(conn)?;
    Ok((pending, failed))
}
